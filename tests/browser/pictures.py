"""The pictures of the guide: what `make guide` makes, and what the documents show."""

from tests.settings import ROOT

DOCUMENTS = ROOT / "docs"
FOLDER = DOCUMENTS / "pictures"
LARGEST = 150_000  # bytes
NAMES = ("workspace", "review", "confirmed", "take-back", "review-in-hebrew", "call")
