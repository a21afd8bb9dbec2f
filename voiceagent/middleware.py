"""Gives every request a name, and the scheme that the outside world sees."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from prompts.requests import current_client, current_request


@sync_and_async_middleware
def request_middleware(get_response: Any) -> Any:  # synchronous or not, as the server is
    """Name each request, in the log, in the audit and in the header ``X-Request-ID``."""

    def answer(request: HttpRequest) -> HttpResponse:
        with _named(request) as name:
            response: HttpResponse = get_response(request)
            response["X-Request-ID"] = name
            return response

    async def answer_async(request: HttpRequest) -> HttpResponse:
        with _named(request) as name:
            response: HttpResponse = await get_response(request)
            response["X-Request-ID"] = name
            return response

    return answer_async if iscoroutinefunction(get_response) else answer


@contextmanager
def _named(request: HttpRequest) -> Iterator[str]:
    # Behind a proxy the socket is plain http. A header could claim anything, our own setting not.
    if settings.PUBLIC_IS_SECURE and isinstance(request, ASGIRequest):
        request.scope = {**request.scope, "scheme": "https"}
    name = uuid.uuid4().hex
    token, client = current_request.set(name), current_client.set("")
    try:
        yield name
    finally:
        current_request.reset(token)
        current_client.reset(client)
