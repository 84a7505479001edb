"""One id follows a request; only a well-formed one is taken from outside."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from e2c_portal.kernel.requests import HEADER, SAFE_ID, RequestIdMiddleware, current_request_id

seen: list[str] = []


def answer(request: HttpRequest) -> HttpResponse:
    seen.append(current_request_id())
    return HttpResponse()


def id_given_to(value: str | None) -> str:
    headers = {} if value is None else {HEADER: value}
    response = RequestIdMiddleware(answer)(RequestFactory().get("/", headers=headers))
    assert seen[-1] == response[HEADER]
    return response[HEADER]


def test_the_proxy_s_id_is_kept() -> None:
    assert id_given_to("0123abcd-ef") == "0123abcd-ef"


@pytest.mark.parametrize(
    "value", [None, "", "court", "x" * 65, "deux mots ici", "abcdefgh\n", "<script>alert</script>"]
)
def test_anything_else_is_replaced(value: str | None) -> None:
    made = id_given_to(value)
    assert made != value
    assert SAFE_ID.fullmatch(made)


def test_nothing_is_left_behind() -> None:
    id_given_to("0123abcd-ef")
    assert current_request_id() == "-"


def test_two_requests_have_two_ids() -> None:
    assert id_given_to(None) != id_given_to(None)
