"""Marking calls with tags: words of a business's own, each written one way."""

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from calls.domain.notes import (
    TAG_LIMIT,
    TAGS_PER_CALL,
    Fault,
    tag_fault,
    tag_key,
    tag_written,
)
from calls.models import Call, CallTag, Tag

from .entries import lock_owner, name_of, record_change


def add_tag(*, call: Call, word: str, actor: User | None) -> CallTag:
    """Mark the call; a tag that differs in the case of its letters only is the same one.

    The audit counts the tags and does not repeat them: a tag may be somebody's name.
    """
    word = _judged(word)
    with transaction.atomic():
        owner = lock_owner(call)
        tag, _made = Tag.objects.get_or_create(
            business=call.business, key=tag_key(word), defaults={"word": word}
        )
        count = call.tags.count()
        if there := call.tags.filter(tag=tag).first():
            return there
        if count >= TAGS_PER_CALL:
            raise ValidationError({"word": [_full()]})
        added = CallTag.objects.create(
            call=call, tag=tag, actor=actor, actor_name=name_of(actor), made_at=timezone.now()
        )
        counts = {"tags": count}, {"tags": count + 1}
        record_change(owner, call, "tag.added", *counts, actor=actor)
        return added


@transaction.atomic
def take_tag(*, call: Call, tag_id: int, actor: User | None) -> bool:
    """Take a tag away from the call; ``False`` when it does not stand there."""
    owner = lock_owner(call)
    count = call.tags.count()
    gone, _each = call.tags.filter(tag=tag_id).delete()
    if not gone:
        return False
    forget_unused([tag_id])
    counts = {"tags": count}, {"tags": count - 1}
    record_change(owner, call, "tag.removed", *counts, actor=actor)
    return True


def forget_unused(tag_ids: list[int]) -> None:
    """Forget the words that no call is marked with any more."""
    used = CallTag.objects.filter(tag__in=tag_ids).values("tag")
    Tag.objects.filter(pk__in=tag_ids).exclude(pk__in=used).delete()


def _judged(typed: str) -> str:
    """The tag as it is kept, or what is wrong with it."""
    word = tag_written(typed)
    sentences = {
        Fault.EMPTY: _("Write the tag first."),
        Fault.UNSTORABLE: _(
            "The text holds a control character or half of a broken one; remove it."
        ),
        Fault.SEVERAL: _("Write one tag at a time, without commas."),
        Fault.TOO_LONG: _("The tag has %(count)d characters; at most %(limit)d fit.")
        % {"count": len(word), "limit": TAG_LIMIT},
    }
    if fault := tag_fault(word):
        raise ValidationError({"word": [sentences[fault]]})
    return word


def _full() -> str:
    sentence = _("A call has at most %(limit)d tags. Take one away first.")
    return sentence % {"limit": TAGS_PER_CALL}
