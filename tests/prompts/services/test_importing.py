"""What an import publishes, what it only offers, and what it leaves alone."""

import json

import pytest

from prompts.domain.kinds import Apply, Channel, Direction
from prompts.domain.legacy.fallbacks import LivedOn
from prompts.domain.legacy.report import Outcome, Report
from prompts.models import (
    AuditEntry,
    Business,
    ImportedRecord,
    Prompt,
    PromptDraft,
    PromptVersion,
    Release,
    Revision,
)
from prompts.selectors import current_versions, draft_of, read_wording
from prompts.services.business import change_business, create_business
from prompts.services.draft import NO_DRAFT, Desk, take_offer
from prompts.services.importing import import_prompts
from prompts.services.take_back import take_back
from tests.factories import make_business, make_number, make_user, publish_text
from tests.prompts.old_exports import BROKEN, Broken, as_json, csv

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

INBOUND, OUTBOUND = Direction
HISTORY = (PromptVersion, Release, Revision, AuditEntry, ImportedRecord, Prompt, PromptDraft)


@pytest.fixture
def business() -> Business:
    return make_business(number=make_number())


def run(*rows: dict[str, object], dry_run: bool = False, **options: object) -> Report:
    content = as_json(*rows)
    return import_prompts(content, source="old.json", actor=None, dry_run=dry_run, **options)


def of(business: Business, **fields: object) -> dict[str, object]:
    return {"business_id": business.pk, **fields}


def live(business: Business) -> dict[Direction, str | None]:
    return {one: version and version.text for one, version in current_versions(business).items()}


def outcomes(report: Report) -> list[tuple[Direction, Channel, Outcome]]:
    (imported,) = report.imported
    return [(one.direction, one.channel, one.outcome) for one in imported.placed]


def everything() -> list[int]:
    return [model.objects.count() for model in HISTORY]


def test_the_words_of_each_direction_are_published_there(business: Business) -> None:
    report = run(of(business, ai_prompt="In.", outbound_ai_prompt="Out.", greeting_message="Hi."))
    assert live(business) == {INBOUND: "In.", OUTBOUND: "Out."}
    versions = current_versions(business)
    assert versions[INBOUND].greeting == "Hi."
    assert versions[OUTBOUND].greeting == ""
    assert not report.unanswered
    releases = Release.objects.filter(prompt__business=business)
    assert {(one.kind, one.apply) for one in releases} == {(Release.Kind.IMPORT, Apply.LIVE)}


def test_one_business_is_one_revision_with_an_entry_for_each_text(business: Business) -> None:
    before = Business.objects.get(pk=business.pk)
    run(of(business, ai_prompt="In.", outbound_ai_prompt="Out."))
    after = Business.objects.get(pk=business.pk)
    assert after.revision == before.revision + 1
    entries = AuditEntry.objects.filter(business=business, number__gt=before.audit_count)
    assert [one.action for one in entries] == ["prompt.imported", "prompt.imported"]
    assert json.loads(entries[0].after)["revision"] == after.revision


def test_everybody_sees_where_a_version_came_from(business: Business) -> None:
    run(of(business, ai_prompt="In.", updated_at="2024-05-01", updated_by="Dana"))
    note = current_versions(business)[INBOUND].note
    assert note == (
        "Imported from old.json, row 1, field ai_prompt; last changed there: 2024-05-01 by Dana"
    )
    entry = AuditEntry.objects.filter(business=business, action="prompt.imported").get()
    assert entry.reason == note


def test_the_original_is_kept_as_it_came(business: Business) -> None:
    run(of(business, ai_prompt='{"calls": "In.  ", "whatsapp": ""}', secret="hunter2"))
    kept = ImportedRecord.objects.get(business=business)
    assert json.loads(kept.original)["ai_prompt"] == '{"calls": "In.  ", "whatsapp": ""}'
    assert "hunter2" not in kept.original
    assert str(kept) == "old.json, row 1"


