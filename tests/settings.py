"""The project's settings on a database of this run's own, untouched by the shell's environment.

`TEST_DATABASE=postgres` runs on a real Postgres, everything else on a file of SQLite.
"""

import atexit
import os
import re
import shutil
import tempfile
import uuid
from pathlib import Path

from tests import services

ROOT = Path(__file__).resolve().parent.parent
VARIABLES = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

for _name in VARIABLES:
    os.environ.pop(_name, None)
os.environ["DJANGO_ENV_FILE"] = os.devnull

MISSING_DATABASE = ""
if os.environ.get("TEST_DATABASE") == "postgres":
    try:
        os.environ["DATABASE_URL"] = services.postgres()
    except services.Missing as missing:
        MISSING_DATABASE = str(missing)

from voiceagent.settings import *  # noqa: E402, F403
from voiceagent.settings import DATABASES  # noqa: E402

os.environ.pop("DATABASE_URL", None)

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    _folder = tempfile.mkdtemp(prefix="voiceagent-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    DATABASES["default"]["NAME"] = f"{_folder}/main.sqlite3"
    # Named, because Django would take a database in memory, which is none of ours.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_voiceagent_{uuid.uuid4().hex[:12]}"}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
