"""The repairs that lint offers, applied to a draft."""

from dataclasses import replace

from prompts.domain.lint import Field, Finding
from prompts.domain.repairs import repair
from prompts.services.draft import save_draft
from prompts.services.slots import Text

from .bench import Bench


def mend(bench: Bench, key: str) -> Bench:
    """The bench after the finding with this key was mended; a stranger's key changes nothing."""
    finding = next((one.finding for one in bench.points() if one.key == key), None)
    if finding is None:
        return bench
    draft = save_draft(
        desk=bench.desk,
        words=_mended(bench.words, finding),
        note=bench.draft.note if bench.draft else "",
        base=bench.base,
        edition=bench.edition,
    )
    return replace(bench, draft=draft)


def _mended(words: Text, finding: Finding) -> Text:
    """The two texts, one of them without what was found."""
    if finding.where is Field.TEXT:
        text = repair(words.text, finding.code, finding.found, finding.better)
        return replace(words, text=text)
    greeting = repair(words.greeting, finding.code, finding.found, finding.better)
    return replace(words, greeting=greeting)
