"""The addresses of the portal, and one more: a bare view of Django, which the board is measured against."""

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from e2c_portal import urls as portal
from e2c_portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def bare(request: HttpRequest) -> HttpResponse:
    """Ask one question, print its answer. Behind the same middleware: signed in, protected, logged as every page is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM schools_school")
        return HttpResponse(f"{cursor.fetchone()[0]}", content_type="text/plain")


urlpatterns = [path("mesure/nue/", bare), *portal.urlpatterns]
