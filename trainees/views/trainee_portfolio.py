"""A trainee reads what companies say, answers, sees their skills and keeps evidence: by their link, on a cheap phone."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from e2c_portal.documents.received_files import SHOWN_TOO_LARGE
from e2c_portal.links.visits import Visit
from e2c_portal.ui.refusals import note_too_large
from partnerships.views.saving import saved
from trainees.forms.portfolio import EvidenceForm
from trainees.forms.trainee_answer import NO, YES, AnswerForm
from trainees.models import CompanyAssessment, Evidence, Trainee
from trainees.operations.portfolio import add_evidence, remove_evidence
from trainees.operations.trainee_answers import answer_assessment
from trainees.reads.portfolio import EVIDENCE_AT_MOST, own_evidence
from trainees.reads.trainee_answers import own_assessment, own_assessments, waiting_for_answer
from trainees.reads.trainee_space import current_pathway
from trainees.sheets.portfolio import portfolio_of
from trainees.sheets.trainee_answer import ToldAssessment, told_assessment
from trainees.views.evidence_files import UNAVAILABLE, evidence_response
from trainees.views.trainee_space import visitor_of

UNPROCESSABLE, SEE_OTHER = 422, 303
REMOVE = "retirer"


def evaluation(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show what a company said; a POST keeps the answer, and the page then shows it."""
    trainee = visitor_of(visit)
    told = told_assessment(_assessment(trainee, visit))
    form = AnswerForm(request.POST if request.method == "POST" else None, told=told)
    if form.is_valid() and saved(form, lambda: _answer(told, form)):
        return _see(f"{visit.url('evaluation', visit.item)}?recu")
    if form.errors:
        # Refused because it was answered, replaced or decided meanwhile: the page says where things stand now.
        told = told_assessment(_assessment(trainee, visit))
    context = {
        "told": told, "form": form, "received": "recu" in request.GET and told.answer is not None,
        "newer_url": visit.url("evaluation", str(told.newer.public_id)) if told.newer else "",
        "action": visit.url("evaluation", visit.item),
    }  # fmt: skip
    return _page(
        request, visit, trainee, "trainees/space/evaluation.html", context, UNPROCESSABLE if form.errors else 200
    )


def skills(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the skills of the trainee: validated, waiting, seen; what is to be read, and the evidence."""
    trainee = visitor_of(visit)
    book = portfolio_of(trainee)
    waiting = waiting_for_answer(trainee)
    told = [(row, visit.url("evaluation", str(row.public_id))) for row in own_assessments(trainee)]
    context = {
        "book": book, "told": told, "to_read": {row.pk for row in waiting}, "removed": "retiree" in request.GET,
        "add_url": visit.url("preuve"), "full": len(book.evidence) >= EVIDENCE_AT_MOST, "at_most": EVIDENCE_AT_MOST,
        "evidence": [(row, visit.url("preuve", str(row.public_id))) for row in book.evidence],
    }  # fmt: skip
    return _page(request, visit, trainee, "trainees/space/skills.html", context)


def evidence(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Without a number, add a piece of evidence; with one, show it, and remove it on a POST."""
    trainee = visitor_of(visit)
    if not visit.item:
        return _add(request, visit, trainee)
    row = _own_evidence(trainee, visit)
    if request.method == "POST" and REMOVE in request.POST:
        remove_evidence(row.pk, trainee.pk)
        return _see(f"{visit.url('competences')}?retiree")
    context = {
        "row": row, "file_url": visit.url("fichier", visit.item), "action": visit.url("preuve", visit.item),
        "added": "ajoutee" in request.GET, "remove": REMOVE,
    }  # fmt: skip
    return _page(request, visit, trainee, "trainees/space/evidence.html", context)


def evidence_file(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the file of a piece of evidence of this very trainee."""
    trainee = visitor_of(visit)
    response = evidence_response(_own_evidence(trainee, visit))
    if response is None:
        return _page(request, visit, trainee, "trainees/space/evidence_missing.html", {}, UNAVAILABLE)
    return response


def _add(request: HttpRequest, visit: Visit, trainee: Trainee) -> HttpResponse:
    posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EvidenceForm(*posted, trainee=trainee)
    if form.is_valid():
        row = saved(form, lambda: add_evidence(trainee.pk, form.text(), form.upload()))
        if row:
            return _see(f"{visit.url('preuve', str(row.public_id))}?ajoutee")
    note_too_large(form, request, "file", SHOWN_TOO_LARGE)
    context = {"form": form, "action": visit.url("preuve"), "may_add": current_pathway(trainee) is not None}
    return _page(
        request, visit, trainee, "trainees/space/evidence_new.html", context, UNPROCESSABLE if form.errors else 200
    )


def _answer(told: ToldAssessment, form: AnswerForm) -> Any:
    typed = form.cleaned_data
    agrees = {YES: True, NO: False}[typed["agrees"]]
    return answer_assessment(told.assessment.pk, agrees, typed["words"], form.reasons())


def _assessment(trainee: Trainee, visit: Visit) -> CompanyAssessment:
    row = own_assessment(trainee, _identifier(visit))
    if row is None:
        raise Http404
    return row


def _own_evidence(trainee: Trainee, visit: Visit) -> Evidence:
    row = own_evidence(trainee, _identifier(visit))
    if row is None:
        raise Http404
    return row


def _identifier(visit: Visit) -> UUID:
    try:
        return UUID(visit.item)
    except ValueError:
        raise Http404 from None


def _page(
    request: HttpRequest, visit: Visit, trainee: Trainee, template: str, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    pathway = current_pathway(trainee)
    context = {
        "trainee": trainee, "home_url": visit.url(), "skills_url": visit.url("competences"),
        "referent": pathway.referent if pathway else None, **more,
    }  # fmt: skip
    return render(request, template, context, status=status)


def _see(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
