"""A small language in which the shapes of client events are written down."""

import base64
import binascii
import math
from collections.abc import Callable, Mapping

Check = Callable[[object, str], None]
"""Looks at a value that stands at a path such as ``session.audio`` and raises ``Rejected``."""


class Rejected(Exception):
    """The server answers a client event with an error instead of doing it."""

    def __init__(self, code: str | None, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param


def invalid(path: str, expected: str) -> Rejected:
    """Return the error for a value of the wrong kind."""
    return Rejected("invalid_value", f"Invalid value for '{path}': expected {expected}.", path)


def text(value: object, path: str) -> None:
    """Accept a string."""
    if not isinstance(value, str):
        raise invalid(path, "a string")


def flag(value: object, path: str) -> None:
    """Accept true or false."""
    if not isinstance(value, bool):
        raise invalid(path, "true or false")


def anything(value: object, path: str) -> None:
    """Accept any value."""


def number(lowest: float, highest: float) -> Check:
    """Accept a number between two bounds, both included."""

    def check(value: object, path: str) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise invalid(path, "a number")
        if not lowest <= value <= highest:
            raise invalid(path, f"a number from {lowest:g} to {highest:g}")

    return check


def whole(lowest: int = 0, highest: float = math.inf) -> Check:
    """Accept a whole number between two bounds, both included."""
    in_range = number(lowest, highest)

    def check(value: object, path: str) -> None:
        if not isinstance(value, int):
            raise invalid(path, "a whole number")
        in_range(value, path)

    return check


def one_of(*allowed: str) -> Check:
    """Accept one of a few words."""

    def check(value: object, path: str) -> None:
        if value not in allowed or not isinstance(value, str):
            raise invalid(path, "one of " + ", ".join(allowed))

    return check


def or_null(inner: Check) -> Check:
    """Accept null too."""

    def check(value: object, path: str) -> None:
        if value is not None:
            inner(value, path)

    return check


def list_of(inner: Check, longest: int = 1000) -> Check:
    """Accept a list, every element of which passes ``inner``."""

    def check(value: object, path: str) -> None:
        if not isinstance(value, list) or len(value) > longest:
            raise invalid(path, f"a list of at most {longest}")
        for index, element in enumerate(value):
            inner(element, f"{path}[{index}]")

    return check


def either(*checks: Check) -> Check:
    """Accept what any of ``checks`` accepts; the last one's error is reported."""

    def check(value: object, path: str) -> None:
        for inner in checks[:-1]:
            try:
                return inner(value, path)
            except Rejected:
                continue
        return checks[-1](value, path)

    return check


def record(
    required: Mapping[str, Check] | None = None, optional: Mapping[str, Check] | None = None
) -> Check:
    """Accept an object with exactly these keys."""
    needed = dict(required or {})
    known = needed | dict(optional or {})

    def check(value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise invalid(path, "an object")
        for key in value:
            if key not in known:
                where = join(path, key)
                raise Rejected("unknown_parameter", f"Unknown parameter: '{where}'.", where)
        for key in needed:
            if key not in value:
                where = join(path, key)
                message = f"Missing required parameter: '{where}'."
                raise Rejected("missing_required_parameter", message, where)
        for key, inner in value.items():
            known[key](inner, join(path, key))

    return check


def by_key(key: str, shapes: Mapping[str, Check]) -> Check:
    """Accept an object whose ``key`` names which of ``shapes`` it has."""

    def check(value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise invalid(path, "an object")
        where = join(path, key)
        if key not in value:
            message = f"Missing required parameter: '{where}'."
            raise Rejected("missing_required_parameter", message, where)
        one_of(*shapes)(value[key], where)
        shapes[value[key]](value, path)

    return check


def strings(most: int, longest_key: int, longest_value: int) -> Check:
    """Accept a flat object of strings, bounded in number and length."""

    def check(value: object, path: str) -> None:
        if not isinstance(value, dict) or len(value) > most:
            raise invalid(path, f"an object of at most {most} strings")
        for key, inner in value.items():
            text(inner, join(path, key))
            if len(key) > longest_key or len(inner) > longest_value:
                raise invalid(join(path, key), f"at most {longest_value} characters")

    return check


def decode_base64(value: object, path: str) -> bytes:
    """Return the bytes behind base64 text."""
    text(value, path)
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid(path, "base64") from error


def join(path: str, key: str) -> str:
    """Return the path of ``key`` below ``path``."""
    return f"{path}.{key}" if path else key
