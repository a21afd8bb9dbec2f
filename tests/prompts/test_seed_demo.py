import json
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from prompts.demo import DEMO
from prompts.domain.kinds import Direction
from prompts.domain.layers import compose
from prompts.models import Business, PhoneNumber, PromptVersion
from prompts.selectors import read_wording
from prompts.services.business import add_phone_number, create_business
from tests.factories import make_business, publish_text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_this_machine(settings):
    settings.DEBUG = True
    settings.PUBLIC_IS_LOOPBACK = True


def seed(*arguments: str) -> str:
    output = StringIO()
    call_command("seed_demo", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.both_databases
def test_three_businesses_with_the_promised_ids_numbers_and_prompts():
    assert "made" in seed()
    numbers = dict(PhoneNumber.objects.values_list("business_id", "number"))
    assert numbers == {1: "+15005550101", 2: "+15005550102", 3: "+15005550103"}
    slots = {(one.pk, direction) for one in DEMO for direction in one.prompts}
    assert slots == {
        (1, Direction.INBOUND),
        (1, Direction.OUTBOUND),
        (2, Direction.INBOUND),
        (3, Direction.INBOUND),
    }
    for pk, direction in slots:
        wording = read_wording(pk, direction)
        instructions = compose(wording, context="")
        assert wording.business_name in instructions.text
        assert wording.business_name in instructions.greeting
        assert 600 <= len(instructions.opening) <= 800
    hebrew = Business.objects.get(pk=3)
    assert (hebrew.language, hebrew.time_zone) == ("he", "Asia/Jerusalem")
    assert make_business("The next one").pk > 3


def test_again_it_changes_nothing_and_keeps_what_people_did():
    seed()
    publish_text(Business.objects.get(pk=1), "My own words.")
    before = list(PromptVersion.objects.values()), list(Business.objects.values())
    assert "was there" in seed()
    assert (list(PromptVersion.objects.values()), list(Business.objects.values())) == before


def test_a_row_of_somebody_else_is_left_alone():
    create_business(details={"name": "Real"}, actor=None, pk=2)
    with pytest.raises(CommandError, match="Business 2 was not made by seed_demo"):
        seed()
    assert Business.objects.count() == 1
    assert not User.objects.filter(username="demo").exists()


def test_a_number_of_somebody_else_is_left_alone():
    real = create_business(details={"name": "Real"}, actor=None, pk=9)
    add_phone_number(business=real, number="+15005550103", actor=None, reason="A test")
    with pytest.raises(CommandError, match="belongs to a business that seed_demo did not make"):
        seed()


def test_the_known_password_is_for_this_machine_only(settings):
    settings.PUBLIC_IS_LOOPBACK = False
    seed()
    assert not User.objects.filter(username="demo").exists()
    settings.PUBLIC_IS_LOOPBACK = True
    seed()
    assert User.objects.get(username="demo").check_password("demo")


def test_a_user_of_that_name_is_left_alone():
    User.objects.create_user("demo", password="own")
    seed()
    demo = User.objects.get(username="demo")
    assert demo.check_password("own")
    assert not demo.is_superuser


def test_a_script_gets_json():
    businesses = json.loads(seed("--json"))["businesses"]
    assert [one["id"] for one in businesses] == [1, 2, 3]
    assert all(one["made"] for one in businesses)
