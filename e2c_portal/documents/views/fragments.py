"""Fragments that a page asks for again and again: an unchanged one costs neither bytes nor a word of a screen reader."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# The page tells the token of what it shows under this name.
SEEN = "vu"


def fragment(request: HttpRequest, template: str, context: dict[str, Any], *, token: str) -> HttpResponse:
    """Answer the fragment, or 204 when the page shows it already: the browser then changes nothing."""
    if request.GET.get(SEEN) == token:
        return HttpResponse(status=204)
    return render(request, template, context)
