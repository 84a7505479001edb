"""What whoever assesses does with a filled assessment: check and send it, read it again, correct it, hand it over, decline."""

import logging

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format

from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.links.visits import Visit
from partnerships.views.saving import saved
from trainees.documents.assessments import content_of
from trainees.emails.assessments import file_name
from trainees.forms.assessments import ColleagueForm, DeclineForm
from trainees.life import assessments as life
from trainees.models import CompanyAssessment
from trainees.operations.assessment_handing_over import decline, hand_over
from trainees.operations.assessment_sending import correct_assessment, submit_assessment
from trainees.reads.assessment_drafts import checked
from trainees.reads.assessment_link import SAID, open_version_of, paper_of
from trainees.reads.assessment_skills import skills_asked
from trainees.views.assessment_pages import (
    CONFLICT,
    TO_CORRECT,
    UNPROCESSABLE,
    contact_or_404,
    over,
    own_or_404,
    page,
    see,
)

logger = logging.getLogger(__name__)
UNAVAILABLE = 503


def check(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show all that will be sent, as the school and the trainee will read it; a POST sends it once, however often it is pressed."""
    row, contact = own_or_404(visit), contact_or_404(visit)
    refused: Refused | None = None
    if request.method == "POST":
        seen = request.POST.get("revision", "")
        try:
            sent = submit_assessment(
                row.pk, contact.pk, seen_revision=int(seen) if seen.isdecimal() and len(seen) < 10 else -1
            )
            return see(visit.url("recu", str(sent.public_id)))
        except ValidationError:
            return see(f"{visit.url('evaluer', str(row.public_id))}?{TO_CORRECT}")
        except Refused as refusal:
            refused, row = refusal, own_or_404(visit)
    if row.status != life.OPEN or row.respondent_id != contact.pk:
        return over(request, visit, row, refusal=refused)
    found = checked(row, skills_asked(row))
    if found.errors:
        return see(f"{visit.url('evaluer', str(row.public_id))}?{TO_CORRECT}")
    item = str(row.public_id)
    context = {
        "row": row, "found": found, "unanswered": counted(len(found.unanswered), "compétence", "compétences"),
         "content": content_of(row, found, contact, timezone.localdate()), "refused": refused,
        "here": visit.url("verifier", item), "back": visit.url("evaluer", item), "early": not row.internship.began_by(),
        "kept": row.draft.get("kept", []), "changed": isinstance(refused, Overtaken),
    }  # fmt: skip
    return page(request, visit, "trainees/assess/check.html", context, CONFLICT if refused else 200)


def receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show what was sent, when, where it stands, its paper, and how to correct it."""
    row = _sent_or_404(visit)
    contact, item = contact_or_404(visit), str(row.public_id)
    opened = open_version_of(row)
    mine = opened is None or opened.respondent_id == contact.pk
    context = {
        "row": row, "content": row.content, "sent": date_format(timezone.localtime(row.submitted_at), "j F Y à H:i"),
        "paper": paper_of(row), "pdf_url": visit.url("pdf", item),
        "correct_url": visit.url("corriger", item) if row.status in life.TO_DECIDE and mine else "", "opened": opened,
    }  # fmt: skip
    return page(request, visit, "trainees/assess/receipt.html", context)


def paper(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the sealed bytes of what this very person sent."""
    row = _sent_or_404(visit)
    found = paper_of(row)
    if found is None:
        raise Http404
    try:
        content = storage.read(found.file, sha256=found.sha256)
    except storage.StorageFault as fault:
        logger.error("document %s not served: %s", found.pk, fault.code)
        return page(request, visit, "trainees/assess/over.html", {"row": row, "refusal": fault}, UNAVAILABLE)
    record(None, "document.downloaded", found, "Document téléchargé par l’entreprise, lien d’évaluation")
    return file_response(content, file_name(row, found), attached=True)


def correct(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say what a correction does; a POST opens the next version, filled with what was sent."""
    row = _sent_or_404(visit)
    if request.method == "POST":
        try:
            opened = correct_assessment(row.pk, contact_or_404(visit).pk)
        except Refused as refusal:
            return over(request, visit, row, refusal=refusal)
        return see(visit.url("evaluer", str(opened.public_id)))
    if row.status not in life.TO_DECIDE:
        return see(visit.url("recu", str(row.public_id)))
    item = str(row.public_id)
    return page(
        request,
        visit,
        "trainees/assess/correct.html",
        {"row": row, "here": visit.url("corriger", item), "back": visit.url("recu", item)},
    )


def hand_over_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Name a colleague who knows this work better."""
    row, contact = own_or_404(visit), contact_or_404(visit)
    if row.status != life.OPEN or row.respondent_id != contact.pk:
        return over(request, visit, row)
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and saved(form, lambda: hand_over(row.pk, contact.pk, form.colleague())):
        told = form.colleague()
        text = f"{told.full_name} reçoit son lien à l’adresse {told.email}. Ce que vous aviez rempli l’attend."
        return page(
            request, visit, "trainees/assess/done.html", {"row": row, "title": "L’évaluation est confiée", "text": text}
        )
    return _short_form(request, visit, row, form, "trainees/assess/hand_over.html", "confier")


def decline_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that one is not the right person, or cannot answer."""
    row, contact = own_or_404(visit), contact_or_404(visit)
    if row.status != life.OPEN or row.respondent_id != contact.pk:
        return over(request, visit, row)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and saved(form, lambda: decline(row.pk, contact.pk, form.cleaned_data["reason"])):
        text = f"{row.school.name} le sait et ne vous relancera plus pour ce stage."
        return page(request, visit, "trainees/assess/done.html", {"row": row, "title": "C’est noté", "text": text})
    return _short_form(request, visit, row, form, "trainees/assess/decline.html", "refuser")


def _short_form(
    request: HttpRequest,
    visit: Visit,
    row: CompanyAssessment,
    form: ColleagueForm | DeclineForm,
    template: str,
    name: str,
) -> HttpResponse:
    item = str(row.public_id)
    context = {
        "row": row, "form": form, "here": visit.url(name, item), "back": visit.url("evaluer", item),
        "hand_url": visit.url("confier", item),
    }  # fmt: skip
    return page(request, visit, template, context, UNPROCESSABLE if form.errors else 200)


def _sent_or_404(visit: Visit) -> CompanyAssessment:
    row = own_or_404(visit)
    if row.status not in SAID or row.told_by_id != contact_or_404(visit).pk:
        raise Http404
    return row