@pytest.mark.parametrize(
    ("fields", "lived_on", "offered"),
    [
        ({"ai_prompt": "In."}, LivedOn.OTHER_DIRECTION, "In."),
        ({"ai_prompt": "", "system_prompt": "S."}, LivedOn.SYSTEM_PROMPT, "S."),
        ({"ai_prompt": ""}, LivedOn.BUILT_IN, None),
        ({"outbound_ai_prompt": {"whatsapp": "W."}, "ai_prompt": "In."}, LivedOn.WHATSAPP, None),
    ],
)
def test_what_a_direction_lived_on_is_offered_and_never_published(
    business: Business, fields: dict, lived_on: LivedOn, offered: str | None
) -> None:
    report = run(of(business, **fields))
    assert live(business)[OUTBOUND] is None
    (missing,) = [one for one in report.unanswered if one.direction is OUTBOUND]
    assert (missing.business_id, missing.lived_on) == (business.pk, lived_on)
    assert "would not be answered by the agent" in missing.sentence
    draft = draft_of(business, OUTBOUND, None)
    assert (draft and draft.text) == offered
    assert missing.has_draft == (offered is not None)
    assert not PromptVersion.objects.filter(
        prompt__business=business, prompt__direction="outbound", prompt__channel="calls"
    )
    assert not read_wording(business.pk, OUTBOUND).business


def test_an_offer_raises_no_revision_and_leaves_an_entry(business: Business) -> None:
    before = Business.objects.get(pk=business.pk)
    run(of(business, system_prompt="S."))
    after = Business.objects.get(pk=business.pk)
    assert after.revision == before.revision
    entries = AuditEntry.objects.filter(business=business, number__gt=before.audit_count)
    assert [one.action for one in entries] == ["prompt.offered", "prompt.offered"]
    assert "Offered by the import from old.json" in entries[0].reason


def test_the_old_greeting_goes_with_what_answers_the_phone_alone(business: Business) -> None:
    run(of(business, outbound_ai_prompt="Out.", greeting_message="Hi."))
    offered = draft_of(business, INBOUND, None)
    assert offered is not None
    assert (offered.text, offered.greeting) == ("Out.", "Hi.")
    assert current_versions(business)[OUTBOUND].greeting == ""


def test_words_for_whatsapp_are_stored_where_no_call_reads_them(business: Business) -> None:
    report = run(of(business, ai_prompt={"calls": "In.", "whatsapp": "W."}, greeting_message="Hi."))
    assert (INBOUND, Channel.WHATSAPP, Outcome.STORED) in outcomes(report)
    stored = PromptVersion.objects.get(prompt__channel="whatsapp")
    assert (stored.text, stored.greeting, stored.releases.count()) == ("W.", "", 0)
    assert "W." not in str([read_wording(business.pk, one) for one in Direction])


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_same_file_again_changes_nothing(business: Business, dry_run: bool) -> None:
    rows = [
        of(business, ai_prompt={"calls": "In.", "whatsapp": "W."}, system_prompt="S."),
        of(make_business("Other"), ai_prompt="{{ no_such_name }}"),
    ]
    run(*rows)
    before, revision = everything(), Business.objects.get(pk=business.pk).revision
    report = run(*rows, dry_run=dry_run)
    assert everything() == before
    assert Business.objects.get(pk=business.pk).revision == revision
    again = {one.outcome for imported in report.imported for one in imported.placed}
    assert again == {Outcome.IN_FORCE, Outcome.PRESENT, Outcome.WAITING}


def test_an_offer_that_somebody_took_up_is_not_made_again(business: Business) -> None:
    row = of(business, ai_prompt="In.")
    run(row)
    desk = Desk(business, OUTBOUND, make_user())
    take_offer(desk=desk, edition=NO_DRAFT)
    before = everything()
    report = run(row)
    assert everything() == before
    assert (OUTBOUND, Channel.CALLS, Outcome.PRESENT) in outcomes(report)
    assert "Write a prompt" in report.unanswered[0].sentence
    assert draft_of(business, OUTBOUND, None) is None


def test_a_newer_export_offers_its_newer_words(business: Business) -> None:
    run(of(business, system_prompt="Old."))
    run(of(business, system_prompt="New."))
    offered = draft_of(business, OUTBOUND, None)
    assert offered is not None
    assert offered.text == "New."


def test_a_dry_run_says_the_same_and_writes_nothing(business: Business) -> None:
    rows = [
        of(business, ai_prompt={"calls": "In.", "whatsapp": "W."}, temperature=1),
        of(make_business("Other"), system_prompt="S."),
        {"business_id": 0},
    ]
    before = everything()
    planned = run(*rows, dry_run=True)
    assert everything() == before
    done = run(*rows)
    assert planned.as_data() == done.as_data() | {"dry_run": True}


