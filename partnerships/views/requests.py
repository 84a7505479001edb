"""What companies ask for: the list that those who answer work through, and the page of one request."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from e2c_portal.mailing.queries import mails_of, next_step, state_of
from e2c_portal.ui.pages import ShortPaginator
from partnerships.models import CompanyRequest
from partnerships.operations.requests import answer_request, set_aside_request
from partnerships.permissions import PartnershipPermission
from partnerships.request_forms import AnswerForm, RequestSearchForm, SetAsideForm
from partnerships.request_queries import requests_searched, requests_visible_to
from partnerships.space_emails import ANSWER, RECEIPT
from partnerships.views.saving import saved
from schools.scope import scope_of

PER_PAGE = 25
UNPROCESSABLE = 422
LETTERS = {RECEIPT: "Accusé de réception", ANSWER: "Réponse envoyée"}


@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """Show the requests that match what is searched, the latest first."""
    requests = requests_on_screen(request)
    if requests is None:
        raise Http404
    page = ShortPaginator(requests, PER_PAGE, in_order=True).get_page(request.GET.get("page"))
    return render(request, "partnerships/requests.html", {"form": RequestSearchForm(request.GET), "page_obj": page})


def requests_on_screen(request: HttpRequest) -> QuerySet[CompanyRequest] | None:
    """Return the requests that match what is searched, all pages together; None for whoever may not read them."""
    if not request.user.has_perm(PartnershipPermission.VIEW_REQUEST):
        return None
    chosen = RequestSearchForm(request.GET).chosen()
    requests = requests_searched(requests_visible_to(scope_of(request.user)), chosen.pop("q", ""))
    return requests.filter(**chosen)


@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request, answer it, or set it aside."""
    asked = get_object_or_404(requests_visible_to(scope_of(request.user)), pk=pk)
    may_answer = request.user.has_perm(PartnershipPermission.ANSWER_REQUEST)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    setting_aside = "classer" in request.GET
    answer = AnswerForm(request.POST if request.method == "POST" and not setting_aside else None)
    aside = SetAsideForm(request.POST if request.method == "POST" and setting_aside else None, action="?classer")
    if answer.is_valid() and saved(
        answer, lambda: answer_request(asked.pk, answer.cleaned_data["answer"], request.user)
    ):
        messages.success(request, f"Votre réponse à la demande {asked.reference} est enregistrée.")
        return redirect(asked)
    if aside.is_valid() and saved(
        aside, lambda: set_aside_request(asked.pk, aside.cleaned_data["reason"], request.user)
    ):
        messages.success(request, f"La demande {asked.reference} est classée.")
        return redirect(asked)
    letters = [
        (LETTERS[letter.kind], state_of(letter), next_step(letter))
        for letter in mails_of(asked)
        if letter.kind in LETTERS
    ]
    context = {
        "asked": asked,
        "letters": letters,
        "may_answer": may_answer and asked.waits,
        "answer": answer,
        "aside": aside,
    }
    refused = answer.errors or aside.errors
    return render(request, "partnerships/request.html", context, status=UNPROCESSABLE if refused else 200)
