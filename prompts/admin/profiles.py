"""The forms about opening hours and callers; they gather words, and the services judge them."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prompts.domain.hours import CLOSED, KEYS
from prompts.domain.profile import LISTS, PACES, Profile
from prompts.validation import validate_day

from .forms import NUMBER, Reason, Words

WIDE = {"class": "vTextField va-wide", "dir": "auto"}
DAYS = dict(
    zip(
        KEYS,
        (
            _("Monday"),
            _("Tuesday"),
            _("Wednesday"),
            _("Thursday"),
            _("Friday"),
            _("Saturday"),
            _("Sunday"),
        ),
        strict=True,
    )
)
LIST_LABELS = {
    "safety_notes": _("Safety"),
    "medications": _("Medications"),
    "things_to_avoid": _("Things to avoid"),
    "preferences": _("Preferences"),
    "family": _("Family"),
    "remembered_facts": _("Facts to remember"),
}
SINGLE = ("name", "form_of_address", "language", "pace", "birth_year")
PACE_WORDS = {"slow": _("slow"), "normal": _("normal"), "fast": _("fast")}


class DayField(forms.CharField):
    """The hours of one day; the word for a closed one is the reader's, and stored in English."""

    def prepare_value(self, value: Any) -> Any:
        """As the history tells it."""
        return gettext("closed") if value == CLOSED else value

    def to_python(self, value: Any) -> str:
        """As it is stored."""
        typed = super().to_python(value) or ""
        return CLOSED if typed.casefold() == gettext("closed") else typed


class HoursForm(forms.Form):
    """A line for each day, and how appointments are made."""

    takes_appointments = forms.BooleanField(
        label=_("Appointments are made on the phone"), required=False
    )
    appointment_rules = Words(
        rows=6,
        label=_("Rules for appointments"),
        help_text=_("The agent reads them only while appointments are made on the phone."),
    )
    reason = Reason(help_text=_("Required. It stands in the audit."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Add the days."""
        super().__init__(*arguments, **options)
        for key, label in DAYS.items():
            self.fields[key] = DayField(
                label=label,
                required=False,
                widget=forms.TextInput(attrs={"class": "vTextField", "dir": "ltr"}),
                validators=[validate_day],
            )

    @property
    def days(self) -> dict[str, str]:
        """What was written for the days."""
        return {key: self.cleaned_data[key] for key in KEYS}


class FindCallerForm(forms.Form):
    """A number to look for; it is posted, so that no log of addresses keeps it."""

    number = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        widget=forms.TextInput(attrs=NUMBER),
        help_text=_("With + and the country code, such as +15005550101."),
    )


class ProfileForm(forms.Form):
    """Everything that may be known of a caller; what is left empty is not known."""

    number = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        widget=forms.TextInput(attrs=NUMBER),
        help_text=_("With + and the country code, such as +15005550101."),
    )
    name = forms.CharField(label=_("Name"), required=False, widget=forms.TextInput(attrs=WIDE))
    form_of_address = forms.CharField(
        label=_("How to address the person"),
        required=False,
        widget=forms.TextInput(attrs=WIDE),
    )
    language = forms.CharField(
        label=_("Language"), required=False, help_text=_("A tag such as en, he or ar.")
    )
    pace = forms.ChoiceField(
        label=_("Pace"),
        required=False,
        choices=[("", _("not known")), *((one, PACE_WORDS[one]) for one in PACES)],
    )
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False)
    free_fields = Words(
        rows=4,
        label=_("Anything else"),
        help_text=_("One on each line: a name, a colon, and what there is to say."),
    )
    reason = Reason(help_text=_("Required. It is kept with the profile and erased with it."))
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *arguments: Any, is_new: bool, **options: Any) -> None:
        """Add the lists; the number of a caller who is known already stays."""
        super().__init__(*arguments, **options)
        if not is_new:
            del self.fields["number"]
        for name in LISTS:
            self.fields[name] = Words(
                rows=3, label=LIST_LABELS[name], help_text=_("One on each line.")
            )

    @staticmethod
    def initial_of(profile: Profile) -> dict[str, Any]:
        """A profile as the form shows it."""
        lines = {name: "\n".join(getattr(profile, name)) for name in LISTS}
        free = "\n".join(f"{key}: {value}" for key, value in profile.free_fields)
        return {**{one: getattr(profile, one) for one in SINGLE}, **lines, "free_fields": free}

    def clean_free_fields(self) -> dict[str, str]:
        """Names and what there is to say."""
        pairs = [line.partition(":") for line in self._lines("free_fields")]
        if not all(key.strip() and colon for key, colon, _value in pairs):
            raise forms.ValidationError(_("Write a name and a colon on each line."))
        return {key.strip(): value.strip() for key, _colon, value in pairs}

    def values(self) -> dict[str, Any]:
        """The profile that was written."""
        known = {name: self.cleaned_data.get(name) for name in (*SINGLE, "free_fields")}
        return {**known, **{name: self._lines(name) for name in LISTS}}

    def _lines(self, name: str) -> list[str]:
        text: str = self.cleaned_data.get(name) or ""
        return [line for line in text.splitlines() if line.strip()]


class EraseForm(forms.Form):
    """Why a caller is forgotten."""

    reason = Reason(
        help_text=_(
            "Required. It stays in the audit for ever: "
            "leave out who the person is and what was noted."
        )
    )


class ForgetForm(EraseForm):
    """The same for a number that is typed; it is posted, so that no log of addresses keeps it."""

    number = forms.CharField(
        label=_("Phone number"),
        max_length=40,
        widget=forms.TextInput(attrs=NUMBER),
        help_text=_("With + and the country code, such as +15005550101."),
    )
    field_order = ("number", "reason")
