"""The forms of the prompt's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prompts.admin.forms import Base, Reason, Words
from prompts.admin.places.place import Place
from prompts.domain.kinds import Apply
from prompts.validation import REASON_LIMIT

LARGEST_EDITION = 2**53 - 1  # what a script can count to


class Edition(forms.IntegerField):
    """The edition of the draft that the page showed, which comes back with the form."""

    def __init__(self) -> None:
        """Nobody types it, so its errors speak of the page."""
        lost = _("This page no longer knows which draft it showed. Open it again.")
        names = ("required", "invalid", "min_value", "max_value")
        super().__init__(
            min_value=0,
            max_value=LARGEST_EDITION,
            widget=forms.HiddenInput,
            error_messages=dict.fromkeys(names, lost),
        )


class DraftForm(forms.Form):
    """What a person writes: saved whatever its faults."""

    greeting = Words(
        rows=2,
        label=_("First sentence"),
        help_text=_(
            "The agent speaks it word for word when the call begins. "
            "Empty: the agent greets in its own words."
        ),
    )
    text = Words(rows=24, label=_("Prompt"))
    note = Words(
        rows=2,
        label=_("Why you change this"),
        help_text=_("It will stand beside the version. You can still change it when you publish."),
    )
    base = Base(required=False)
    edition = Edition()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """The note ends as a reason, so no more is typed than fits into one."""
        super().__init__(*arguments, **options)
        self.fields["note"].widget.attrs["maxlength"] = REASON_LIMIT


class TextForm(DraftForm):
    """The same where no first sentence belongs to the text."""

    greeting = None  # type: ignore[assignment]  # so Django leaves a field out


class EditionForm(forms.Form):
    """A decision about the draft that the person has seen."""

    edition = Edition()


def draft_form(place: Place) -> type[DraftForm]:
    """What is written at a place."""
    return DraftForm if place.has_greeting else TextForm


class ReviewForm(EditionForm):
    """Why the draft is published, and who gets it."""

    note = Reason(
        label=_("Why you publish this"),
        help_text=_("Required. It stands beside the version for everybody who looks later."),
    )
    apply = forms.ChoiceField(
        label=_("Who gets it"),
        initial=Apply.LIVE.value,
        choices=[
            (Apply.LIVE.value, _("Calls in progress too")),
            (Apply.NEW_CALLS.value, _("New calls only")),
        ],
        widget=forms.RadioSelect,
    )


class DecisionForm(EditionForm):
    """Which of two texts goes on as the draft."""

    MINE, THEIRS = "mine", "theirs"

    choice = forms.ChoiceField(choices=[(MINE, MINE), (THEIRS, THEIRS)])
    onto = Base(required=False)
