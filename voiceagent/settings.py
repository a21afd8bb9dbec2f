"""Every setting of the project, and the only reader of the environment."""

import logging
import os
import sys
import warnings
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from voiceagent.environment import Environment, is_loopback, read_file

BASE_DIR = Path(__file__).resolve().parent.parent

read_file(os.environ.get("DJANGO_ENV_FILE") or str(BASE_DIR / ".env"))
env = Environment(os.environ)

# Where we are: Twilio's signatures and the stream addresses derive from this, never from `Host`.
PUBLIC_BASE_URL = env.base_address("PUBLIC_BASE_URL", "http://127.0.0.1:8000")
_public = urlsplit(PUBLIC_BASE_URL)
PUBLIC_HOST = _public.hostname or ""
PUBLIC_IS_LOOPBACK = is_loopback(PUBLIC_HOST)
PUBLIC_IS_SECURE = _public.scheme == "https"

# Off loopback there is no key to fall back on; `voiceagent.checks` then refuses to start.
DEBUG = env.switch("DJANGO_DEBUG", default=PUBLIC_IS_LOOPBACK)
DEVELOPMENT_KEY = "only-for-development-on-this-machine" * 2
SECRET_KEY = env.text("DJANGO_SECRET_KEY", DEVELOPMENT_KEY if DEBUG else "")
ALLOWED_HOSTS = env.items("DJANGO_ALLOWED_HOSTS", [PUBLIC_HOST])
ALLOWED_HOSTS += [name for name in ("localhost", "127.0.0.1", "[::1]") if name not in ALLOWED_HOSTS]
CSRF_TRUSTED_ORIGINS = env.items("DJANGO_CSRF_TRUSTED_ORIGINS", [PUBLIC_BASE_URL])

# The voice service. Without a key the bundled simulator stands in, and says so.
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
OPENAI_REALTIME_URL = env.address(
    "OPENAI_REALTIME_URL", "wss://api.openai.com/v1/realtime", {"ws", "wss"}
)
OPENAI_REALTIME_MODEL = env.text("OPENAI_REALTIME_MODEL", "gpt-realtime-2.1")
OPENAI_TRANSCRIPTION_MODEL = env.text("OPENAI_TRANSCRIPTION_MODEL", "gpt-transcribe")
SIMULATE_MODEL = not OPENAI_API_KEY
REALTIME_URL_IS_IGNORED = SIMULATE_MODEL and bool(os.environ.get("OPENAI_REALTIME_URL"))

# Twilio. While a token is exchanged for another, both are good.
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID")
TWILIO_AUTH_TOKENS: tuple[str, ...] = tuple(
    token
    for token in (env.text("TWILIO_AUTH_TOKEN"), env.text("TWILIO_AUTH_TOKEN_SECONDARY"))
    if token
)
TWILIO_STREAM_SIGNATURE = env.choice(
    "TWILIO_STREAM_SIGNATURE", "if-present", {"if-present", "required", "off"}
)
TWILIO_API_BASE_URL = env.address("TWILIO_API_BASE_URL", "", {"http", "https"})

# The calls.
RECONCILE_SECONDS = env.seconds("RECONCILE_SECONDS", 5, lowest=0.1, highest=3600)
MAX_CONCURRENT_CALLS = env.whole("MAX_CONCURRENT_CALLS", 100, lowest=1, highest=100_000)
MAX_CALL_SECONDS = env.whole("MAX_CALL_SECONDS", 1800, lowest=10, highest=3600)

# The database. A call must never wait long for it, so every wait has a limit.
DATABASES = {"default": env.database("DATABASE_URL", "sqlite:///db.sqlite3")}
_database = DATABASES["default"]
_given_options = _database.pop("OPTIONS", {})
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["NAME"] = str(BASE_DIR / str(_database["NAME"]))
    _options: dict[str, object] = {
        "timeout": 10,
        "transaction_mode": "IMMEDIATE",  # SQLite's row lock: a reader never turns into a writer
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA foreign_keys=ON;",
    }
else:
    _database |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    _options = {
        "connect_timeout": 3,
        # A host that is gone without a word is given up within ten seconds, not after hours.
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
        # The pool pauses twice as long after each failure to connect and begins anew after
        # four seconds, so that it notices within two that the database is back.
        "pool": {"min_size": 1, "max_size": 8, "timeout": 5, "reconnect_timeout": 4},
    }
