"""Gives every request a name, and the scheme that the outside world sees."""

import uuid
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponseBase

_request_id: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The name of the request being answered; empty outside one."""
    return _request_id.get()


class RequestMiddleware:
    """Names each request, in the log, in the audit and in the header ``X-Request-ID``."""

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]
    ) -> None:
        """Stay asynchronous when the next in line is."""
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer now, or hand out the coroutine that will."""
        _set_public_scheme(request)
        if iscoroutinefunction(self):
            return self.answer(request)
        token = _request_id.set(uuid.uuid4().hex)
        try:
            return _named(self.get_response(request))
        finally:
            _request_id.reset(token)

    async def answer(self, request: HttpRequest) -> HttpResponseBase:
        """Answer under a name of its own."""
        token = _request_id.set(uuid.uuid4().hex)
        try:
            return _named(await self.get_response(request))  # type: ignore[misc]  # is asynchronous here
        finally:
            _request_id.reset(token)


def _named(response: object) -> HttpResponseBase:
    assert isinstance(response, HttpResponseBase)  # noqa: S101  # synchronous, or awaited by now
    response["X-Request-ID"] = current_request_id()
    return response


def _set_public_scheme(request: HttpRequest) -> None:
    # Behind a proxy the socket is plain http. A header could claim anything, our own setting not.
    if settings.PUBLIC_IS_SECURE and isinstance(request, ASGIRequest):
        request.scope["scheme"] = "https"
