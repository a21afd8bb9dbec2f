import os
import re
import subprocess
import sys
from ast import literal_eval
from pathlib import Path

import pytest

from tests.servers import ROOT, clean_environment

PRODUCTION = {
    "PUBLIC_BASE_URL": "https://voice.example.com",
    "DJANGO_SECRET_KEY": "k" * 50,
    "OPENAI_API_KEY": "sk-test",
    "TWILIO_AUTH_TOKEN": "t" * 32,
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=clean_environment(**environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def setting(expression: str, **environment: str) -> str:
    done = run(
        "-c", f"from voiceagent import settings; print(settings.{expression})", **environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_BASE_URL", "voice.example.com"),
        ("PUBLIC_BASE_URL", "https://"),
        ("PUBLIC_BASE_URL", "https://voice.example.com/path"),
        ("PUBLIC_BASE_URL", "https://voice.example.com:port"),
        ("PUBLIC_BASE_URL", "https://vöice.example.com"),
        ("DJANGO_DEBUG", "maybe"),
        ("DJANGO_SECRET_KEY", "pässword"),
        ("DATABASE_URL", "garbage"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "sqlite://:memory:"),
        ("DATABASE_URL", "postgres://user:pass@host:port/name"),
        ("DATABASE_URL", "postgres://user:pass@host:5432/"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("OPENAI_API_KEY", "sk-\u00e4"),
        ("OPENAI_REALTIME_URL", "https://api.openai.com/v1/realtime"),
        ("TWILIO_AUTH_TOKEN", "t\u00f6ken"),
        ("TWILIO_AUTH_TOKEN_SECONDARY", "to\nken"),
        ("TWILIO_STREAM_SIGNATURE", "always"),
        ("TWILIO_API_BASE_URL", "api.twilio.com"),
        ("RECONCILE_SECONDS", "abc"),
        ("RECONCILE_SECONDS", "0"),
        ("RECONCILE_SECONDS", "nan"),
        ("MAX_CONCURRENT_CALLS", "-1"),
        ("MAX_CONCURRENT_CALLS", "\u0661"),
        ("MAX_CALL_SECONDS", "1e3"),
        ("WEB_CONCURRENCY", "two"),
        ("LANGUAGE_CODE", "xx"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_wrong_value_is_one_readable_line(name: str, value: str) -> None:
    done = run("-c", "import voiceagent.settings", **{name: value})
    assert done.returncode == 3
    assert re.fullmatch(rf"{name} [^\n]+\n", done.stderr), done.stderr
    if name in {"DJANGO_SECRET_KEY", "DATABASE_URL", "OPENAI_API_KEY", "TWILIO_AUTH_TOKEN"}:
        assert value not in done.stderr


def test_bytes_that_are_no_text_are_one_readable_line() -> None:
    done = run("-c", "import voiceagent.settings", DATABASE_URL=os.fsdecode(b"sqlite:///\xff"))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert done.stderr.startswith("DATABASE_URL ")


@pytest.mark.parametrize(
    "command",
    [
        ["manage.py", "check"],
        ["-m", "daphne", "-p", "0", "voiceagent.asgi:application"],
        ["-m", "uvicorn", "--port", "0", "voiceagent.asgi:application"],
    ],
    ids=["manage", "daphne", "uvicorn"],
)
def test_several_wrong_values_are_as_many_lines_wherever_they_are_met(command: list[str]) -> None:
    done = run(*command, RECONCILE_SECONDS="abc", DATABASE_URL="garbage", PUBLIC_BASE_URL="here")
    assert done.returncode == 3
    assert [line.split()[0] for line in done.stderr.splitlines()] == [
        "PUBLIC_BASE_URL",
        "RECONCILE_SECONDS",
        "DATABASE_URL",
    ]


def test_a_file_that_cannot_be_read_is_one_readable_line(tmp_path: Path) -> None:
    (tmp_path / "env").write_bytes(b"TIME_ZONE=\xff\n")
    done = run("-c", "import voiceagent.settings", DJANGO_ENV_FILE=str(tmp_path / "env"))
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "cannot be read" in done.stderr


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("TIME_ZONE=Asia/Jerusalem\nLOG_LEVEL=ERROR\n")
    pair = setting(
        "TIME_ZONE, settings.LOG_LEVEL", DJANGO_ENV_FILE=str(tmp_path / "env"), LOG_LEVEL="DEBUG"
    )
    assert pair == "Asia/Jerusalem DEBUG"


def test_the_example_file_names_every_variable_and_changes_nothing() -> None:
    source = (ROOT / "voiceagent" / "settings.py").read_text()
    example = (ROOT / ".env.example").read_text()
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", source))
    assert set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE)) == read
    everything = (
        "DEBUG, {k: str(v) for k, v in vars(settings).items() if k.isupper() and k != 'LANGUAGES'}"
    )
    assert setting(everything) == setting(everything, DJANGO_ENV_FILE=str(ROOT / ".env.example"))


def test_an_uncommented_example_changes_nothing(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    (tmp_path / "env").write_text(re.sub(r"^# ([A-Z_]+=)", r"\1", example, flags=re.MULTILINE))
    facts = (
        "DEBUG, settings.DATABASES, settings.CACHES, settings.ALLOWED_HOSTS, settings.SECRET_KEY"
    )
    assert setting(facts) == setting(facts, DJANGO_ENV_FILE=str(tmp_path / "env"))


def test_debug_is_on_exactly_at_home() -> None:
    assert setting("DEBUG") == "True"
    assert setting("DEBUG", PUBLIC_BASE_URL="http://127.0.0.1:4321") == "True"
    assert setting("DEBUG", PUBLIC_BASE_URL="http://[::1]:4321") == "True"
    assert setting("DEBUG", PUBLIC_BASE_URL="https://voice.example.com") == "False"
    assert setting("DEBUG", DJANGO_DEBUG="0") == "False"


def test_a_secret_may_begin_with_a_dollar_sign() -> None:
    assert setting("SECRET_KEY", DJANGO_SECRET_KEY="$HOME" * 10) == "$HOME" * 10


def test_two_tokens_are_good_at_once() -> None:
    tokens = setting("TWILIO_AUTH_TOKENS", TWILIO_AUTH_TOKEN="a", TWILIO_AUTH_TOKEN_SECONDARY="b")
    assert tokens == "('a', 'b')"
    assert setting("TWILIO_AUTH_TOKENS", TWILIO_AUTH_TOKEN_SECONDARY="b") == "('b',)"


def test_https_makes_cookies_secure() -> None:
    facts = "SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0"
    assert setting(facts, **PRODUCTION) == "True True True"
    assert setting(facts) == "False False False"


def test_sqlite_is_a_file_beside_the_project_unless_an_absolute_path_is_given() -> None:
    name = "DATABASES['default']['NAME']"
    assert setting(name) == str(ROOT / "db.sqlite3")
    assert (
        setting(name, DATABASE_URL="sqlite:////tmp/some where.sqlite3") == "/tmp/some where.sqlite3"
    )


def test_postgres_gets_a_pool_and_limits_and_keeps_what_the_address_says() -> None:
    options = "DATABASES['default']['OPTIONS']"
    url = "postgres://user:p%40ss@host:5433/name?sslmode=require"
    given = literal_eval(setting(options, DATABASE_URL=url))
    pool = {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 4}
    assert given["pool"] == pool
    assert given["connect_timeout"] == 3
    assert given["tcp_user_timeout"] == 10_000
    assert given["sslmode"] == "require"
    assert setting("DATABASES['default']['PASSWORD']", DATABASE_URL=url) == "p@ss"


def test_two_redis_databases_hear_nothing_of_each_other() -> None:
    prefix = "CHANNEL_LAYERS['default']['CONFIG']['prefix']"
    first, second = (
        setting(prefix, REDIS_URL=f"redis://127.0.0.1:6379/{number}") for number in (1, 2)
    )
    assert first != second
