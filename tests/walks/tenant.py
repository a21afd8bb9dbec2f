"""A business with a row in every table and one word in every text, for walks by its neighbours."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Field, Model
from django.utils import timezone

from calls.domain.records import Result
from calls.models import (
    Call,
    ComposedText,
    ContextText,
    EventPage,
    Receipt,
    StoredText,
    Tag,
    Turn,
    WebhookRefusal,
    Worker,
)
from calls.services.notes import write_note
from calls.services.tags import add_tag
from prompts.domain.kinds import Direction
from prompts.domain.roles import Role
from prompts.models import (
    AuditEntry,
    Business,
    CallerProfile,
    ImportedRecord,
    PhoneNumber,
    PromptDraft,
    PromptVersion,
    ReadEntry,
    Release,
    Revision,
    UnseenRelease,
)
from prompts.services.business import add_phone_number, change_business, create_business
from prompts.services.draft import NO_DRAFT, Desk, save_draft
from prompts.services.hours import change_hours
from prompts.services.people import give_role
from prompts.services.profile import save_profile
from prompts.services.publish import publish
from prompts.services.reads import Look, Sight, record_read
from prompts.services.settings import change_settings
from prompts.services.slots import Text
from prompts.services.tokens import NewToken, TokenRight, create_token
from tests.calls.live_rows import make_call, make_receipt

APPS = ("prompts", "calls", "auth")


@dataclass(frozen=True)
class Tenant:
    """A business, its people and its token; ``word`` stands in every text of it."""

    word: str
    business: Business
    owner: User
    member: User
    token: NewToken
    call: Call
    secrets: tuple[str, ...]  # everything of it that a neighbour must never read

    @property
    def ids(self) -> dict[str, object]:
        """What the addresses of its pages name, by the parameter or by the model behind it."""
        own = {"business": self.business}
        version = PromptVersion.objects.filter(prompt__business=self.business).earliest("pk")
        return {
            "prompts/business": self.business.pk,
            "prompts/auditentry": AuditEntry.objects.filter(**own).latest("pk").pk,
            "prompts/readentry": ReadEntry.objects.filter(**own).latest("pk").pk,
            "prompts/promptversion": version.pk,
            "prompts/release": Release.objects.filter(prompt__business=self.business)[0].pk,
            "prompts/revision": Revision.objects.filter(**own, cause="settings").latest("pk").pk,
            "prompts/apitoken": self.token.row.pk,
            "calls/call": self.call.pk,
            "position": 1,
            "version_pk": version.pk,
            "tag_pk": Tag.objects.get(**own).pk,
            "calls/webhookrefusal": WebhookRefusal.objects.get(business_id=self.business.pk).pk,
            "auth/user": self.member.pk,
            "business_id": self.business.pk,
            "call_sid": self.call.sid,
            "number_pk": PhoneNumber.objects.get(**own).pk,
            "profile_pk": CallerProfile.objects.get(**own).pk,
            "membership_pk": self.member.memberships.earliest("pk").pk,
            "draft_pk": PromptDraft.objects.filter(prompt__business=self.business).latest("pk").pk,
            "platform_draft_pk": PromptDraft.objects.get(
                prompt__business=None, person=self.owner
            ).pk,
            "number": version.number,
            "direction": "inbound",
        }


def make_tenant(word: str, digit: int) -> Tenant:
    """Fill every table; ``digit`` makes the numbers and the SIDs of the tenant its own."""
    number, caller = f"+150077700{digit}0", f"+150088800{digit}0"
    sid = f"CA{digit}" + "e" * 31
    details = {name: f"{word} {name}" for name in ("name", "agent_name", "phone", "address")}
    details |= {"website": f"https://{word}.example"}
    business = create_business(details=details, actor=None, reason=word)
    owner = User.objects.create_user(f"{word}-owner", f"{word}@example.com", "secret")
    member = User.objects.create_user(
        f"{word}-member", f"{word}.2@example.com", first_name=word, last_name=word
    )
    for person, role in ((owner, Role.OWNER), (member, Role.SUPPORT), (member, Role.EDITOR)):
        give_role(business=business, person=person, role=role, actor=owner, reason=word)
    token = create_token(
        name=f"{word} token", business=business, rights=list(TokenRight), days=9, actor=owner
    )
    _write_words(business, word, owner, member)
    _write_rest(business, word, owner, number, caller)
    call = _write_calls(business, word, sid, number, caller)
    write_note(call=call, text=f"{word} note", actor=owner)
    add_tag(call=call, word=f"{word} tag", actor=owner)
    record_read(
        business=business,
        sight=Sight(Look.TRANSCRIPT, "call", str(call.pk), detail=word),
        actor=owner,
    )
    version = PromptVersion.objects.filter(prompt__business=business).latest("pk")
    business.refresh_from_db()
    secrets = (word, number, caller, sid, version.sha256[:12], token.secret)
    return Tenant(word, business, owner, member, token, call, secrets)


def _write_words(business: Business, word: str, owner: User, member: User) -> None:
    """Two versions in each direction, people's drafts, one for everybody, an unseen release."""
    for number in (None, 1):
        texts = {one: Text(f"{word} {one} {number}.", f"{word} hello.") for one in Direction}
        base = dict.fromkeys(Direction, number)
        publish(business=business, texts=texts, base=base, note=word, actor=owner)
    for person in (owner, member):
        desk = Desk(business, Direction.INBOUND, person)
        words = Text(f"{word} draft.", f"{word} hello draft.")
        save_draft(desk=desk, words=words, note=f"{word} note", base=2, edition=NO_DRAFT)
    common, words = Desk(None, Direction.INBOUND, owner), Text(f"{word} for everybody.")
    save_draft(desk=common, words=words, note=f"{word} note", base=1, edition=NO_DRAFT)
    release = Release.objects.filter(prompt__business=business).latest("pk")
    UnseenRelease.objects.get_or_create(person=owner, release=release)


