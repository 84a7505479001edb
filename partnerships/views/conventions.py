"""Read the conventions: the list, the page of one, and how its document comes along."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from e2c_portal.documents.views.fragments import fragment
from partnerships.diffusion import shown_name, without_name
from partnerships.documents import KIND
from partnerships.forms import ConventionSearchForm
from partnerships.meeting_forms import CommentForm
from partnerships.models import PartnershipConvention
from partnerships.permissions import PartnershipPermission
from partnerships.progress import progress_of
from partnerships.queries import (
    amendments_of,
    comments_of,
    conventions_visible_to,
    in_situation,
    meetings_of,
    searched,
    signing_years,
    with_text,
)
from partnerships.sheet import facts_of, history_of, papers_of, situation_named
from partnerships.signature_sheet import signature_panel
from partnerships.sleeping import asleep_among
from partnerships.workflows import SIGNED_STATES
from schools.scope import scope_of

PER_PAGE = 25


@require_safe
def convention_list(request: HttpRequest) -> HttpResponse:
    """Show the conventions that match what is searched, projects first, then the last signed."""
    conventions = conventions_on_screen(request)
    if conventions is None:
        raise Http404
    form = ConventionSearchForm(request.GET, signing_years(scope_of(request.user)))
    page = Paginator(conventions, PER_PAGE).get_page(request.GET.get("page"))
    writer = request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)
    for convention in page:
        convention.where = situation_named(convention.situation)
        company, name = convention.company, convention.printed_name
        convention.told_name = shown_name(company, writer=writer, name=name)
        convention.told_title = convention.title if writer else without_name(convention.title, company, name)
    context = {
        "form": form, "page_obj": page, "asleep": asleep_among(row.company_id for row in page),
        "may_add": request.user.has_perm(PartnershipPermission.ADD_CONVENTION),
    }  # fmt: skip
    return render(request, "partnerships/conventions.html", context)


def conventions_on_screen(request: HttpRequest) -> QuerySet[PartnershipConvention] | None:
    """Return the conventions that match what is searched, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty:
        return None
    form = ConventionSearchForm(request.GET, signing_years(scope))
    writer = request.user.has_perm(PartnershipPermission.CHANGE_COMPANY)
    conventions = _narrowed(conventions_visible_to(scope), form, writer=writer)
    return conventions.order_by(F("signed_on").desc(nulls_first=True), "-number")


def _narrowed(
    conventions: QuerySet[PartnershipConvention], form: ConventionSearchForm, *, writer: bool
) -> QuerySet[PartnershipConvention]:
    chosen = form.chosen()
    if words := chosen.get("q"):
        conventions = searched(conventions, words, writer=writer)
    if name := chosen.get("situation"):
        conventions = in_situation(conventions, name)
    if year := chosen.get("year"):
        conventions = conventions.filter(signed_on__year=year)
    return conventions


@require_safe
def convention_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that is known of a convention."""
    convention = _find(request, pk)
    context = {
        "convention": convention,
        "situation": situation_named(convention.situation),  # type: ignore[attr-defined]
        "facts": facts_of(convention),
        "papers": papers_of(convention),
        "signature": signature_panel(KIND, convention),
        "history": history_of(convention),
        "signed": convention.status in SIGNED_STATES,
        "amendments": amendments_of(convention),
        "promises": progress_of([convention])[convention.pk],
        "meetings": meetings_of(convention),
        "comments": comments_of(convention),
        "today": timezone.localdate(),
        "comment_form": CommentForm(convention) if may_comment(convention, request.user) else None,
        "may_resolve": request.user.has_perm(PartnershipPermission.RESOLVE_COMMENT),
        "manages": request.user.is_staff and request.user.has_perm(PartnershipPermission.MOVE_CONVENTION),
    }
    return render(request, "partnerships/convention.html", context)


@require_safe
def convention_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the documents of a convention, or nothing at all while they have not changed."""
    convention = _find(request, pk)
    papers = papers_of(convention)
    context = {"convention": convention, "papers": papers, "announced": True}
    return fragment(request, "partnerships/fragments/documents_followed.html", context, token=papers.mark)


def may_comment(convention: PartnershipConvention, user: Any) -> bool:
    """Say whether this person may comment on the text: only while it is written."""
    return convention.is_editable and user.has_perm(PartnershipPermission.WRITE_COMMENT)


def _find(request: HttpRequest, pk: int) -> PartnershipConvention:
    return get_object_or_404(with_text(conventions_visible_to(scope_of(request.user))), pk=pk)
