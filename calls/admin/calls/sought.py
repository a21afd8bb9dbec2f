"""What was typed of a person stays out of addresses, because addresses are logged and passed on.

The session keeps it, and the address says under which name.
"""

from django.http import HttpRequest, QueryDict
from django.utils.crypto import get_random_string

PERSONAL = ("number", "words", "tag")
SIGN = "~"  # before a name: no number and hardly a word begins with it
SESSION = "calls_sought"
KEPT = 40  # the newest; an older address asks to type again


def hide(request: HttpRequest, typed: QueryDict) -> QueryDict:
    """The form as an address may say it."""
    hidden = typed.copy()
    hidden.pop("csrfmiddlewaretoken", None)
    for name in [name for name in hidden if not str(hidden[name]).strip()]:
        del hidden[name]
    for name in PERSONAL:
        if name in hidden:
            hidden[name] = _keep(request, str(hidden[name]))
    return hidden


def reveal(request: HttpRequest) -> tuple[QueryDict, bool]:
    """The form as it was typed, and whether some of it is known no more."""
    typed, is_lost = request.GET.copy(), False
    kept: dict[str, str] = request.session.get(SESSION, {})
    for name in PERSONAL:
        value = typed.get(name, "")
        if value.startswith(SIGN):
            typed[name] = kept.get(value, "")
            is_lost = is_lost or value not in kept
    return typed, is_lost


def _keep(request: HttpRequest, value: str) -> str:
    """Remember a value for as long as the session lasts; answers with its name."""
    kept: dict[str, str] = request.session.get(SESSION, {})
    name = next((one for one, same in kept.items() if same == value), "")
    name = name or SIGN + get_random_string(12)
    request.session[SESSION] = dict([*kept.items(), (name, value)][-KEPT:])
    return name
