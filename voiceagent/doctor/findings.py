"""One line of the doctor's report."""

from dataclasses import asdict, dataclass

from prompts.admin.checklist import Mark

SIGNS = {Mark.GOOD: "ok   ", Mark.NOTE: "note ", Mark.WRONG: "WRONG"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do about it."""

    about: str
    mark: Mark
    sentence: str
    remedy: str = ""
    address: str = ""

    def line(self) -> str:
        """The finding for a person at a terminal."""
        words = (self.sentence, self.address, self.remedy and f"-> {self.remedy}")
        return f"{SIGNS[self.mark]}  {self.about}: {' '.join(filter(None, words))}"

    def as_json(self) -> dict[str, str]:
        """The finding for a script."""
        return {key: str(value) for key, value in asdict(self).items()}


def good(about: str, sentence: str) -> Finding:
    """Nothing to do."""
    return Finding(about, Mark.GOOD, sentence)


def note(about: str, sentence: str, remedy: str = "") -> Finding:
    """Worth reading, nothing is broken."""
    return Finding(about, Mark.NOTE, sentence, remedy)


def wrong(about: str, sentence: str, remedy: str) -> Finding:
    """Something to mend."""
    return Finding(about, Mark.WRONG, sentence, remedy)
