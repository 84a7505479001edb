"""Forms shown by libraries (Django's admin, allauth) answer a refusal as those of the portal do: 422, never 200."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse

from e2c_portal.ui.refusals import UNPROCESSABLE


class RefusedAnswerMiddleware:
    """Give its status to a page that shows a form again because it was refused.

    Whoever reads answers without reading pages is told too: scripts, measures, and the browser, which asks before sending again.
    The views of the portal say it themselves (refusals.status_of): a page already drawn no longer tells its form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: SimpleTemplateResponse) -> HttpResponse:
        """Answer 422 instead of 200 to what was sent, when something on the page tells errors."""
        if request.method == "POST" and response.status_code == HTTPStatus.OK and tells_errors(response.context_data):
            response.status_code = UNPROCESSABLE
        return response


def tells_errors(context: Mapping[str, Any] | None) -> bool:
    """Say whether a page holds a form, or several made into one, that refuses what was sent."""
    found = context or {}
    # Django's admin gathers those of a form and of its lines under that name.
    return bool(found.get("errors")) or any(getattr(value, "errors", None) for value in found.values())
