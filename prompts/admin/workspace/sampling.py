"""For which call a preview is made: a business's own prompt knows it, the platform's asks."""

from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from prompts.admin import rights
from prompts.admin.places.place import Calls, Place
from prompts.domain.kinds import Direction
from prompts.domain.profile import Profile
from prompts.domain.roles import Right
from prompts.models import Business

from .rehearsing import NOBODY

UNKNOWN = "unknown"  # in the address
# Nobody's: it shows how a caller's card is told.
SAMPLE = Profile(
    name="Dana Levi",
    form_of_address="Mrs. Levi",
    language="he",
    pace="slow",
    preferences=("Morning appointments",),
    remembered_facts=("Asked about parking in the last call",),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A call that begins now; without ``calls`` nobody has chosen one yet that can be."""

    calls: Calls | None
    caller: Profile
    form: forms.Form | None = None

    @property
    def knows_caller(self) -> bool:
        """Whether something is known of who calls."""
        return self.caller is SAMPLE


class SampleForm(forms.Form):
    """A business, a direction and a caller."""

    business = forms.ModelChoiceField(
        label=_("Business"), queryset=Business.objects.none(), empty_label=None
    )
    direction = forms.ChoiceField(
        label=_("Direction"),
        choices=[
            (Direction.INBOUND.value, _("Customers call us")),
            (Direction.OUTBOUND.value, _("We call customers")),
        ],
    )
    caller = forms.ChoiceField(
        label=_("Caller"), choices=[("", _("A sample")), (UNKNOWN, _("Not known"))], required=False
    )


def sample(request: HttpRequest, place: Place) -> Sample:
    """The call that the page asks for, or the first that can be shown."""
    caller = NOBODY if request.GET.get("caller") == UNKNOWN else SAMPLE
    if place.calls:
        return Sample(place.calls, caller)
    form = _form(request, place.direction)
    return Sample(_chosen(form, place.direction), caller, form)


def _form(request: HttpRequest, direction: Direction | None) -> SampleForm:
    """The form as it was sent, the first business and direction where nothing was."""
    businesses = rights.businesses(request, Right.READ)
    first = businesses.first()
    form = SampleForm(
        {
            "business": first.pk if first else "",
            "direction": Direction.INBOUND.value,
            **request.GET.dict(),
        }
    )
    cast(Any, form.fields["business"]).queryset = businesses
    if direction:  # there is nothing to choose
        del form.fields["direction"]
    return form


def _chosen(form: SampleForm, direction: Direction | None) -> Calls | None:
    if not form.is_valid():
        return None
    chosen = form.cleaned_data
    return Calls(chosen["business"], direction or Direction(chosen["direction"]))