def test_a_newer_export_replaces_what_an_import_put_there(business: Business) -> None:
    run(of(business, ai_prompt="Old.", outbound_ai_prompt="Out."))
    report = run(of(business, ai_prompt="New.", outbound_ai_prompt="Out."))
    assert live(business) == {INBOUND: "New.", OUTBOUND: "Out."}
    assert [outcome for *_slot, outcome in outcomes(report)] == [
        Outcome.PUBLISHED,
        Outcome.IN_FORCE,
    ]


def test_an_older_export_brings_no_old_words_back(business: Business) -> None:
    run(of(business, ai_prompt="Old.", outbound_ai_prompt="Out."))
    run(of(business, ai_prompt="New.", outbound_ai_prompt="Out."))
    report = run(of(business, ai_prompt="Old.", outbound_ai_prompt="Out."))
    assert live(business)[INBOUND] == "New."
    assert (INBOUND, Channel.CALLS, Outcome.PRESENT) in outcomes(report)


@pytest.mark.parametrize("step", ["publish", "publish and take back"])
def test_a_slot_that_people_have_moved_stays_where_it_is(business: Business, step: str) -> None:
    run(of(business, ai_prompt="Imported.", outbound_ai_prompt="Out."))
    version = publish_text(business, "Ours.")
    if step != "publish":
        take_back(
            business=business, direction=INBOUND, base=version.number, reason="Back", actor=None
        )
    words = live(business)
    report = run(of(business, ai_prompt="Newer.", outbound_ai_prompt="Out."))
    assert live(business) == words
    (imported,) = report.imported
    assert imported.placed[0].outcome is Outcome.OFFERED
    assert "is live here and stays" in imported.placed[0].remarks[0]
    assert not report.unanswered


@pytest.mark.parametrize(
    "fields", [{"system_prompt": "Theirs."}, {"outbound_ai_prompt": "Out.", "ai_prompt": ""}]
)
def test_nothing_is_offered_where_a_prompt_is_live(business: Business, fields: dict) -> None:
    publish_text(business, "Ours.")
    publish_text(business, "Ours too.", direction=OUTBOUND)
    report = run(of(business, **fields))
    assert not [one for one in outcomes(report) if one[0] is INBOUND]
    assert not PromptDraft.objects.filter(prompt__direction="inbound").exists()


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"ai_prompt": "I am {{ agent_name }}."}, "has no value yet"),
        ({"ai_prompt": "I am {{ nobody }}."}, "is no placeholder"),
        ({"ai_prompt": "<<<BEGIN>>>"}, "separate the layers"),
        ({"ai_prompt": "In.", "greeting_message": "a" * 251}, "greeting_message: "),
        ({"ai_prompt": "In.", "greeting_message": "a\nb"}, "one line"),
    ],
)
def test_own_words_that_cannot_be_published_wait_with_the_reason(
    business: Business, fields: dict, word: str
) -> None:
    report = run(of(business, outbound_ai_prompt="Out.", **fields))
    assert live(business)[INBOUND] is None
    (imported,) = report.imported
    assert imported.placed[0].outcome is Outcome.OFFERED
    assert word in imported.placed[0].remarks[0]
    (missing,) = report.unanswered
    assert missing.lived_on is LivedOn.OWN_TEXT
    assert report.misses_a_prompt


def test_what_waited_is_published_once_nothing_stands_in_its_way(business: Business) -> None:
    row = of(business, ai_prompt="I am {{ agent_name }}.", outbound_ai_prompt="Out.")
    run(row)
    change_business(business=business, changes={"agent_name": "Noa"}, actor=None, reason="A test")
    report = run(row)
    assert (INBOUND, Channel.CALLS, Outcome.PUBLISHED) in outcomes(report)
    assert live(business)[INBOUND] == "I am {{ agent_name }}."
    assert draft_of(business, INBOUND, None) is None


def test_text_in_single_braces_stays_text_and_is_reported(business: Business) -> None:
    report = run(of(business, ai_prompt="{business_name} {x}", outbound_ai_prompt="Out."))
    assert live(business)[INBOUND] == "{business_name} {x}"
    assert report.imported[0].placed[0].remarks == (
        "{business_name} stays as it is and would be spoken. "
        "Write {{ business_name }} to have it filled in.",
        "{x} stays as it is and would be spoken.",
    )


