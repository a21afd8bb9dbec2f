"""Writing down on whose page personal data was shown; the page is not shown unless it is."""

from collections.abc import Iterable

from django.db.models import Model
from django.http import HttpRequest

from prompts.models import Business
from prompts.services.reads import Look, Sight, record_read

from . import rights

__all__ = ["Look", "note_list", "note_read"]


def note_read(request: HttpRequest, business: Business | None, look: Look, row: Model) -> None:
    """Write down that the person who asks is shown ``row``."""
    record_read(business=business, sight=Sight.of(look, row), actor=rights.person(request))


def note_list(
    request: HttpRequest, business: Business | None, look: Look, kind: str, names: Iterable[str]
) -> None:
    """Write down that the person is shown some of each of several rows, by their names."""
    sight = Sight(look, kind, detail=", ".join(names))
    record_read(business=business, sight=sight, actor=rights.person(request))
