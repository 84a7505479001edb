"""stub"""

from django.http import Http404, HttpRequest, HttpResponse


def figures(request: HttpRequest) -> HttpResponse:
    raise Http404


def rows(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404


def indicator(request: HttpRequest, key: str) -> HttpResponse:
    raise Http404