def test_words_without_a_place_are_named(business: Business) -> None:
    report = run(
        of(
            business,
            ai_prompt="In.",
            outbound_ai_prompt="Out.",
            system_prompt="S.",
            greeting_message={"whatsapp": "W."},
            temperature=1,
        )
    )
    dropped = [one.field for one in report.imported[0].dropped]
    assert dropped == ["temperature", "system_prompt", "greeting_message"]


def test_a_form_and_an_import_store_the_same_text(business: Business) -> None:
    text = "“שלום” Cafe\u0301 \u200f🙂 it's\r\n<b>ok</b>  \n\n"
    other = make_business("Other")
    by_form = publish_text(other, text)
    quoted = text.replace('"', '""')
    content = csv("id,ai_prompt,outbound_ai_prompt", f'{business.pk},"{quoted}",Out')
    import_prompts(content, source="old.csv", actor=None)
    assert current_versions(business)[INBOUND].sha256 == by_form.sha256


# Which business


def faults(*rows: dict[str, object]) -> list[tuple[int, str]]:
    report = run(*rows)
    assert not report.imported
    assert not ImportedRecord.objects.exists()
    return [(one.row, one.field) for one in report.faults]


def test_a_business_is_found_by_its_phone_number_or_its_name(business: Business) -> None:
    number = business.phone_numbers.get().number
    other = make_business("Zoë's")
    run({"phone_number": number, "ai_prompt": "A."}, {"name": "Zoe\u0308's", "ai_prompt": "B."})
    assert (live(business)[INBOUND], live(other)[INBOUND]) == ("A.", "B.")


def test_a_row_that_points_to_nobody_or_to_two_is_refused(business: Business) -> None:
    make_business("Twin")
    twin = make_business("Twin", number=make_number())
    number = twin.phone_numbers.get().number
    assert faults(
        {"id": 10**6, "ai_prompt": "a"},
        {"phone_number": "+15005559999", "ai_prompt": "a"},
        {"name": "Nobody", "ai_prompt": "a"},
        {"name": "Twin", "ai_prompt": "a"},
        of(business, name="Other", ai_prompt="a"),
        of(business, phone_number=number, ai_prompt="a"),
    ) == [
        (1, "business_id"),
        (2, "phone_number"),
        (3, "name"),
        (4, "name"),
        (5, "name"),
        (6, "phone_number"),
    ]


def test_a_business_that_stands_twice_is_refused_twice(business: Business) -> None:
    rows = of(business, ai_prompt="a"), {"name": business.name, "ai_prompt": "b"}
    assert faults(*rows) == [(1, "business_id"), (2, "business_id")]


# What is missing


def test_a_number_without_an_inbound_prompt_is_missed_whatever_the_file_holds(
    business: Business,
) -> None:
    other = make_business("Other")
    report = run(of(other, ai_prompt="In.", outbound_ai_prompt="Out."))
    (missing,) = report.unanswered
    assert (missing.business_id, missing.lived_on) == (business.pk, LivedOn.UNKNOWN)
    assert report.misses_a_prompt


def test_a_business_without_a_number_is_named_and_not_missed() -> None:
    report = run(of(make_business(), ai_prompt=""))
    assert len(report.unanswered) == 2
    assert not report.misses_a_prompt


def test_a_business_that_calls_nobody_misses_no_outbound_prompt(business: Business) -> None:
    row = of(business, ai_prompt="In.")
    assert run(row).misses_a_prompt
    assert not run(row, inbound_only=[business.pk]).misses_a_prompt


def test_once_people_have_published_nothing_is_missed(business: Business) -> None:
    row = of(business, system_prompt="S.")
    assert run(row).misses_a_prompt
    for direction in Direction:
        publish_text(business, "Ours.", direction=direction)
    assert not run(row).misses_a_prompt


# Malformed files


@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_row_with_a_fault_changes_nothing(broken: Broken) -> None:
    create_business(details={"name": "The one that is named"}, actor=None, pk=1)
    before = everything()
    report = import_prompts(broken.content, source=broken.name, actor=None)
    assert report.faults
    assert everything() == before
