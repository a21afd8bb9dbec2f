"""The context layer of one call, put into words anew only when one of its facts has changed."""

from datetime import datetime

from prompts.domain.context import call_context
from prompts.domain.layers import Part, Wording, context_part
from prompts.domain.profile import Profile

UNKNOWN = -1  # no revision: what is known of the caller was not read yet


class Context:
    """Keeps what is known of the caller, so that a publish reads no profiles again."""

    def __init__(self, began_at: datetime) -> None:
        self.as_of = UNKNOWN  # the revision as of which the caller is known
        self._began_at = began_at
        self._caller = Profile()
        self._facts: object = None
        self._part: Part | None = None

    def learn(self, caller: Profile, as_of: int) -> None:
        """What is known of the caller as of a revision; an older one changes nothing."""
        if as_of < self.as_of:
            return
        self.as_of = as_of
        if caller != self._caller:
            self._caller, self._part = caller, None

    def part(self, wording: Wording) -> Part:
        """The layer under a wording."""
        facts = (wording.time_zone, wording.opening_hours, wording.appointment_rules)
        if self._part is None or facts != self._facts:
            text = call_context(wording, began_at=self._began_at, caller=self._caller)
            self._facts, self._part = facts, context_part(wording.business_id, text)
        return self._part