def _write_rest(business: Business, word: str, owner: User, number: str, caller: str) -> None:
    """Number, settings, hours, a caller, an import and a refused webhook."""
    add_phone_number(business=business, number=number, actor=owner, reason="A test")
    settings = {
        "model": word,
        "transcription_model": word,
        "fallback_words": f"{word} sorry.",
        "fallback_number": caller,
    }
    change_settings(business=business, changes=settings, actor=owner, reason=word)
    hours = {"days": {"monday": "09:00-13:00"}, "appointment_rules": f"{word} rules."}
    change_hours(
        business=business, changes={**hours, "takes_appointments": True}, actor=owner, reason=word
    )
    change_business(
        business=business, changes={"agent_name": f"{word} agent"}, actor=owner, reason="A test"
    )
    values = {"name": f"{word} caller", "preferences": [word], "free_fields": {word: word}}
    save_profile(business=business, number=caller, values=values, actor=owner, reason=word)
    ImportedRecord.objects.create(
        business=business,
        source=f"{word}.json",
        row_number=1,
        original=word,
        sha256=_hash(word, "import"),
        imported_at=timezone.now(),
    )
    WebhookRefusal.objects.create(
        business_id=business.pk, path=f"/{word}", cause=word, at=timezone.now()
    )


def _write_calls(business: Business, word: str, sid: str, number: str, caller: str) -> Call:
    """A call in progress and one that ended, with all that is kept of calls."""
    now = timezone.now()
    worker = Worker.objects.create(host=word, pid="1", started_at=now, seen_at=now)
    version = PromptVersion.objects.filter(prompt__business=business).earliest("pk")
    call = make_call(
        business,
        1,
        now,
        sid=sid,
        worker_id=worker.pk,
        from_number=caller,
        to_number=number,
        settings={"instructions": word, "model": word},
        account_sid=word,
        stream_sid=word,
        twilio_status=word[:16],
    )
    make_call(
        business,
        1,
        now - timedelta(hours=1),
        sid=f"{sid[:-1]}f",
        from_number=caller,
        to_number=number,
        status="ended",
        end_reason="agent_hung_up",
        end_detail=word,
        ended_at=now,
    )
    receipt = make_receipt(call, 1, Result.ACKNOWLEDGED, detail=word, prompt_version=version)
    Receipt.objects.filter(pk=receipt.pk).update(acknowledged_at=now)
    fingerprint = _hash(word, "text")
    for position, speaker in enumerate(("caller", "agent")):
        Turn.objects.create(
            call=call,
            position=position,
            speaker=speaker,
            text=f"{word} said",
            heard=f"{word} heard",
            item_id=word,
            response_id=word,
            status=word,
            started_at=now,
            version=version.number,
            prompt_version=version,
            fingerprint=fingerprint,
            usage={"note": word},
        )
    StoredText.objects.create(sha256=fingerprint, text=word)
    ContextText.objects.create(sha256=_hash(word, "context"), text=word)
    ComposedText.objects.create(fingerprint=fingerprint, layers=[["business", word]])
    lines = json.dumps({"n": 1, "ms": 0, "event": "note", "words": word})
    EventPage.objects.create(call=call, number=1, lines=lines, hash=_hash(word, "page"))
    return call


def _hash(word: str, use: str) -> str:
    return hashlib.sha256(f"{word} {use}".encode()).hexdigest()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, to compare with later."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in models()
    }


def models() -> list[type[Model]]:
    """The tables of the project, and those of accounts."""
    return [model for app in APPS for model in apps.get_app_config(app).get_models()]


def texts_of(model: type[Model]) -> list["Field[Any, Any]"]:
    """The fields in which people or peers write what they like."""
    kinds = {"CharField", "TextField", "JSONField", "EmailField"}
    return [
        one
        for one in model._meta.local_fields
        if one.get_internal_type() in kinds and not one.choices
    ]
