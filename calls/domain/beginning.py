"""What a call begins under: its business, its clocks, its first words, its session's settings."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
from msgspec import Struct

from calls.domain.answers import Admission
from calls.domain.configuration import Configuration, full_session

Settings = Mapping[str, Any]  # Any: what JSON can hold


class Beginning(Struct, frozen=True):
    """All of it, by the names that the row of the call has for it."""

    business_id: int | None
    direction: str
    started_revision: int | None
    started_platform_revision: int | None
    version: int | None
    fingerprint: str
    settings: Settings
    settings_fingerprint: str

    @property
    def facts(self) -> dict[str, Any]:
        """The same for the call's log, where the settings stand by their hash alone."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "settings"}

    @property
    def agrees_with_itself(self) -> bool:
        """Whether the settings are those of their hash, or neither was written yet."""
        written = bool(self.settings or self.settings_fingerprint)
        return not written or fingerprint_of(self.settings) == self.settings_fingerprint


def begun(admission: Admission, configuration: Configuration, model: str) -> Beginning:
    """What is known of a call before anything was sent.

    ``settings`` is the first ``session.update``; its text is named by the fingerprint, not copied,
    and the model is no key of a session, because the address of the socket fixes it.
    """
    instructions = configuration.instructions
    session = {"model": model, **full_session(configuration, configuration.agent.voice)}
    settings = {key: value for key, value in session.items() if key != "instructions"}
    return Beginning(
        business_id=admission.business_id,
        direction=admission.direction.value,
        started_revision=admission.started.revision,
        started_platform_revision=admission.started.platform_revision,
        version=instructions.version,
        fingerprint=instructions.fingerprint,
        settings=settings,
        settings_fingerprint=fingerprint_of(settings),
    )


def fingerprint_of(settings: Settings) -> str:
    """The hash of settings, however a database orders them; "" for what never was a session's."""
    try:
        return sha256(orjson.dumps(settings, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except TypeError:  # numbers as long as no number of ours
        return ""
