"""The refused webhooks of everybody, for whoever looks after the installation."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from calls.models import WebhookRefusal
from prompts.admin.base import ReadOnlyAdmin, in_zone, told


@admin.register(WebhookRefusal)
class WebhookRefusalAdmin(ReadOnlyAdmin[WebhookRefusal]):
    """Also those whose address names no business."""

    fields = list_display = ("when", "business_id", "where", "why")
    list_per_page = 50

    @admin.display(description=in_zone(_("Time")), ordering="at")
    def when(self, refusal: WebhookRefusal) -> str:
        """When it was refused."""
        return told(refusal.at)

    @admin.display(description=_("Path"))
    def where(self, refusal: WebhookRefusal) -> SafeString:
        """What was asked for."""
        return format_html('<bdi dir="ltr">{}</bdi>', refusal.path)

    @admin.display(description=_("Cause"))
    def why(self, refusal: WebhookRefusal) -> SafeString:
        """Why it was refused, as it was written down then; our own sentences in any language."""
        return format_html("<bdi>{}</bdi>", gettext(refusal.cause))
