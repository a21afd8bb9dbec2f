"""The forms of our own pages; they gather words, and the services judge them."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from prompts.domain.numbers import without_punctuation
from prompts.models import Business, BusinessSettings
from prompts.validation import REASON_LIMIT

if TYPE_CHECKING:
    BusinessForm = forms.ModelForm[Business]
    AgentForm = forms.ModelForm[BusinessSettings]
else:
    BusinessForm = AgentForm = forms.ModelForm

LARGEST_NUMBER = 2**31 - 1  # what the database can count versions to
NUMBER = {"dir": "ltr", "inputmode": "tel", "class": "vTextField"}


class Words(forms.CharField):
    """Text in any script, taken exactly as typed; the service says what is wrong with it."""

    def __init__(self, *, rows: int, **options: Any) -> None:
        """Leave room for ``rows`` lines and read each line from its own side."""
        area = forms.Textarea(attrs={"rows": rows, "dir": "auto", "class": "va-words"})
        super().__init__(strip=False, required=False, widget=area, **options)
        self.validators.clear()


class Reason(forms.CharField):
    """Why somebody does something, on one line."""

    def __init__(self, **options: Any) -> None:
        """A reason is always asked for."""
        line = forms.TextInput(attrs={"class": "va-wide", "dir": "auto"})
        options = {"label": _("Reason"), "max_length": REASON_LIMIT, "widget": line, **options}
        options["error_messages"] = {"required": _("Say in a few words why.")}
        super().__init__(**options)


class Number(forms.CharField):
    """A phone number, with what people write between the digits left out."""

    def __init__(self, **options: Any) -> None:
        """Read it from the left in every script."""
        super().__init__(widget=forms.TextInput(attrs=NUMBER), **options)

    def to_python(self, value: object) -> str:
        """The bare number; the service judges it."""
        return without_punctuation(super().to_python(value) or "")


class Base(forms.IntegerField):
    """The number of the version that the person saw, which comes back with the form."""

    def __init__(self, **options: Any) -> None:
        """Nobody types it, so its errors speak of the page."""
        lost = _("This page no longer knows which version it started from. Open it again.")
        errors = {"required": lost, "invalid": lost, "min_value": lost, "max_value": lost}
        super().__init__(
            min_value=0,
            max_value=LARGEST_NUMBER,
            widget=forms.HiddenInput,
            error_messages=errors,
            **options,
        )


class TakeBackForm(forms.Form):
    """Why the version that the person sees is taken back."""

    reason = Reason()
    base = Base()


class ReasonForm(forms.Form):
    """Nothing but a reason."""

    reason = Reason()


class NumberForm(forms.Form):
    """A phone number to add, and why."""

    number = Number(
        label=_("Phone number"),
        help_text=_("With + and the country code, such as +15005550101."),
    )
    reason = Reason(help_text=_("Required. It stands in the audit."))


class DetailsForm(BusinessForm):
    """The details of a business."""

    reason = Reason(help_text=_("Required. It stands in the audit."))

    class Meta:
        """All that staff may change of the row itself."""

        model = Business
        fields = (
            "name",
            "agent_name",
            "phone",
            "address",
            "website",
            "language",
            "time_zone",
            "is_active",
        )
        labels = {"is_active": _("The business is switched on")}
        help_texts = {
            "agent_name": _("How the agent introduces itself: {{ agent_name }} in prompts."),
            "phone": _("{{ business_phone }} in prompts, written as callers should hear it."),
            "address": _("{{ address }} in prompts."),
            "website": _("{{ website }} in prompts."),
            "is_active": _(
                "Switched off: new calls hear the fallback words, and are then put through to the "
                "fallback number or end. Calls in progress go on."
            ),
        }
        widgets = {
            **{
                name: forms.TextInput(attrs={"class": "va-wide", "dir": "auto"})
                for name in ("name", "agent_name", "address")
            },
            "phone": forms.TextInput(attrs=NUMBER),
            "website": forms.TextInput(attrs={"class": "va-wide", "dir": "ltr"}),
        }


class NewBusinessForm(DetailsForm):
    """The details of a business that is added; nothing stood before, so nobody asks why."""

    reason = Reason(required=False, help_text=_("Optional. It stands in the audit."))


# What the voice service's own words mean.
MEANINGS = {
    "vad": {
        "server_vad": _("after a silence (server_vad)"),
        "semantic_vad": _("by the sense of the words (semantic_vad)"),
    },
    "noise_reduction": {
        "": _("off"),
        "near_field": _("phone at the ear (near_field)"),
        "far_field": _("loudspeaker (far_field)"),
    },
    "eagerness": {
        "auto": _("automatic"),
        "low": _("waits longer"),
        "medium": _("medium"),
        "high": _("answers soon"),
    },
}


class SettingsForm(AgentForm):
    """How the agent listens and speaks, and who takes calls that it cannot."""

    fallback_number = Number(
        label=_("Number to put callers through to"),
        required=False,
        help_text=_("With + and the country code. Empty: the call ends after the words."),
    )
    reason = Reason(help_text=_("Required. It stands in the audit."))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Say what the choices mean."""
        super().__init__(*arguments, **options)
        for name, meanings in MEANINGS.items():
            field = cast(Any, self.fields[name])
            field.choices = [(value, meanings.get(value, words)) for value, words in field.choices]
        for name, field in self.fields.items():
            field.error_messages |= range_messages(name)

    class Meta:
        """Everything but the pause, which has a page of its own."""

        model = BusinessSettings
        exclude = ("business", "paused")
        widgets = {
            "fallback_words": forms.Textarea(attrs={"rows": 3, "dir": "auto", "class": "va-words"}),
            "other_languages": forms.TextInput(attrs={"class": "vTextField", "dir": "ltr"}),
        }
        help_texts = {
            "model": _("Empty: the model of the server."),
            "voice": _("The voice that callers hear."),
            "vad": _("How the agent notices that callers have said what they wanted to say."),
            "threshold": _("For server_vad, from 0 to 1; a higher one needs louder speech."),
            "prefix_padding_ms": _(
                "For server_vad, from 0 to 2000: so much of what came before is heard with it, "
                "so that no first syllable is lost."
            ),
            "silence_duration_ms": _(
                "For server_vad, from 100 to 5000: after a short one the agent answers sooner, "
                "a long one lets slow speakers finish."
            ),
            "idle_timeout_ms": _("For server_vad, from 5000 to 30000. Empty: the agent waits."),
            "eagerness": _("For semantic_vad: how soon the agent takes its turn."),
            "noise_reduction": _("What is filtered out of the sound before it is listened to."),
            "transcribe": _("Off: calls show what the agent said, and nothing of the callers."),
            "transcription_model": _("Empty: the model of the server."),
            "other_languages": _(
                "Tags with commas between them, such as en, ar: languages in which the agent goes "
                "on when a caller speaks them."
            ),
        }


def range_messages(name: str) -> dict[str, Any]:
    """The sentence of the field's limits, also for what is no number."""
    told = [
        one.message
        for field in BusinessSettings._meta.fields
        if field.name == name
        for one in field.validators
        if type(one) is MaxValueValidator
    ]
    return dict.fromkeys(("min_value", "invalid"), told[0]) if told else {}
