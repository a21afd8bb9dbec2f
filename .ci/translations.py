"""Says which words of ours have no translation; it looks at a copy and changes nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("voiceagent", "prompts", "calls", "templates", "locale")
EXTRACT = ["makemessages", "--all", "--no-obsolete", "--no-wrap", "--add-location", "never"]
SHOWN = 20


def main() -> None:
    """Compare what the code says with what the catalogues hold."""
    if shutil.which("xgettext") is None:
        sentence = (
            "Translations were not checked: gettext is missing (Debian: apt install gettext)."
        )
        sys.exit(sentence if os.environ.get("REQUIRE_SERVICES") == "1" else said(sentence))
    faults = [f"{file}: {message}" for file, message in untranslated()]
    for fault in faults[:SHOWN]:
        said(fault)
    if faults:
        sys.exit(
            f"{len(faults)} texts have no translation; `make messages` puts them into locale/."
        )


def untranslated() -> list[tuple[str, str]]:
    """Catalogue and text, for each text that is missing there or was only guessed."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in SOURCES:
            shutil.copytree(ROOT / name, copy / name)
        shutil.copy(ROOT / "manage.py", copy)
        command = [sys.executable, "manage.py", *EXTRACT]
        subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours
        files = sorted((copy / "locale").glob("*/LC_MESSAGES/*.po"))
        return [
            (str(file.relative_to(copy)), str(message.id))
            for file in files
            for message in read_po(file.open("rb"))
            if message.id and not is_translated(message)
        ]


def is_translated(message: Message) -> bool:
    """Whether every form of a text has words, which nobody guessed."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms) and not message.fuzzy


def said(sentence: str) -> int:
    """Tell the person at the terminal; the success that this is."""
    sys.stderr.write(f"{sentence}\n")
    return 0


if __name__ == "__main__":
    main()
