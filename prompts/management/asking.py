"""How commands speak to the running server, where no Redis carries their words to it."""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from prompts.tokens import make_command_token

ANSWERED_WITHIN = 60.0


def add_url_argument(parser: CommandParser) -> None:
    """Let a person say where the server is, when it is not at its public address."""
    parser.add_argument(
        "--url", default=settings.PUBLIC_BASE_URL, help="where the running server is reached"
    )


def ask_server(
    base_url: str, method: str, path: str, body: object = None
) -> tuple[int, dict[str, Any]]:  # Any: JSON
    """The status and the data that the server answers; a server that is not there is a sentence."""
    request = Request(  # noqa: S310 - the scheme is checked with the settings
        base_url.rstrip("/") + path,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {make_command_token()}"},
        method=method,
    )
    try:
        with urlopen(request, timeout=ANSWERED_WITHIN) as answer:  # noqa: S310 - as above
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, _data(error)
    except (URLError, OSError) as error:
        raise CommandError(
            f"The server does not answer at {base_url}. Without REDIS_URL this command speaks to "
            "the running server: start it, or name its address with --url."
        ) from error


def _data(error: HTTPError) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.load(error)
    except ValueError:
        raise CommandError(f"The server answered with status {error.code}.") from error
    return data


def sentence_of(data: dict[str, Any]) -> str:
    """What the server says in words."""
    return str(data.get("message") or data.get("detail") or "The server gave no reason.")
