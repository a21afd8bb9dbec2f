"""What is wrong with an export, and where: a sentence for the person who repairs it."""

from dataclasses import dataclass

SHOWN = 60  # signs of a value that a sentence repeats


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to repair; row 0 stands for the file itself."""

    row: int
    field: str
    sentence: str

    @property
    def place(self) -> str:
        """``row 3, field ai_prompt``."""
        row = f"row {self.row}" if self.row else "the file"
        return f"{row}, field {self.field}" if self.field else row


class BadFile(ValueError):
    """Nothing of a file can be trusted; carries the first fault."""

    def __init__(self, sentence: str, *, row: int = 0, field: str = "") -> None:
        """Say what is wrong, and how far the file could be read."""
        self.fault = Fault(row, field, sentence)
        super().__init__(f"{self.fault.place}: {sentence}")

    def __reduce__(self) -> tuple[type, tuple[str], dict[str, object]]:
        """Travel between processes with the place."""
        return type(self), (self.fault.sentence,), {"fault": self.fault}


class Wrong(ValueError):
    """A value that cannot be taken; the message says why, the caller knows the place."""


def shown(value: object) -> str:
    """A value as a sentence can repeat it: short, on one line, safe for every terminal."""
    text = value if isinstance(value, str) else str(value)
    visible = "".join(sign if sign.isprintable() else "·" for sign in text[: SHOWN + 1])
    return f"{visible[:SHOWN]}…" if len(visible) > SHOWN else visible
