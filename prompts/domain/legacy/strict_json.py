"""JSON as it is written down, where a key that is given twice does not vanish."""

import json
from collections import Counter
from typing import NoReturn

from .faults import Wrong, shown


class Repeated(dict[str, object]):
    """An object that gives a key twice, so that nobody knows which value is meant."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        """Keep the first key that comes again."""
        super().__init__(pairs)
        times = Counter(key for key, _value in pairs)
        self.key = next(key for key in times if times[key] > 1)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    plain = dict(pairs)
    return plain if len(plain) == len(pairs) else Repeated(pairs)


def _no_number(word: str) -> NoReturn:
    raise Wrong(f"{word} is no JSON value")


DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_number)


def load(text: str) -> object:
    """The value that ``text`` writes down; raises `Wrong`, or `json.JSONDecodeError` itself."""
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise Wrong("it is nested too deeply") from None
    except ValueError as error:  # a number of thousands of digits
        raise Wrong(shown(error)) from error


def kind_of(value: object) -> str:
    """What a value is, in the words of a person."""
    kinds: tuple[tuple[type, str], ...] = (
        (bool, "yes or no"),
        (str, "text"),
        (int, "a number"),
        (float, "a number"),
        (list, "a list"),
        (dict, "an object"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "nothing")
