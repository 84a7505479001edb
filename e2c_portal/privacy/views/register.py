"""The register: the rules of retention, and what was erased."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from e2c_portal.privacy.queries import counts_in_words, removals, rule_lines
from e2c_portal.privacy.views.holds import PER_PAGE
from e2c_portal.privacy.views.rights import reads_rules


@require_GET
@never_cache
@reads_rules
def rules(request: HttpRequest) -> HttpResponse:
    """Show how long each thing is kept, and on which ground."""
    lines = list(rule_lines())
    return render(
        request, "privacy/rules.html", {"lines": lines, "waiting": [line for line in lines if line.to_be_set]}
    )


@require_GET
@never_cache
@reads_rules
def erased(request: HttpRequest) -> HttpResponse:
    """Show what was erased, when and why: numbers, never a name."""
    page = Paginator(removals(), PER_PAGE).get_page(request.GET.get("page"))
    for act in page:
        act.gone = counts_in_words(act)
    return render(request, "privacy/removals.html", {"page_obj": page})
