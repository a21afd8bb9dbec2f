"""The command that imports: what it prints, and how it ends."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from prompts.models import Business
from tests.factories import make_business, make_number
from tests.prompts.old_exports import BROKEN, Broken, as_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    return make_business("Bloom", number=make_number())


def run(path: Path, *options: str) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("import_prompts", str(path), *options, stdout=output)
    except SystemExit as ended:
        return int(str(ended.code)), output.getvalue()
    return 0, output.getvalue()


def test_the_report_begins_with_the_calls_that_nobody_would_answer(
    business: Business, tmp_path: Path
) -> None:
    path = tmp_path / "old.json"
    rows = {"business_id": business.pk, "ai_prompt": "In.", "temperature": 1}, {"id": "x"}
    path.write_bytes(as_json(*rows))
    code, said = run(path, "--dry-run")
    assert code == 1
    lines = said.splitlines()
    assert lines[0] == "CALLS WOULD NOT BE ANSWERED BY THE AGENT"
    assert lines[1] == f"  Business {business.pk} Bloom, we call customers (outbound):"
    assert "It lived on the text of the other direction." in lines[2]
    assert "  Row 2, field id: “x” is no number of a business. Write one such as 7." in lines
    assert "v1 would be published. From old.json, row 1, field ai_prompt." in said
    assert "temperature is left out: The voice service takes none." in said
    assert lines[-1].endswith("This was a dry run: nothing was changed.")


def test_strict_ends_with_1_until_every_number_has_its_prompts(
    business: Business, tmp_path: Path
) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(as_json({"business_id": business.pk, "ai_prompt": "In."}))
    assert run(path)[0] == 0
    assert run(path, "--strict")[0] == 1
    assert run(path, "--strict", "--inbound-only", str(business.pk))[0] == 0


def test_the_report_as_data(business: Business, tmp_path: Path) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(as_json({"business_id": business.pk, "ai_prompt": "In."}))
    code, said = run(path, "--json")
    data = json.loads(said)
    assert (code, data["rows"], data["misses_a_prompt"]) == (0, 1, True)
    assert data["unanswered"][0]["lived_on"] == "other_direction"
    assert data["imported"][0]["placed"][0]["outcome"] == "published"


@pytest.mark.parametrize("options", [(), ("--json",), ("--strict", "--dry-run")])
@pytest.mark.parametrize("broken", BROKEN, ids=str)
def test_a_broken_file_ends_with_1_and_sentences(
    broken: Broken, tmp_path: Path, options: tuple[str, ...]
) -> None:
    path = tmp_path / broken.name
    path.write_bytes(broken.content)
    code, said = run(path, *options)
    assert code == 1
    said.encode()  # nothing of the file can break a terminal or a pipe
    assert broken.word in said


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(CommandError, match="cannot be read: "):
        call_command("import_prompts", str(tmp_path / name))
