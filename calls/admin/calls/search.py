"""The form above the list of calls: what is looked for, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.domain.notes import tag_key
from calls.domain.periods import Period
from calls.domain.spelling import Fault, NoNumber, Sought, number_sought, words_sought
from calls.finding import Search
from calls.models.choices import DIRECTIONS, END_REASONS
from prompts.models import Business

from .days import DayField

ANY = [("", gettext_lazy("Any"))]
HOURS = [(str(hour), f"{hour:02d}:00–{hour:02d}:59") for hour in range(24)]
MOST = 2**31 - 1

NUMBER_FAULTS = {
    Fault.LETTERS: gettext_lazy(
        "“%(typed)s” is no telephone number: write digits only, in any spelling, or a call SID."
    ),
    Fault.TOO_SHORT: gettext_lazy("Write at least the last four digits of the number."),
    Fault.TOO_LONG: gettext_lazy("“%(typed)s” is too long: a number has at most 15 digits."),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that the list is narrowed by, and the address of the list without it."""

    label: str
    value: str
    without: str


class SearchForm(forms.Form):
    """Every field narrows; an empty one does not."""

    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("In any spelling, or its last four digits."),
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel", "autocomplete": "off"}),
    )
    words = forms.CharField(
        label=gettext_lazy("Words said"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("By the caller or the agent."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    day = DayField(
        label=gettext_lazy("Day"),
        required=False,
        help_text=gettext_lazy("On the clock of the business."),
    )
    until = DayField(
        label=gettext_lazy("Until day"),
        required=False,
        help_text=gettext_lazy("For more than one day."),
    )
    hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour"), choices=[*ANY, *HOURS], coerce=int, required=False
    )
    business = forms.ModelChoiceField(
        label=gettext_lazy("Business"),
        queryset=Business.objects.none(),
        empty_label=ANY[0][1],
        required=False,
    )
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=[*ANY, *DIRECTIONS], required=False
    )
    version = forms.CharField(
        label=gettext_lazy("Version"),
        max_length=12,
        required=False,
        help_text=gettext_lazy("Such as 12 or v12."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    tag = forms.CharField(
        label=gettext_lazy("Tag"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("As staff wrote it at the call."),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "list": "tags-known"}),
    )
    end = forms.ChoiceField(
        label=gettext_lazy("How it ended"), choices=[*ANY, *END_REASONS], required=False
    )
    unconfirmed = forms.BooleanField(label=gettext_lazy("Spoken while unconfirmed"), required=False)
    going_on = forms.BooleanField(label=gettext_lazy("In progress now"), required=False)

    # What is asked most stands in sight, the rest is folded away until it is used.
    first_names = ("number", "words", "day", "business")

    def __init__(self, typed: QueryDict, businesses: QuerySet[Business]) -> None:
        """Offer the businesses whose calls the person may read."""
        super().__init__(typed, label_suffix="")
        choice = cast("forms.ModelChoiceField[Business]", self.fields["business"])
        choice.queryset = businesses.order_by("name", "pk")

    def clean_number(self) -> Sought | None:
        """A number, the end of one, or a call SID."""
        typed: str = self.cleaned_data["number"]
        try:
            return number_sought(typed) if typed else None
        except NoNumber as error:
            sentence = str(NUMBER_FAULTS[error.fault])
            raise ValidationError(sentence, params={"typed": typed}) from error

    def clean_words(self) -> str:
        """The words as they are looked for; of invisible signs alone nothing is left."""
        return words_sought(self.cleaned_data["words"])

    def clean_version(self) -> int | None:
        """The number of a version, as people write it."""
        typed = self.cleaned_data["version"].strip().removeprefix("v").removeprefix("V")
        if not typed:
            return None
        if not (typed.isdecimal() and 0 < int(typed) <= MOST):
            raise ValidationError(_("Write the version's number, such as 12 or v12."))
        return int(typed)

    def clean_tag(self) -> str:
        """What is equal for a tag in capital and in small letters."""
        return tag_key(self.cleaned_data["tag"])

    def clean(self) -> dict[str, Any]:
        """An hour needs its day, and days come in their order."""
        day, until = self.cleaned_data.get("day"), self.cleaned_data.get("until")
        if until and "day" in self.cleaned_data and not day:
            self.add_error("day", _("Choose the first day as well."))
        if day and until and until < day:
            self.add_error("until", _("Choose a day that is not before the first one."))
        if self.cleaned_data.get("hour") not in (None, ""):
            self._judge_hour(day, until)
        return self.cleaned_data

    def _judge_hour(self, day: date | None, until: date | None) -> None:
        if not day and "day" not in self.errors:
            self.add_error("hour", _("Choose the day of this hour as well."))
        elif day and until and until != day:
            self.add_error("hour", _("An hour is of one day: leave the second day out."))

    def search(self) -> Search:
        """What a valid form looks for."""
        values = self.cleaned_data
        first, hour = values["day"], values["hour"]
        period = Period(first, values["until"] or first, None if hour == "" else hour)
        return Search(
            number=values["number"],
            words=values["words"],
            period=period if first else None,
            business=values["business"],
            direction=values["direction"],
            version=values["version"],
            tag=values["tag"],
            end_reason=values["end"],
            unconfirmed=values["unconfirmed"],
            going_on=values["going_on"],
        )

    @property
    def is_narrowed_further(self) -> bool:
        """Whether a condition that is folded away is used or has a fault."""
        return any(bound.data for bound in self if bound.name not in self.first_names)

    def conditions(self, address: QueryDict) -> Iterator[Condition]:
        """Everything that narrows the list at ``address``, each with the way to be rid of it."""
        for bound in self:
            if bound.name not in self.errors and bound.data:
                others = address.copy()
                others.pop(bound.name, None)
                others.pop("p", None)
                yield Condition(str(bound.label), self._shown(bound.name), f"?{others.urlencode()}")

    def _shown(self, name: str) -> str:
        """A value in the words of the form; nothing where the label says it all."""
        value, field = self.cleaned_data[name], self.fields[name]
        if isinstance(value, date):
            return formats.date_format(value)
        if isinstance(value, Business):
            return value.name
        if isinstance(field, forms.ChoiceField):
            return str(dict(cast(Any, field.choices))[str(value)])
        return "" if isinstance(field, forms.BooleanField) else str(self.data[name])
