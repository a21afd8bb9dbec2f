"""What a browser may load for our pages: nothing but what this server gives it."""

from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

HEADER = "Content-Security-Policy"


@sync_and_async_middleware
def policy_middleware(get_response: Any) -> Any:  # synchronous or not, as the server is
    """Tell the policy with every answer; a text that slipped into a page can then run nothing."""

    def answer(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = get_response(request)
        response.headers.setdefault(HEADER, settings.CONTENT_SECURITY_POLICY)
        return response

    async def answer_async(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = await get_response(request)
        response.headers.setdefault(HEADER, settings.CONTENT_SECURITY_POLICY)
        return response

    return answer_async if iscoroutinefunction(get_response) else answer
