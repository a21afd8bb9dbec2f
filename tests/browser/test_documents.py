"""The documents show the pictures that `make guide` makes, and no others; no browser is needed."""

import re

from tests.browser.pictures import DOCUMENTS, FOLDER, LARGEST, NAMES

SHOWN = re.compile(r"!\[(?P<words>[^\]]*)\]\((?P<path>[^)]*)\)")
FEWEST_WORDS = 5  # of what is said to whoever does not see a picture


def test_the_documents_show_what_the_guide_makes() -> None:
    shown = [
        (document.name, found["path"], found["words"])
        for document in DOCUMENTS.glob("*.md")
        for found in SHOWN.finditer(document.read_text())
    ]
    assert {path for _, path, _ in shown} == {f"pictures/{name}.png" for name in NAMES}
    for document, path, words in shown:
        assert len(words.split()) >= FEWEST_WORDS, f"{document}: say what {path} shows."


def test_every_picture_was_made_and_is_small() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"{name}.png" for name in NAMES}
    for file in FOLDER.iterdir():
        assert file.stat().st_size <= LARGEST, f"{file.name} is too large; make it show less."