_database["OPTIONS"] = _options | (_given_options if isinstance(_given_options, dict) else {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis carries hints between processes and keeps texts warm. Half a second is long enough to
# know that it is away. Publish and subscribe ignores the number of a Redis database, so the
# number is part of the prefix.
REDIS_URL = env.address("REDIS_URL", "", {"redis", "rediss"})
REDIS_TIMEOUTS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
REDIS_PREFIX = "voiceagent" + urlsplit(REDIS_URL).path.rstrip("/").replace("/", ":")
CHANNEL_LAYERS: dict[str, dict[str, object]]
CACHES: dict[str, dict[str, object]]
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {
                "hosts": [{"address": REDIS_URL, **REDIS_TIMEOUTS}],
                "prefix": REDIS_PREFIX,
            },
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
            "OPTIONS": REDIS_TIMEOUTS,
        }
    }
else:
    # Members of a group in memory would be forgotten after a day, and nobody would notice.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"group_expiry": 10**9},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
WEB_CONCURRENCY = env.whole("WEB_CONCURRENCY", 1, lowest=1, highest=1000)

# Django.
INSTALLED_APPS = [
    "daphne",  # before staticfiles: its `runserver` speaks WebSocket
    "voiceagent",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "axes",
    "prompts",
    "calls",
]
MIDDLEWARE = [
    "voiceagent.middleware.request_middleware",
    "calls.twilio.middleware.twilio_door",  # Twilio's requests pass by what is for people
    "voiceagent.policy.policy_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "voiceagent.refusals.refusal_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it answers for a login that was locked out
]
ROOT_URLCONF = "voiceagent.urls"
ASGI_APPLICATION = "voiceagent.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: it refuses before a password is looked at
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# A user name is locked for the address that guessed it wrong, so that a stranger elsewhere cannot
# lock its owner out. Behind a proxy that hides addresses, all count as one.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying on costs nobody more time
AXES_LOCKOUT_CALLABLE = "prompts.admin.lockout.answer"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Mail: links by which people choose a password. Without EMAIL_URL they go to the server's output.
EMAIL_URL = env.address("EMAIL_URL", "", {"smtp", "smtp+tls", "smtp+ssl"})
_mail = urlsplit(EMAIL_URL)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_URL else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.scheme == "smtp+tls", _mail.scheme == "smtp+ssl"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"voiceagent@{PUBLIC_HOST}")

# Words for people.
LANGUAGES = [("en", _("English")), ("he", _("Hebrew"))]
LANGUAGE_CODE = env.choice("LANGUAGE_CODE", "en", {code for code, _name in LANGUAGES})
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60  # seconds; whoever chose a language keeps it
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.time_zone("TIME_ZONE", "UTC")
USE_TZ = True

# Static files are served by the process itself, straight from the packages that bring them.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
warnings.filterwarnings(  # whitenoise answers a static file with a synchronous iterator
    "ignore", message="StreamingHttpResponse must consume synchronous iterators"
)

# Security. The scheme comes from PUBLIC_BASE_URL (see the middleware), not from a header.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PUBLIC_IS_SECURE
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if PUBLIC_IS_SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # redirecting to https is the proxy's part

# What operators read. A management command answers whoever typed it; its log tells of trouble only.
_is_command = Path(sys.argv[0]).name == "manage.py" and sys.argv[1:2] != ["runserver"]
_usual_level = "WARNING" if _is_command else "INFO"
LOG_LEVEL = env.choice("LOG_LEVEL", _usual_level, {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
LOG_FORMAT = env.choice("LOG_FORMAT", "text", {"text", "json"})
# Uvicorn has set up its log by now; with `--no-access-log` nobody listens, and it stays so.
_has_access_log = logging.getLogger("uvicorn.access").hasHandlers()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "voiceagent.logs.TextFormatter"},
        "json": {"()": "voiceagent.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # These bring handlers of their own; one line for each record, in one format, is enough.
    "loggers": {
        **{name: {"propagate": True} for name in ("django", "django.server")},
        **{name: {"propagate": True} for name in ("uvicorn", "uvicorn.error")},
        "uvicorn.access": {"propagate": _has_access_log},
    },
}

env.refuse_wrong_values()
