"""Read the network: the list of its schools, the page of one."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from schools.forms import SchoolSearchForm
from schools.models import School
from schools.permissions import SchoolPermission
from schools.queries import (
    current_network,
    members_visible_to,
    school_facts,
    schools_searched,
    schools_visible_to,
    with_sites,
)
from schools.scope import scope_of

PER_PAGE = 25


@require_safe
def school_list(request: HttpRequest) -> HttpResponse:
    """Show the schools of the network that match what is searched."""
    schools = schools_on_screen(request)
    if schools is None:
        raise Http404
    form = SchoolSearchForm(request.GET)
    page = Paginator(schools, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "schools/schools.html", {"form": form, "network": current_network(), "page_obj": page})


def schools_on_screen(request: HttpRequest) -> QuerySet[School] | None:
    """Return the schools that match what is searched, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty:
        return None
    return schools_searched(schools_visible_to(scope), SchoolSearchForm(request.GET).words())


@require_safe
def school_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all that is known of a school; its team only to those whose scope covers it."""
    scope = scope_of(request.user)
    school = get_object_or_404(with_sites(schools_visible_to(scope)), slug=slug)
    context = {
        "school": school,
        "facts": school_facts(school),
        "covered": scope.covers(school.pk),
        "members": members_visible_to(scope, school),
        "manages": request.user.is_staff and request.user.has_perm(SchoolPermission.CHANGE_SCHOOL),
    }
    return render(request, "schools/school.html", context)
