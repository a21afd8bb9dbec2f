"""A person at the pages of one prompt, as a browser without scripts has them."""

import json
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from prompts.domain.kinds import Direction
from prompts.models import Business, PromptDraft, PromptVersion
from prompts.selectors import draft_of, slot_for_calls


@dataclass
class Writer:
    """One window of one person at one prompt, of a business or without one of the platform."""

    business: Business | None
    person: User
    direction: Direction | None = Direction.INBOUND

    def __post_init__(self) -> None:
        self.client = Client()
        self.client.force_login(self.person)
        self.edition, self.base = 0, ""

    @property
    def own(self) -> dict[str, object]:
        """For whom the pages of this window were made."""
        return {"person": self.person.get_username()}

    def url(self, name: str = "prompt", *more: object) -> str:
        """One of the pages."""
        if self.business is None:
            return reverse(f"admin:prompts_platform_{name}", args=[self.direction, *more])
        arguments = [self.business.pk, self.direction, *more]
        return reverse(f"admin:prompts_business_{name}", args=arguments)

    def open(self, name: str = "prompt", *more: object) -> HttpResponse:
        """Open a page, and remember what its hidden fields say."""
        response = self.client.get(self.url(name, *more), follow=True)
        form = response.context and response.context.get("form")
        if form and "edition" in form.fields:
            self.edition = form["edition"].value()
        if form and "base" in form.fields:
            self.base = form["base"].value() or ""
        return response

    def typed(self, **changes: object) -> dict[str, object]:
        """The fields of the editor."""
        words = {"text": "Be kind.", "greeting": "Hello.", "note": "Spring offer"}
        return {**words, **self.own, "base": self.base, "edition": self.edition, **changes}

    def write(self, *, then: str = "stay", follow: bool = True, **changes: object) -> HttpResponse:
        """Press a button of the editor."""
        words = self.typed(**changes)
        response = self.client.post(self.url(), {**words, "then": then}, follow=follow)
        if draft := self.draft:
            self.edition = draft.edition
        return response

    def autosave(self, **changes: object) -> HttpResponse:
        """What the page's script sends."""
        return self.client.post(
            self.url("autosave"), json.dumps(self.typed(**changes)), "application/json"
        )

    def publish(self, **changes: object) -> HttpResponse:
        """Press Publish on the review."""
        words = {"note": "Spring offer", "apply": "live", "edition": self.edition, **changes}
        return self.client.post(self.url("review"), {**self.own, **words}, follow=True)

    @property
    def draft(self) -> PromptDraft | None:
        """The person's draft as it is stored."""
        return draft_of(self.business, self.direction, self.person)

    @property
    def live(self) -> PromptVersion | None:
        """What is live in this direction."""
        slot = slot_for_calls(self.business, self.direction)
        return slot.current if slot else None
