"""The people of a business: who may give roles, and what the pages say."""

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from prompts.domain.roles import Role
from prompts.models import AuditEntry, Business, Membership
from tests.factories import make_business, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business("Harbor")


@pytest.fixture
def owner(client: Client, business: Business) -> Client:
    client.force_login(make_member(business, Role.OWNER, username="dana"))
    return client


def url(name: str, business: Business, *more: object) -> str:
    return reverse(f"admin:prompts_business_{name}", args=[business.pk, *more])


def test_an_owner_gives_a_role_by_name_or_by_address(owner: Client, business: Business) -> None:
    User.objects.create_user("noa", email="noa@example.com")
    for name, role in (("noa", "editor"), ("NOA@example.com", "support")):
        form = {"person": name, "role": role, "reason": "New here"}
        said = owner.post(url("people", business), form, follow=True).text
        assert f"The role “{role}” is given: noa sees" in said
    assert Membership.objects.filter(user__username="noa").count() == 2
    assert AuditEntry.objects.latest("pk").actor_name == "dana"


def test_a_role_shows_nothing_more_of_somebody_who_works_elsewhere(
    owner: Client, business: Business
) -> None:
    other = make_member(make_business("Other"), Role.EDITOR, username="noa")
    User.objects.filter(pk=other.pk).update(email="noa@elsewhere.example", first_name="Noami")
    form = {"person": "noa", "role": "viewer", "reason": "New here"}
    page = owner.post(url("people", business), form, follow=True).text
    assert "noa@elsewhere.example" not in page
    assert "Noami" not in page
    assert "Also works elsewhere" in page
    Membership.objects.filter(user=other, business__name="Other").delete()
    assert "noa@elsewhere.example" in owner.get(url("people", business)).text


def test_nobody_is_invited_under_the_name_of_the_software(
    owner: Client, business: Business
) -> None:
    form = {"username": "system", "email": "s@example.com", "role": "viewer", "reason": "x"}
    assert "stands for the software itself" in owner.post(url("invite", business), form).text
    assert not User.objects.filter(username="system").exists()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"person": "nobody", "role": "editor", "reason": "x"}, "Invite somebody new"),
        ({"person": "twin@example.com", "role": "editor", "reason": "x"}, "more than one"),
        ({"person": "dana", "role": "owner", "reason": "x"}, "has that role already"),
        ({"person": "dana", "role": "king", "reason": "x"}, "not one of the available choices"),
        ({"person": "dana", "role": "editor", "reason": " "}, "Say in a few words why"),
        ({"person": "", "role": "", "reason": ""}, "This field is required"),
    ],
)
def test_a_wrong_form_comes_back_with_a_sentence_and_all_that_was_typed(
    owner: Client, business: Business, form: dict[str, str], sentence: str
) -> None:
    for name in ("one", "two"):
        User.objects.create_user(name, email="twin@example.com")
    before = AuditEntry.objects.count()
    page = owner.post(url("people", business), form)
    assert page.status_code == 200
    assert sentence in page.text
    assert f'value="{form["person"]}"' in page.text or not form["person"]
    assert AuditEntry.objects.count() == before


def test_an_owner_takes_a_role_away_after_a_question(owner: Client, business: Business) -> None:
    noa = make_member(business, Role.EDITOR, username="noa")
    take = url("take_role", business, Membership.objects.get(user=noa).pk)
    assert "holds from the next click" in owner.get(take).text
    said = owner.post(take, {"reason": "Left us"}, follow=True).text
    assert "The role “editor” is taken from noa." in said
    assert not Membership.objects.filter(user=noa).exists()


def test_the_last_owner_reads_why_the_role_stays(owner: Client, business: Business) -> None:
    take = url("take_role", business, Membership.objects.get().pk)
    assert "is the last owner of Harbor" in owner.post(take, {"reason": "Tired"}).text
    make_member(business, Role.OWNER, username="noa")
    assert owner.post(take, {"reason": "Tired"})["Location"] == reverse("admin:index")
    assert owner.get(url("people", business)).status_code == 404


