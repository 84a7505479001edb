"""The lists of the admin, exported as its own page shows them: same rights, same search, same filters, same order."""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import HttpRequest


def rows_of_admin(model: type[Model]) -> Callable[[HttpRequest], QuerySet | None]:
    """Return the function that reads what the admin's list of `model` shows for a request, all its pages together."""

    def rows(request: HttpRequest) -> QuerySet | None:
        pages = admin.site._registry.get(model)
        if pages is None or not admin.site.has_permission(request) or not pages.has_view_permission(request):
            return None
        try:
            return pages.get_changelist_instance(request).queryset
        except (IncorrectLookupParameters, SuspiciousOperation):
            # The page itself falls back to the whole list there; a file must never hold more than was asked for.
            return None

    return rows
