"""What a person looks for in a trail of entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.admin.pages.page import zone_of
from prompts.domain.moments import resolve
from prompts.models import Business

PLATFORM = "platform"
YEARS = range(1970, 3000)  # far from the ends of what a clock can tell in every zone
Names = Mapping[str, Promise]
Choices = list[tuple[str, Any]]


class LocalTime(forms.CharField):
    """A date and a time of day without a zone, as a browser's own field gives them."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"})

    def to_python(self, value: Any) -> Any:
        """The time as typed; None when nothing was."""
        typed = super().to_python(value)
        if not typed:
            return None
        try:
            found = parse_datetime(typed)
        except ValueError:
            found = None
        if found is None or found.tzinfo is not None or found.year not in YEARS:
            raise ValidationError(_("Write a date and a time such as 2026-03-01 14:05."))
        return found


class TrailForm(forms.Form):
    """The filters of a list; everything is optional."""

    business = forms.ChoiceField(label=gettext_lazy("Business"), required=False)
    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    thing = forms.ChoiceField(label=gettext_lazy("Object"), required=False)
    action = forms.ChoiceField(label=gettext_lazy("Action"), required=False)
    begins = LocalTime(label=gettext_lazy("From"), required=False)
    ends = LocalTime(label=gettext_lazy("Until"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Reason or request"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "dir": "auto"}),
    )
    row = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        businesses: Sequence[Business],
        people: Sequence[str],
        things: Names,
        actions: Names,
        sees_platform: bool,
    ) -> None:
        """Offer what this person can find."""
        super().__init__(data)
        self.businesses = {str(one.pk): one for one in businesses}
        self._offer("business", _("All"), [(pk, one.name) for pk, one in self.businesses.items()])
        if sees_platform:
            self._offered("business").insert(1, (PLATFORM, _("The platform")))
        self._offer("person", _("Everybody"), [(name, name) for name in people])
        self._offer("thing", _("Everything"), list(things.items()))
        self._offer("action", _("All"), list(actions.items()))

    def clean(self) -> dict[str, Any]:
        """Refuse a span that holds nothing."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = values.get("begins"), values.get("ends")
        if begins and ends and ends < begins:
            self.add_error("ends", _("This lies before the time in “From”."))
        return values

    @property
    def chosen_business(self) -> Business | None:
        """The one business whose entries are looked for."""
        if not self.is_valid():
            return None
        return self.businesses.get(self.cleaned_data["business"])

    @property
    def zone(self) -> str:
        """The zone in which times are typed and told."""
        return zone_of(self.chosen_business)

    def found(self, rows: QuerySet[Any], search: Sequence[str]) -> QuerySet[Any]:
        """The rows that are looked for; none while a filter makes no sense."""
        if not self.is_valid():
            return rows.none()
        values = self.cleaned_data
        return rows.filter(
            self._of_business(values["business"]),
            _equals("actor_name", values["person"]),
            _equals("object_type", values["thing"]),
            _equals("object_id", values["row"]),
            _equals("action", values["action"]),
            _between(values["begins"], values["ends"], ZoneInfo(self.zone)),
            _says(values["words"], search),
        )

    def described(self) -> dict[str, str]:
        """What was looked for, as the record of an export keeps it."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def _of_business(self, chosen: str) -> Q:
        if chosen == PLATFORM:
            return Q(business=None)
        return _equals("business", chosen)

    def _offer(self, name: str, anything: str, choices: Choices) -> None:
        field: Any = self.fields[name]
        field.choices = [("", anything), *choices]

    def _offered(self, name: str) -> Choices:
        field: Any = self.fields[name]
        choices: Choices = field.choices
        return choices


def _equals(field: str, value: str) -> Q:
    return Q(**{field: value}) if value else Q()


def _between(begins: datetime | None, ends: datetime | None, zone: tzinfo) -> Q:
    """From the first to the last moment that the typed times can mean."""
    found = Q()
    if begins:
        found &= Q(at__gte=resolve(begins, zone).at)
    if ends:
        found &= Q(at__lte=resolve(ends, zone, again=True).at)
    return found


def _says(words: str, search: Sequence[str]) -> Q:
    found = Q()
    for field in search if words else ():
        found |= Q(**{f"{field}__icontains": words})
    return found