def test_somebody_new_gets_an_account_a_role_and_a_link_that_works_once(
    owner: Client, business: Business, settings: Settings
) -> None:
    settings.PUBLIC_BASE_URL = "https://voice.example.com"
    before = AuditEntry.objects.count()
    form = {"username": "noa", "email": "noa@example.com", "role": "editor", "reason": "New"}
    page = owner.post(url("invite", business), form)
    link = re.search(r'value="https://voice.example.com(/admin/reset/[^"]+)"', page.text)
    assert link
    assert AuditEntry.objects.count() == before + 1
    assert mail.outbox[0].to == ["noa@example.com"]
    assert f"https://voice.example.com{link[1]}" in mail.outbox[0].body
    newcomer = Client()
    choose = newcomer.get(link[1], follow=True).redirect_chain[-1][0]
    secret = {"new_password1": "a very long secret", "new_password2": "a very long secret"}
    assert newcomer.post(choose, secret).status_code == 302
    login = {"username": "noa", "password": "a very long secret"}
    assert newcomer.post(reverse("admin:login"), login)["Location"] == "/accounts/profile/"
    assert newcomer.get(url("prompt", business, "inbound")).status_code == 200
    assert "password reset link was invalid" in Client().get(link[1], follow=True).text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"username": "dana", "email": "new@example.com"}, "already exists"),
        ({"username": "noa noa", "email": "new@example.com"}, "Enter a valid username"),
        ({"username": "noa", "email": "twin@example.com"}, "Give the role by a user name."),
        ({"username": "noa", "email": "off@example.com"}, "switched off"),
        ({"username": "noa", "email": "nonsense"}, "valid email address"),
    ],
)
def test_an_account_that_cannot_be_made_is_explained(
    owner: Client, business: Business, form: dict[str, str], sentence: str
) -> None:
    for name in ("one", "two"):
        User.objects.create_user(name, email="Twin@example.com")
    User.objects.create_user("gone", email="off@example.com", is_active=False)
    before = (User.objects.count(), AuditEntry.objects.count())
    page = owner.post(url("invite", business), {**form, "role": "editor", "reason": "New"})
    assert sentence in page.text
    assert (User.objects.count(), AuditEntry.objects.count()) == before


def test_an_address_that_has_an_account_gets_the_role_and_the_same_answer(
    owner: Client, business: Business
) -> None:
    other = User.objects.create_user("other", email="Taken@example.com", password="theirs")
    form = {"email": "taken@example.com", "role": "editor", "reason": "New"}
    known = owner.post(url("invite", business), {**form, "username": "noa"})
    fresh = owner.post(
        url("invite", business), {**form, "username": "noa", "email": "noa@example.com"}
    )
    for page, name, address in (
        (known, "other", "Taken@example.com"),
        (fresh, "noa", "noa@example.com"),
    ):
        assert page.context["title"] == f"{name} has the role now"
        assert f"{name} has the role “editor”." in page.text
        assert f"A mail to {address} says how to log in." in page.text
    assert [one.to for one in mail.outbox] == [["Taken@example.com"], ["noa@example.com"]]
    assert "Your user name is other." in mail.outbox[0].body
    assert "Log in here" in mail.outbox[0].body
    # Whoever invites can choose the password of a new account, and of no other.
    assert "/admin/reset/" in fresh.text
    for words in (known.text, mail.outbox[0].body):
        assert "/admin/reset/" not in words
    other.refresh_from_db()
    assert other.check_password("theirs")
    assert other.is_staff
    entry = AuditEntry.objects.filter(action="role.given").latest("pk")
    assert "other" in entry.after


def test_a_mail_that_cannot_be_sent_is_told(
    owner: Client, business: Business, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    form = {"username": "noa", "email": "noa@example.com", "role": "editor", "reason": "New"}
    assert "It could not be mailed" in owner.post(url("invite", business), form).text
    assert User.objects.filter(username="noa").exists()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_manage_people(client: Client, business: Business, role: Role) -> None:
    client.force_login(make_member(business, role))
    held = Membership.objects.get().pk
    for page in (
        url("people", business),
        url("invite", business),
        url("take_role", business, held),
    ):
        refused = client.post(page, {"reason": "x"})
        assert refused.status_code == 403
        assert "role “owner”" in refused.text


def test_people_of_another_business_are_out_of_reach(owner: Client) -> None:
    foreign = make_business("Foreign")
    theirs = make_member(foreign, Role.EDITOR, username="theirs")
    held = Membership.objects.get(user=theirs)
    assert owner.get(url("people", foreign)).status_code == 404
    own = Business.objects.get(name="Harbor")
    assert owner.post(url("take_role", own, held.pk), {"reason": "x"}).status_code == 404
    assert Membership.objects.filter(pk=held.pk).exists()
