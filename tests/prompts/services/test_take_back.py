import pytest
from django.core.exceptions import ValidationError

from prompts.domain.kinds import Apply, Direction
from prompts.models import AuditEntry, PromptVersion
from prompts.selectors import current_versions
from prompts.services.business import change_business
from prompts.services.errors import NothingBefore, StaleBase
from prompts.services.publish import publish
from prompts.services.slots import Text
from prompts.services.take_back import take_back
from tests.factories import make_business, publish_text

pytestmark = pytest.mark.django_db

INBOUND = Direction.INBOUND


def back(business, base, reason="It was wrong"):
    return take_back(business=business, direction=INBOUND, base=base, reason=reason, actor=None)


def test_the_version_before_is_in_force_again_for_calls_in_progress_too():
    business = make_business()
    publish_text(business, "One.")
    publish_text(business, "Two.", apply=Apply.NEW_CALLS)
    release = back(business, base=2)
    assert (release.kind, release.apply, release.reason) == ("take_back", "live", "It was wrong")
    assert release.to_version.text == "One."
    assert PromptVersion.objects.filter(prompt__business=business).count() == 2
    entry = AuditEntry.objects.filter(business=business).latest("number")
    assert entry.action == "prompt.taken_back"
    assert '"version":2' in entry.before
    assert '"version":1' in entry.after


def test_taking_back_twice_goes_back_two_steps_and_then_ends():
    business = make_business()
    for text in ("One.", "Two.", "Three."):
        publish_text(business, text)
    back(business, base=3)
    back(business, base=2)
    assert current_versions(business)[INBOUND].text == "One."
    with pytest.raises(NothingBefore):
        back(business, base=1)


def test_the_next_version_is_new_even_after_taking_back():
    business = make_business()
    for text in ("One.", "Two."):
        publish_text(business, text)
    back(business, base=2)
    version = publish_text(business, "Three.")
    assert (version.number, version.base.number) == (3, 1)
    assert back(business, base=3).to_version.number == 1


def test_another_version_in_force_means_look_again():
    business = make_business()
    publish_text(business, "One.")
    publish_text(business, "Two.")
    with pytest.raises(StaleBase):
        back(business, base=1)
    with pytest.raises(StaleBase):
        back(make_business("Empty"), base=1)


def test_a_reason_is_required():
    business = make_business()
    with pytest.raises(ValidationError) as caught:
        back(business, base=1, reason=" ")
    assert list(caught.value.message_dict) == ["reason"]


def test_an_old_text_that_lost_its_placeholders_value_is_refused():
    business = make_business(agent_name="Dana")
    publish_text(business, "I am {{ agent_name }}.")
    publish(
        business=business,
        texts={INBOUND: Text("I am the assistant.")},
        base={INBOUND: 1},
        note="Why",
        actor=None,
    )
    change_business(business=business, changes={"agent_name": ""}, actor=None, reason="A test")
    with pytest.raises(ValidationError, match="agent_name"):
        back(business, base=2)
