import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from pytest_django import Settings

from prompts.services.demo import PASSWORD, USERNAME
from tests.servers import ROOT, clean_environment, manage
from voiceagent import checks

from .test_settings import PRODUCTION

IMPORT = "import voiceagent.asgi"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IMPORT],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in PRODUCTION.items() if key != name}


@pytest.mark.parametrize(
    ("environment", "start_of_line"),
    [
        (PRODUCTION | {"DJANGO_DEBUG": "1"}, "DJANGO_DEBUG is on while PUBLIC_BASE_URL is https"),
        (without("DJANGO_SECRET_KEY"), "DJANGO_SECRET_KEY is missing"),
        (without("TWILIO_AUTH_TOKEN"), "TWILIO_AUTH_TOKEN is missing"),
        (without("OPENAI_API_KEY"), "OPENAI_API_KEY is missing"),
        (PRODUCTION | {"WEB_CONCURRENCY": "2"}, "2 workers were asked for"),
        (
            PRODUCTION | {"PUBLIC_BASE_URL": "http://voice.example.com"},
            "Twilio streams sound only to https addresses; write PUBLIC_BASE_URL=https://voice.exa",
        ),
        ({"TWILIO_STREAM_SIGNATURE": "required"}, "TWILIO_STREAM_SIGNATURE is 'required'"),
        ({"DATABASE_URL": "sqlite:////nowhere/db.sqlite3"}, "The folder /nowhere of DATABASE_URL"),
    ],
)
def test_a_server_refuses_to_start_with_one_line(
    environment: dict[str, str], start_of_line: str
) -> None:
    done = start(**environment)
    assert done.returncode == 3
    assert done.stderr.startswith(start_of_line)
    assert done.stderr.count("\n") == 1


def test_a_command_refuses_for_the_same_reason() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=clean_environment(**without("DJANGO_SECRET_KEY")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "voiceagent.E002" in done.stderr
    assert "Traceback" not in done.stderr


def test_workers_named_on_the_command_line_count_too(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.REDIS_URL = ""
    monkeypatch.setattr(sys, "argv", ["uvicorn", "--workers", "4"])
    assert [message.id for message in checks.workers_can_talk()] == ["voiceagent.E006"]
    monkeypatch.setattr(sys, "argv", ["uvicorn", "--workers=1"])
    assert list(checks.workers_can_talk()) == []


def test_an_address_without_a_key_is_ignored_with_a_warning() -> None:
    done = start(OPENAI_REALTIME_URL="ws://127.0.0.1:9/v1/realtime")
    assert done.returncode == 0
    assert "OPENAI_REALTIME_URL is ignored" in done.stderr


def test_production_with_everything_set_starts(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/db.sqlite3"
    manage("migrate", "--verbosity", "0", environment=clean_environment(DATABASE_URL=database))
    done = start(**PRODUCTION, DATABASE_URL=database)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_server_on_an_unmigrated_database_starts_with_a_warning(tmp_path: Path) -> None:
    done = start(DATABASE_URL=f"sqlite:///{tmp_path}/db.sqlite3")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "WARNING voiceagent.checks: The database is not migrated" in done.stderr
    assert "manage.py migrate" in done.stderr


@pytest.mark.django_db
def test_the_demo_password_keeps_a_public_address_closed(settings: Settings) -> None:
    user = get_user_model().objects.create_user(USERNAME, password=PASSWORD)
    assert list(checks.demo_password_is_gone()) == []
    settings.PUBLIC_IS_LOOPBACK = False
    assert [message.id for message in checks.demo_password_is_gone()] == ["voiceagent.E008"]
    user.set_password("another one")
    user.save()
    assert list(checks.demo_password_is_gone()) == []


def test_a_server_on_a_public_address_looks_for_the_demo_password(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/db.sqlite3"
    manage("migrate", "--verbosity", "0", environment=clean_environment(DATABASE_URL=database))
    create = (
        "from django.contrib.auth.models import User; User.objects.create_user('demo', '', 'demo')"
    )
    manage("shell", "-c", create, environment=clean_environment(DATABASE_URL=database))
    done = start(**PRODUCTION, DATABASE_URL=database)
    assert done.returncode == 3
    assert done.stderr.startswith("The account 'demo' still has its demo password")
