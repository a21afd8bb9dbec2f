"""Twilio's requests go straight to their views."""

from typing import Any

from asgiref.sync import async_to_sync, iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.decorators import sync_and_async_middleware

PREFIXES = ("/twiml/", "/twilio/")


@sync_and_async_middleware
def twilio_door(get_response: Any) -> Any:  # synchronous or not, as the server is
    """Let what is meant for people (hosts, sessions, files, languages) pass Twilio's requests by.

    A webhook is judged by its signature over PUBLIC_BASE_URL alone: whatever ``Host`` the proxy
    puts in must not refuse it, and no session or thread may make it wait.
    """

    def answer(request: HttpRequest) -> Any:
        place = _place(request)
        return async_to_sync(_view)(place, request) if place else get_response(request)

    async def answer_async(request: HttpRequest) -> Any:
        place = _place(request)
        return await (_view(place, request) if place else get_response(request))

    return answer_async if iscoroutinefunction(get_response) else answer


def _place(request: HttpRequest) -> ResolverMatch | None:
    """The view that Twilio asks for, or ``None`` for everything else."""
    if not request.path_info.startswith(PREFIXES):
        return None
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


async def _view(place: ResolverMatch, request: HttpRequest) -> HttpResponse:
    response = await place.func(request, *place.args, **place.kwargs)
    assert isinstance(response, HttpResponse)  # noqa: S101  # all of Twilio's views are ours
    return response
