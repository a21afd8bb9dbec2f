"""Every setting of the project, and the only reader of the environment."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = True
SECRET_KEY = "start"  # noqa: S105
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "prompts",
    "calls",
    "voiceagent",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
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
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
PUBLIC_BASE_URL = "http://127.0.0.1:8000"
OPENAI_API_KEY = ""
OPENAI_REALTIME_URL = "wss://api.openai.com/v1/realtime"
OPENAI_REALTIME_MODEL = "gpt-realtime-2.1"
OPENAI_TRANSCRIPTION_MODEL = "gpt-transcribe"
SIMULATE_MODEL = True
TWILIO_ACCOUNT_SID = ""
TWILIO_AUTH_TOKENS: tuple[str, ...] = ()
TWILIO_STREAM_SIGNATURE = "if-present"
TWILIO_API_BASE_URL = ""
REDIS_URL = ""
RECONCILE_SECONDS = 5
MAX_CONCURRENT_CALLS = 100
MAX_CALL_SECONDS = 1800
