"""The settings of a call's session in the words of staff."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calls.domain.records import Result
from calls.models import Call, Receipt
from calls.story.changes import Change
from calls.story.timeline import Story
from prompts.admin.differences import Row
from prompts.admin.values import value_name, value_words

SETTINGS = "businesssettings"


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """Settings that changed while the call went on, and what became of that in the call."""

    change: Change
    receipt: Receipt
    rows: list[Row]


LABELS = {
    "model": gettext_lazy("Model"),
    "type": gettext_lazy("Kind of session"),
    "output_modalities": gettext_lazy("The agent answers by"),
    "audio.input.format.type": gettext_lazy("Sound of the caller"),
    "audio.input.noise_reduction": gettext_lazy("Noise reduction"),
    "audio.input.noise_reduction.type": gettext_lazy("Noise reduction"),
    "audio.input.transcription": gettext_lazy("Transcription"),
    "audio.input.transcription.model": gettext_lazy("Transcription model"),
    "audio.input.transcription.language": gettext_lazy("Language of the transcript"),
    "audio.input.transcription.languages": gettext_lazy("Languages of the transcript"),
    "audio.input.turn_detection.type": gettext_lazy("Turn detection"),
    "audio.input.turn_detection.threshold": gettext_lazy("Speech threshold"),
    "audio.input.turn_detection.prefix_padding_ms": gettext_lazy("Sound kept before speech (ms)"),
    "audio.input.turn_detection.silence_duration_ms": gettext_lazy("Silence that ends a turn (ms)"),
    "audio.input.turn_detection.idle_timeout_ms": gettext_lazy("Ask again after silence (ms)"),
    "audio.input.turn_detection.eagerness": gettext_lazy("Eagerness"),
    "audio.input.turn_detection.create_response": gettext_lazy("Answers after each turn"),
    "audio.input.turn_detection.interrupt_response": gettext_lazy("Callers can interrupt"),
    "audio.output.format.type": gettext_lazy("Sound of the agent"),
    "audio.output.voice": gettext_lazy("Voice"),
    "tools": gettext_lazy("Tools"),
    "tool_choice": gettext_lazy("Choice of tools"),
}


def settings_lines(call: Call) -> list[tuple[str, str]]:
    """Each setting by its name; one that nobody has named yet keeps its path."""
    return [
        (str(LABELS.get(name, name)), _plain(value)) for name, value in _leaves(_settings(call))
    ]


def is_simulated(call: Call) -> bool:
    """Whether the bundled stand-in spoke in place of a model."""
    return _settings(call).get("model") == "simulated"


def settings_changes(story: Story) -> list[SettingsChange]:
    """The changes of settings that the call was told of, each by the names of the settings page."""
    told: dict[int, Receipt] = {}
    for receipt in story.receipts:
        if receipt.result != Result.UNCHANGED or receipt.revision not in told:
            told[receipt.revision] = receipt
    return [
        SettingsChange(
            change,
            receipt=told[change.revision],
            rows=[
                Row(
                    field=name,
                    name=value_name(SETTINGS, name),
                    before=value_words(SETTINGS, name, before),
                    after=value_words(SETTINGS, name, after),
                )
                for name, before, after in change.values
            ],
        )
        for change in story.changes.values()
        if change.cause == "settings" and change.values
    ]


def _settings(call: Call) -> dict[str, object]:
    """The stored settings of the session, whatever shape an older release gave them."""
    return call.settings if isinstance(call.settings, dict) else {"settings": call.settings}


def _leaves(values: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    """Every value that is no group, by its path such as ``audio.output.voice``."""
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", value


def _plain(value: object) -> str:
    """A setting as a person writes it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else "–"
    return "–" if value in (None, "") else str(value)
