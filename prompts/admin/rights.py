"""Who may do what on our own pages, with a sentence for whoever may not."""

from typing import cast

from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

VIEW_BUSINESS = "prompts.view_business"
ADD_BUSINESS = "prompts.add_business"
CHANGE_BUSINESS = "prompts.change_business"
VIEW_SETTINGS = "prompts.view_businesssettings"
CHANGE_SETTINGS = "prompts.change_businesssettings"
VIEW_NUMBERS = "prompts.view_phonenumber"
ADD_NUMBER = "prompts.add_phonenumber"
REMOVE_NUMBER = "prompts.delete_phonenumber"
VIEW_PROFILES = "prompts.view_callerprofile"
CHANGE_PROFILES = "prompts.change_callerprofile"
ERASE_PROFILES = "prompts.delete_callerprofile"
VIEW_PROMPT = "prompts.view_prompt"
PUBLISH = "prompts.publish_prompt"
VIEW_AUDIT = "prompts.view_auditentry"


def person(request: HttpRequest) -> User:
    """The person who asks; the admin lets nobody else in."""
    return cast(User, request.user)


def may(request: HttpRequest, right: str) -> bool:
    """Whether the person has a right."""
    return person(request).has_perm(right)


def require(request: HttpRequest, *rights: str) -> None:
    """Refuse a person who has none of ``rights``, and name the first."""
    if not any(may(request, right) for right in rights):
        application, _dot, codename = rights[0].partition(".")
        name = (
            Permission.objects.filter(content_type__app_label=application, codename=codename)
            .values_list("name", flat=True)
            .first()
        )
        raise PermissionDenied(
            _(
                "You do not have the right “%(right)s”. "
                "Ask the person who manages users to give it to you."
            )
            % {"right": name or rights[0]}
        )


def require_superuser(request: HttpRequest) -> None:
    """Refuse everybody who does not look after the whole platform."""
    if not person(request).is_superuser:
        raise PermissionDenied(
            _(
                "Platform prompts stand in the calls of every business, "
                "so only superusers see and change them."
            )
        )
