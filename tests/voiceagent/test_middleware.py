import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory, Client
from pytest_django import Settings

from prompts.requests import current_request
from voiceagent.middleware import request_middleware


async def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.scheme} {current_request.get()}")


async def test_the_name_in_the_header_is_the_name_inside() -> None:
    response = await request_middleware(answer)(AsyncRequestFactory().get("/"))
    assert response.content.decode() == f"http {response['X-Request-ID']}"
    assert current_request.get() == ""


async def test_the_scheme_is_the_one_that_the_outside_world_sees(settings: Settings) -> None:
    settings.PUBLIC_IS_SECURE = True
    response = await request_middleware(answer)(AsyncRequestFactory().get("/"))
    assert response.content.startswith(b"https ")


def test_a_header_does_not_make_a_request_secure(client: Client) -> None:
    response = client.get("/healthz", headers={"x-forwarded-proto": "https"})
    assert response.wsgi_request.scheme == "http"


def test_a_request_that_fails_leaves_no_name_behind() -> None:
    def fail(request: HttpRequest) -> HttpResponse:
        raise LookupError

    with pytest.raises(LookupError):
        request_middleware(fail)(AsyncRequestFactory().get("/"))
    assert current_request.get() == ""


@pytest.mark.parametrize("path", ["/healthz", "/admin/login/", "/nowhere"])
def test_every_answer_tells_browsers_to_load_nothing_from_elsewhere(
    client: Client, path: str
) -> None:
    policy = client.get(path)["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
