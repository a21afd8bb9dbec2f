"""What can be done on each page of the admin, and how many audit entries it leaves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import User

from prompts.domain.kinds import Direction
from prompts.domain.roles import Right
from prompts.past import settings_changes
from prompts.services.draft import NO_DRAFT, Desk, offer_draft, save_draft
from prompts.services.platform import publish_platform
from prompts.services.settings import change_settings, pause
from prompts.services.slots import Text
from tests.factories import publish_text
from tests.walks.tenant import Tenant

SECRET = "a very long secret"
WORKSPACE = "admin/prompts/business/<int:pk>/prompt/<direction:direction>/"
PLATFORM = "admin/prompts/platform/<platform:direction>/"
BUSINESS = "admin/prompts/business/"
ONE = f"{BUSINESS}<int:pk>/"
CALL = "admin/calls/call/<int:pk>/"
Prepare = Callable[[Tenant, User], Mapping[str, object] | None]


def nothing(tenant: Tenant, boss: User) -> None:
    """The page can be used as it is."""


@dataclass(frozen=True)
class Deed:
    """What to type into a page, and the right without which it changes nothing.

    What no right allows is for superusers. The form's own values stand in all other fields. One
    audit entry is left, or none with a reason, and then only ``touched`` tables may change.
    ``prepare`` brings about what the page is for, and may answer with other ids.
    """

    right: Right | None
    typed: Mapping[str, object] = field(default_factory=dict)
    prepare: Prepare = nothing
    no_entry: str = ""
    touched: tuple[str, ...] = ()
    as_json: bool = False
    lets_go: bool = False  # of its connection to the database, while it waits


def desk(tenant: Tenant, boss: User) -> Desk:
    return Desk(tenant.business, Direction.INBOUND, boss)


def with_draft(tenant: Tenant, boss: User) -> None:
    """The person has a draft on top of what is live."""
    words = Text("You are the assistant of {{ business_name }}.", "Hello there.")
    save_draft(desk=desk(tenant, boss), words=words, base=2, edition=NO_DRAFT)


def with_moved_base(tenant: Tenant, boss: User) -> None:
    """Somebody else has published since."""
    with_draft(tenant, boss)
    publish_text(tenant.business, "Something else.")


def with_offer(tenant: Tenant, boss: User) -> None:
    """A text waits for somebody."""
    words = Text("Once it was said so.", "")
    offer_draft(business=tenant.business, direction=Direction.INBOUND, words=words, note="Imported")


def with_common_draft(tenant: Tenant, boss: User) -> None:
    """The person has a draft of a platform prompt."""
    words = Text("Be kind to everybody.")
    save_draft(desk=Desk(None, Direction.INBOUND, boss), words=words, base=1, edition=NO_DRAFT)


def with_common_words(tenant: Tenant, boss: User) -> None:
    """Somebody has published for every business."""
    publish_platform(
        direction=Direction.INBOUND, text="Be brief.", base=1, note="Shorter", actor=None
    )


def with_moved_common_base(tenant: Tenant, boss: User) -> None:
    """Somebody else has, while the person was writing."""
    with_common_draft(tenant, boss)
    with_common_words(tenant, boss)


def with_pause(tenant: Tenant, boss: User) -> None:
    """The agent rests."""
    pause(business=tenant.business, actor=boss, reason="A walk")


def with_newcomer(tenant: Tenant, boss: User) -> Mapping[str, object]:
    """An account that never did anything."""
    return {"auth/user": User.objects.create_user("newcomer").pk}


def with_former_settings(tenant: Tenant, boss: User) -> Mapping[str, object]:
    """The settings have changed since."""
    former = settings_changes(tenant.business)[0]
    change_settings(business=tenant.business, changes={"voice": "ash"}, actor=boss, reason="A walk")
    return {"number": former.number}


SETTINGS = Right.CHANGE_SETTINGS
REASON = {"reason": "A walk"}
DRAFT = "a draft is in no call; publishing it leaves the entry"
DRAFTS = ("prompts.PromptDraft",)
TWICE = {"password1": SECRET, "password2": SECRET}

DEEDS: Mapping[str, Deed] = {
    "admin/password_change/": Deed(
        Right.READ, {"old_password": "secret", "new_password1": SECRET, "new_password2": SECRET}
    ),
    "admin/password_reset/": Deed(
        Right.READ,
        {"email": "alphaword@example.com"},
        no_entry="a link is mailed; the password chosen by it leaves the entry",
    ),
    "admin/auth/user/add/": Deed(None, {"username": "noa", "usable_password": "true", **TWICE}),
    "admin/auth/user/<path:object_id>/change/": Deed(None, {"last_name": "Levi"}),
    "admin/auth/user/<id>/password/": Deed(None, {"usable_password": "true", **TWICE}),
    "admin/auth/user/<path:object_id>/delete/": Deed(None, {"post": "yes"}, with_newcomer),
    f"{BUSINESS}add/": Deed(None, {"name": "Bakery"}),
    f"{ONE}details/": Deed(SETTINGS, {"agent_name": "Maya", **REASON}),
    f"{ONE}settings/": Deed(SETTINGS, {"voice": "cedar", **REASON}),
    f"{ONE}numbers/": Deed(SETTINGS, {"number": "+15005550777", **REASON}),
    f"{ONE}numbers/<int:number_pk>/remove/": Deed(SETTINGS, REASON),
    f"{ONE}hours/": Deed(SETTINGS, {"friday": "09:00-10:00", **REASON}),
    f"{ONE}callers/": Deed(
        Right.READ_PROFILES,
        {"number": "+15008880010"},
        no_entry="a search; who looked at a caller stands in the chain of reads",
        touched=("prompts.ReadEntry", "prompts.ReadHead"),
    ),
    f"{ONE}callers/add/": Deed(
        Right.CHANGE_PROFILES, {"number": "+15008880777", "name": "Tamar", **REASON}
    ),
    f"{ONE}callers/<int:profile_pk>/": Deed(Right.CHANGE_PROFILES, {"name": "Tamar", **REASON}),
    f"{ONE}callers/<int:profile_pk>/erase/": Deed(Right.ERASE_PROFILES, REASON),
    f"{ONE}callers/forget/": Deed(Right.ERASE_PROFILES, {"number": "+15008880010", **REASON}),
    f"{ONE}people/": Deed(
        Right.MANAGE_PEOPLE, {"person": "alphaword-member", "role": "viewer", **REASON}
    ),
    f"{ONE}people/invite/": Deed(
        Right.MANAGE_PEOPLE,
        {"username": "noa", "email": "noa@example.com", "role": "editor", **REASON},
    ),
    f"{ONE}people/<int:membership_pk>/take/": Deed(Right.MANAGE_PEOPLE, REASON),
    f"{ONE}history/<int:number>/restore/": Deed(SETTINGS, REASON, with_former_settings),
    f"{ONE}pause/": Deed(Right.PUBLISH, REASON),
    f"{ONE}resume/": Deed(Right.PUBLISH, REASON, with_pause),
    WORKSPACE: Deed(
        Right.DRAFT,
        {"text": "Another text.", "edition": "0", "base": "2"},
        no_entry=DRAFT,
        touched=DRAFTS,
    ),
    f"{WORKSPACE}draft/": Deed(
        Right.DRAFT,
        {"text": "Another text.", "greeting": "", "note": "", "edition": 0, "base": 2},
        no_entry=DRAFT,
        touched=DRAFTS,
        as_json=True,
    ),
    f"{WORKSPACE}drafts/<int:draft_pk>/": Deed(Right.DRAFT, no_entry=DRAFT, touched=DRAFTS),
    f"{WORKSPACE}restore/<int:number>/": Deed(Right.DRAFT, no_entry=DRAFT, touched=DRAFTS),
    f"{WORKSPACE}discard/": Deed(Right.DRAFT, {}, with_draft, no_entry=DRAFT, touched=DRAFTS),
    f"{WORKSPACE}take/": Deed(Right.DRAFT, {}, with_offer, no_entry=DRAFT, touched=DRAFTS),
    f"{WORKSPACE}conflict/": Deed(
        Right.DRAFT, {"choice": "mine"}, with_moved_base, no_entry=DRAFT, touched=DRAFTS
    ),
    f"{WORKSPACE}review/": Deed(Right.PUBLISH, {"note": "A walk"}, with_draft),
    f"{WORKSPACE}take-back/": Deed(Right.PUBLISH, REASON),
    PLATFORM: Deed(
        None,
        {"text": "Be kind.", "edition": "0", "base": "1"},
        no_entry=DRAFT,
        touched=DRAFTS,
    ),
    f"{PLATFORM}draft/": Deed(
        None,
        {"text": "Be kind.", "note": "", "edition": 0, "base": 1},
        no_entry=DRAFT,
        touched=DRAFTS,
        as_json=True,
    ),
    f"{PLATFORM}drafts/<int:draft_pk>/": Deed(None, no_entry=DRAFT, touched=DRAFTS),
    f"{PLATFORM}restore/<int:number>/": Deed(None, no_entry=DRAFT, touched=DRAFTS),
    f"{PLATFORM}discard/": Deed(None, {}, with_common_draft, no_entry=DRAFT, touched=DRAFTS),
    f"{PLATFORM}conflict/": Deed(
        None, {"choice": "mine"}, with_moved_common_base, no_entry=DRAFT, touched=DRAFTS
    ),
    f"{PLATFORM}review/": Deed(None, {"note": "A walk"}, with_common_draft),
    f"{PLATFORM}take-back/": Deed(None, REASON, with_common_words),
    "admin/prompts/apitoken/<int:pk>/revoke/": Deed(Right.MANAGE_PEOPLE, REASON),
    "admin/calls/call/": Deed(
        Right.READ_CALLS, {"number": "4567"}, no_entry="a search: nothing changes"
    ),
    f"{CALL}notes/": Deed(Right.READ_CALLS, {"text": "A walk"}),
    f"{CALL}notes/<int:number>/": Deed(Right.CHANGE_NOTES, {"text": "A walk"}),
    f"{CALL}notes/<int:number>/remove/": Deed(Right.CHANGE_NOTES),
    f"{CALL}tags/": Deed(Right.READ_CALLS, {"word": "a walk"}),
    f"{CALL}tags/<int:tag_pk>/remove/": Deed(Right.READ_CALLS),
    f"{CALL}send-again/": Deed(
        Right.REFRESH,
        no_entry="no word changes; the call's receipt tells",
        touched=("calls.Call",),
        lets_go=True,
    ),
    "admin/calls/call/live/<int:pk>/send-again/": Deed(
        Right.REFRESH,
        no_entry="no word changes; each call's receipt tells",
        touched=("calls.Call",),
        lets_go=True,
    ),
}
