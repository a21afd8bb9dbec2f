"""The forms for a note and for a tag; the services say what is wrong with them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prompts.admin.forms import Words


class NoteForm(forms.Form):
    """A note."""

    text = Words(
        rows=4,
        label=_("Note"),
        help_text=_("For staff only. It is erased when the caller is forgotten."),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Without colons after labels."""
        super().__init__(*arguments, **options)
        self.label_suffix = ""


class CorrectionForm(NoteForm):
    """Another wording, and the one that it is to follow."""

    base = forms.IntegerField(widget=forms.HiddenInput)


class TagForm(forms.Form):
    """A tag; nothing is cut off while it is typed."""

    word = forms.CharField(
        label=_("Add a tag"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off", "list": "tags-known"}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Leave every judgement to the service."""
        super().__init__(*arguments, **options)
        self.label_suffix = ""
        self.fields["word"].validators.clear()


def lead_to(form: forms.Form, name: str) -> None:
    """Let the page open at a field, for whoever has to mend it."""
    form.fields[name].widget.attrs["autofocus"] = True
