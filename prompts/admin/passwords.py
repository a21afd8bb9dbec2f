"""Choosing a password: one's own, a forgotten one, and the first one of a new account.

Django's pages in the frame of the admin; each new password leaves one audit entry. Addresses in
mails come from PUBLIC_BASE_URL, never from the request.
"""

import logging
from smtplib import SMTPException
from typing import Any, cast
from urllib.parse import urlsplit

from axes.utils import reset
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import ContextMixin

from prompts.models import Membership
from prompts.sentences import Sentence
from prompts.services.accounts import record_new_password

logger = logging.getLogger(__name__)
PUBLIC = urlsplit(settings.PUBLIC_BASE_URL)
LINK_DAYS = settings.PASSWORD_RESET_TIMEOUT // 86400


class Framed(ContextMixin):
    """A page in the frame of the admin, also for whoever is not logged in."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """What the frame shows."""
        frame = admin.site.each_context(cast(Any, self).request)
        return {**frame, **super().get_context_data(**context)}


class ChangeOwn(Framed, views.PasswordChangeView):
    """Somebody who is logged in chooses another password."""

    form_class = AdminPasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Save and write it down."""
        with transaction.atomic():
            response = super().form_valid(form)
            person = cast(User, self.request.user)
            record_new_password(account=person, actor=person)
        return response


class Forgotten(Framed, views.PasswordResetView):
    """Somebody asks for a link; the answer never says whether there is such an account."""

    extra_email_context = {
        "domain": PUBLIC.netloc,
        "protocol": PUBLIC.scheme,
        "site_name": gettext_lazy("Voice agent"),
    }


class Sent(Framed, views.PasswordResetDoneView):
    """What happens next."""


class Choose(Framed, views.PasswordResetConfirmView):
    """Whoever has the link chooses a password, and may try to log in again."""

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        """Save and write it down."""
        person = cast(User, cast(Any, self).user)
        with transaction.atomic():
            response = super().form_valid(form)
            record_new_password(account=person, actor=person)
        reset(username=person.get_username())
        return response


class Chosen(Framed, views.PasswordResetCompleteView):
    """The way to the login."""


urlpatterns = [
    path("password_change/", admin.site.admin_view(ChangeOwn.as_view(), cacheable=True)),
    path("password_reset/", Forgotten.as_view(), name="admin_password_reset"),
    path("password_reset/done/", Sent.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", Choose.as_view(), name="password_reset_confirm"),
    path("reset/done/", Chosen.as_view(), name="password_reset_complete"),
]


def password_link(account: User) -> str:
    """The address at which the owner of an account chooses a password; good once and for days."""
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    token = default_token_generator.make_token(account)
    return settings.PUBLIC_BASE_URL + reverse("password_reset_confirm", args=[uid, token])


def send_invitation(given: Membership, link: str) -> bool:
    """Mail whoever was invited; False when the mail could not be handed over.

    ``link`` leads to the choice of a password; without one the mail leads to the login.
    """
    login = settings.PUBLIC_BASE_URL + reverse("admin:index")
    context = {"given": given, "link": link, "login": login, "days": LINK_DAYS}
    subject = Sentence.of(_("Your account for %(business)s"), business=given.business.name)
    text = render_to_string("registration/invitation.txt", context)
    try:
        send_mail(" ".join(subject.splitlines()), text, None, [given.user.email])
    except (OSError, SMTPException) as error:
        logger.warning("An invitation was not mailed (%s).", type(error).__name__)
        return False
    return True
