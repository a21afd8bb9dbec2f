"""The refused webhooks of everybody, for whoever looks after the installation."""

from datetime import datetime

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from calls.models import WebhookRefusal
from prompts.admin.base import ReadOnlyAdmin, in_zone


@admin.register(WebhookRefusal)
class WebhookRefusalAdmin(ReadOnlyAdmin[WebhookRefusal]):
    """Also those whose address names no business."""

    list_display = ("when", "business_id", "path", "cause")
    list_per_page = 50

    @admin.display(description=in_zone(_("Time")), ordering="at")
    def when(self, refusal: WebhookRefusal) -> datetime:
        """When it was refused."""
        return refusal.at
