"""Every route of the project, and the address of each for a given tenant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")

# Routes that name no row of any business, each with the reason why no walk asks them.
EXCEPTIONS: Mapping[str, str] = {
    "": "leads to the admin, and says of the HTTP interface only where it is described",
    "language/": "chooses the language of the pages, for whoever asks",
    "healthz": "says that the process lives",
    "readyz": "says whether the database answers",
    "admin/(?P<url>.*)$": "the admin's own answer to what is no page",
    "admin/logout/": "ends the walk",
    "admin/reset/<uidb64>/<token>/": "opened by a secret that was mailed to its one reader",
    "twiml/incoming/<int:business_id>": "Twilio's door: opened by a signature, not by a person",
    "twiml/outbound/<int:business_id>": "Twilio's door: opened by a signature, not by a person",
    "twilio/status": "Twilio's door: opened by a signature, not by a person",
    "twilio/stream-status": "Twilio's door: opened by a signature, not by a person",
    "twilio/stream-ended": "Twilio's door: opened by a signature, not by a person",
}
# Pages of the admin that open without a login.
FOR_STRANGERS: Mapping[str, str] = {
    "admin/login/": "the login",
    "admin/password_reset/": "for whoever cannot log in",
    "admin/password_reset/done/": "for whoever cannot log in",
    "admin/reset/done/": "for whoever cannot log in",
}
OFFERED_TO_READ = (
    "prompts/auditentry",
    "prompts/readentry",
    "prompts/apitoken",
    "calls/webhookrefusal",
)
# What Django brings and nobody is offered.
NEVER_OPEN = {
    "admin/autocomplete/",
    "admin/r/<path:content_type_id>/<path:object_id>/",
    *(
        f"admin/{model}/{page}"
        for model in OFFERED_TO_READ
        for page in ("add/", "<path:object_id>/delete/")
    ),
}
# What a parameter stands for where the model in the address does not tell.
MEANINGS: Mapping[tuple[str, str], str] = {
    ("calls_call_send_all_again", "pk"): "prompts/business",
    ("view_on_site", "object_id"): "prompts/business",
    ("prompts_platform_copy", "draft_pk"): "platform_draft_pk",
}
# Parameters that name something of everybody.
COMMON: Mapping[str, object] = {
    "content_type_id": 1,
    "app_label": "prompts",
    "ending": "csv",
}


@dataclass(frozen=True)
class Route:
    """One route: its pattern, its name and the parameters in it."""

    pattern: str
    name: str
    parameters: tuple[str, ...]

    @property
    def names_a_row(self) -> bool:
        """Whether the address names something that belongs to somebody."""
        return bool(set(self.parameters) - set(COMMON) - {"direction", "number"})

    @property
    def is_interface(self) -> bool:
        """Whether scripts ask it, not people."""
        return self.pattern.startswith(("api/admin/", "realtime/"))

    def address(self, ids: Mapping[str, object], model: str = "") -> str:
        """The address for rows with these ids; ``model`` says what ``view_on_site`` looks for."""

        def value(found: re.Match[str]) -> str:
            return str(self._value(found["name"], ids, model))

        return "/" + PARAMETER.sub(value, self.pattern)

    def _value(self, name: str, ids: Mapping[str, object], model: str) -> object:
        if name in COMMON:
            return COMMON[name]
        if name in ("pk", "object_id", "id"):
            name = model or MEANINGS.get((self.name, name)) or self._model()
        name = MEANINGS.get((self.name, name), name)
        if name not in ids:
            raise LookupError(
                f"Give the walk an object for “{name}” in {self.pattern}: name one in Tenant.ids, "
                "so that neighbours are kept out of this page too, and a browser opens it."
            )
        return ids[name]

    def _model(self) -> str:
        """The model in an address of the admin, such as ``prompts/business``."""
        return "/".join(self.pattern.split("/")[1:3])


def routes() -> list[Route]:
    """Every route but the exceptions; an exception that is no route any more is told."""
    found = dict.fromkeys(_flat(get_resolver().url_patterns))
    gone = set(EXCEPTIONS) - {route.pattern for route in found}
    assert not gone, f"No longer a route, so no longer an exception: {gone}"
    return [route for route in found if route.pattern not in EXCEPTIONS]


def _flat(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[Route]:
    for one in patterns:
        whole = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _flat(one.url_patterns, whole)
        elif isinstance(one.pattern, RoutePattern):
            names = tuple(found["name"] for found in PARAMETER.finditer(whole))
            yield Route(whole, one.name or "", names)
        else:
            yield from _from_regex(whole, one.name or "")


def _from_regex(pattern: str, name: str) -> Iterator[Route]:
    """The one kind of regular expression that Django's admin brings: a choice of words."""
    plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", pattern).replace("^", "").rstrip("$")
    if pattern in EXCEPTIONS:
        yield Route(pattern, name, ())
    else:
        yield Route(plain, name, tuple(found["name"] for found in PARAMETER.finditer(plain)))
