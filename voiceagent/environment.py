"""Reads environment variables and answers a wrong one with a sentence, never with a traceback."""

import ipaddress
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

import environ

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


class Environment:
    """The variables of this process; ``problems`` holds a sentence for each wrong one.

    An empty variable counts as one that is not set. Values are never interpolated, so a secret
    may begin with a dollar sign, and a secret is never part of a sentence.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        """Read from ``variables``, usually ``os.environ``."""
        self.variables = variables
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """Printable ASCII, as header values, tokens and names of models need it."""
        value = self.variables.get(name, "").strip() or default
        if value.isascii() and value.isprintable():
            return value
        self.problems.append(f"{name} may hold printable ASCII characters only; type it anew.")
        return default

    def items(self, name: str, default: list[str]) -> list[str]:
        """A list separated by commas."""
        return [item.strip() for item in self.text(name).split(",") if item.strip()] or default

    def switch(self, name: str, *, default: bool) -> bool:
        """A yes or no."""
        value = self.text(name).lower()
        if value in _TRUE | _FALSE:
            return value in _TRUE
        if value:
            self.problems.append(f"{name} is {value!r}; write 1 (on) or 0 (off).")
        return default

    def choice(self, name: str, default: str, allowed: Collection[str]) -> str:
        """One of a few words."""
        value = self.text(name, default)
        if value in allowed:
            return value
        self.problems.append(f"{name} is {value!r}; write one of: {', '.join(sorted(allowed))}.")
        return default

    def whole(self, name: str, default: int, *, lowest: int, highest: int) -> int:
        """A whole number between two limits."""
        value = self.text(name, str(default))
        if value.isdigit() and len(value) < 10 and lowest <= int(value) <= highest:
            return int(value)
        self.problems.append(
            f"{name} is {value!r}; write a whole number from {lowest} to {highest}."
        )
        return default

    def seconds(self, name: str, default: float, *, lowest: float, highest: float) -> float:
        """A number of seconds between two limits; 0.5 is fine."""
        value = self.text(name, f"{default:g}")
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if lowest <= number <= highest:
            return number
        self.problems.append(
            f"{name} is {value!r}; write a number of seconds from {lowest:g} to {highest:g}."
        )
        return default

    def time_zone(self, name: str, default: str) -> str:
        """A name of the time zone database."""
        value = self.text(name, default)
        if value in available_timezones():
            return value
        self.problems.append(f"{name} is {value!r}; write a name such as Europe/Berlin or UTC.")
        return default

    def base_address(self, name: str, default: str) -> str:
        """Scheme and host, without a path."""
        value = self.text(name, default).rstrip("/")
        parts = _split(value, {"http", "https"})
        bare = parts and not (parts.path or parts.query or parts.fragment or parts.username)
        if bare:
            return value
        self.problems.append(
            f"{name} is {value!r}; write scheme and host only, such as https://voice.example.com."
        )
        return default

    def address(self, name: str, default: str, schemes: Collection[str]) -> str:
        """An address with one of ``schemes``; it may carry a password, so it is not repeated."""
        value = self.text(name, default)
        if not value or _split(value, schemes):
            return value
        starts = " or ".join(f"{scheme}://" for scheme in sorted(schemes))
        self.problems.append(f"{name} must be an address with a host that begins with {starts}")
        return default

    def database(self, name: str, default: str) -> dict[str, object]:
        """What django-environ makes of an address of SQLite or Postgres."""
        value = self.variables.get(name, "").strip() or default
        config = _database(value)
        if config is not None:
            return config
        self.problems.append(
            f"{name} must look like sqlite:///db.sqlite3 (a file) or "
            "postgres://user:password@host:5432/name; quote special characters of a "
            "password as %XX."
        )
        return _database(default) or {}

    def refuse_wrong_values(self) -> None:
        """End the process with one line for each wrong value."""
        if self.problems:
            refuse(self.problems)


def read_file(path: str) -> None:
    """Put the variables of ``path`` beside those of the process, which win."""
    try:
        if Path(path).exists():  # without one, django-environ would write a line about it
            environ.Env.read_env(path)
    except (OSError, UnicodeDecodeError) as error:
        refuse([f"The file {path} cannot be read: {error}."])


def refuse(lines: Collection[str]) -> NoReturn:
    """End the process before it serves anybody, one line on the error stream for each reason."""
    sys.stderr.write("\n".join(lines) + "\n")
    raise SystemExit(3)  # uvicorn restarts a worker that ends with another number, for ever


def is_loopback(host: str) -> bool:
    """Whether ``host`` names this very machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(value: str, schemes: Collection[str]) -> SplitResult | None:
    """The parts of an address, or nothing when it is not one of ``schemes`` with a host."""
    try:
        parts = urlsplit(value)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable and not any(mark in value for mark in ' "<>\\^`{|}') else None


def _database(value: str) -> dict[str, object] | None:
    scheme = value.partition("://")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"} or not value.isprintable():
        return None
    try:
        value.encode()
        config = dict(environ.Env.db_url_config(value))
    except (ValueError, UnicodeError, TypeError, KeyError, IndexError):
        return None
    if scheme == "sqlite" and not value.startswith("sqlite:///"):
        return None
    named = config.get("NAME") not in {"", ":memory:"}
    return config if named else None
