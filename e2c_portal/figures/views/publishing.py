"""Publish the figures of a year: what would be public, before it is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from e2c_portal.figures.counting import moment, years_known
from e2c_portal.figures.forms import PublishForm
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.figures.public_content import changes_between, content_of
from e2c_portal.figures.publishing import publish, published, versions_of
from e2c_portal.figures.views.public import shown_groups
from e2c_portal.ui.refusals import status_of
from partnerships.views.saving import saved


@require_http_methods(["GET", "HEAD", "POST"])
def publish_year(request: HttpRequest, year: int) -> HttpResponse:
    """Show what would be published of a year, and what changes since it was; a POST publishes it."""
    user: Any = request.user
    if not user.has_perm(FigurePermission.VIEW) or year not in years_known():
        raise Http404
    if not user.has_perm(FigurePermission.PUBLISH):
        raise PermissionDenied
    former = published(year)
    number = former.number if former else 0
    form = PublishForm(
        request.POST or None, year=year, number=number, cancel_url=f"{reverse('figures:index')}?annee={year}"
    )
    if form.is_valid():
        typed = form.cleaned_data
        row = saved(form, lambda: publish(year, user, reason=typed.get("reason", ""), seen=typed["seen"]))
        if row:
            messages.success(request, f"Les chiffres de {year} sont publiés, version {row.number}.")
            return redirect(f"{reverse('figures:public')}?annee={year}")
    content = content_of(year)
    changes = changes_between(former.content, content) if former else []
    context = {
        "year": year, "form": form, "former": former, "changes": changes, "versions": versions_of(year),
        "is_running": year == moment().day.year, "groups": shown_groups(content, "n"), "nothing_new": bool(former and not changes and not form.is_bound),
    }  # fmt: skip
    return render(request, "figures/publish.html", context, status=status_of(form))
