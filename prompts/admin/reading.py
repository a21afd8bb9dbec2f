"""Writing down on whose page personal data was shown; the page is not shown unless it is."""

from django.db.models import Model
from django.http import HttpRequest

from prompts.models import Business
from prompts.services.reads import Look, Sight, record_read

from . import rights

__all__ = ["Look", "note_read"]


def note_read(request: HttpRequest, business: Business | None, look: Look, row: Model) -> None:
    """Write down that the person who asks is shown ``row``."""
    record_read(business=business, sight=Sight.of(look, row), actor=rights.person(request))
