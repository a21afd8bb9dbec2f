"""The forms about the people of a business; they gather words, and the services judge them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from prompts.domain.roles import Role

from .forms import Reason

WIDE = {"class": "vTextField va-wide", "dir": "auto"}
DUTIES = [
    (Role.VIEWER.value, _("Viewer: reads prompts, settings and which calls go on")),
    (Role.EDITOR.value, _("Editor: also writes drafts")),
    (Role.SUPPORT.value, _("Support: reads prompts, calls and callers, sends the prompt again")),
    (Role.PUBLISHER.value, _("Publisher: also publishes, takes back, pauses, changes settings")),
    (Role.OWNER.value, _("Owner: may do all of this, and says who else may")),
]


class RoleForm(forms.Form):
    """Which role, and why."""

    role = forms.ChoiceField(label=_("Role"), choices=DUTIES, widget=forms.RadioSelect)
    reason = Reason(help_text=_("Required. It stands in the audit."))


class GiveRoleForm(RoleForm):
    """A role for somebody who has an account."""

    person = forms.CharField(
        label=_("Person"),
        max_length=254,
        widget=forms.TextInput(attrs=WIDE),
        help_text=_("The user name or the e-mail address of somebody who has an account."),
    )


class InviteForm(RoleForm):
    """An account and a role for somebody who has none."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs=WIDE),
        help_text=_("Letters, digits and @ . + - _ only. The person logs in with it."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"class": "vTextField va-wide", "dir": "ltr"}),
    )
