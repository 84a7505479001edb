"""The lists of the admin, read as every list of the portal: short pages, counted up to a limit, found by index."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from e2c_portal.kernel.french import typeset
from e2c_portal.ui.pages import ShortPaginator

TOO_LONG = "Cette liste est trop longue pour être choisie entière : cherchez ou filtrez d’abord, ou cochez des lignes."


class ListAdmin(admin.ModelAdmin):
    """The base of every list of the admin (ADR 0039). An index of the model holds the order of a table that grows.

    Beyond the limit the page says « plus de … » (templates/admin/pagination.html), and the whole list can no longer be chosen at
    one stroke (templates/admin/actions.html): an action bears on rows that somebody saw, or found.
    """

    list_per_page = 25
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet, per_page: int, *args: Any, **kwargs: Any
    ) -> ShortPaginator:
        """Return pages that count no further than people turn them: counting half a million rows takes longer than showing them."""
        return ShortPaginator(queryset, per_page)

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> list[tuple[str, str]]:
        return super().get_action_choices(request, [("", "Choisir une action")])

    def response_action(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Refuse what would bear on more rows than the pages count, whatever the page sent."""
        if (
            request.POST.get("select_across") == "1"
            and self.get_paginator(request, queryset, self.list_per_page).has_more
        ):
            self.message_user(request, typeset(TOO_LONG), messages.ERROR)
            return None
        return super().response_action(request, queryset)
