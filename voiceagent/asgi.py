"""The application that every server starts: `voiceagent.asgi:application`."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceagent.settings")
http = get_asgi_application()

from voiceagent.checks import refuse_to_start  # noqa: E402  # needs Django set up
from voiceagent.lifespan import lifespan  # noqa: E402

refuse_to_start()

application = ProtocolTypeRouter({"http": http, "lifespan": lifespan})
