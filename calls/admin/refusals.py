"""The refused webhooks of everybody, for whoever looks after the installation."""

from django.contrib import admin

from calls.models import WebhookRefusal
from prompts.admin.base import ReadOnlyAdmin


@admin.register(WebhookRefusal)
class WebhookRefusalAdmin(ReadOnlyAdmin[WebhookRefusal]):
    """Also those whose address names no business."""

    list_display = ("at", "business_id", "path", "cause")
    list_per_page = 50
