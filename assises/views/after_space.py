"""What somebody who came reaches by a personal link: their attestation, and the anonymous survey. GET shows, POST acts."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from assises.forms.after import SurveyForm
from assises.life.survey import OPEN, survey_state
from assises.models import Registration
from assises.operations.attestations import ask_attestation
from assises.operations.survey import answer_survey
from assises.reads.after_links import opened_by
from assises.reads.attestations import document_for, own_document
from assises.reads.survey import has_answered
from assises.sheets.attestations import attestation_sheet
from e2c_portal.documents.storage import StorageFault
from e2c_portal.documents.views.handing_over import hand_over
from e2c_portal.links.visits import Visit
from partnerships.views.saving import saved

SURVEY = "avis"
UNPROCESSABLE, SEE_OTHER, UNAVAILABLE = 422, 303, 503


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show where one was counted, the attestation and the way to the survey; a POST asks for the attestation."""
    registration = _person(visit)
    if request.method == "POST":
        ask_attestation(registration.pk)
        return _see(visit.url())
    sheet, document = attestation_sheet(registration), document_for(registration)
    state = survey_state(registration.edition, timezone.now())
    context = {
        "registration": registration, "edition": registration.edition, "sheet": sheet, "document": document,
        "file_url": visit.url("document", str(document.public_id)) if document and document.is_sealed else "",
        "here": visit.url(), "survey_url": visit.url(SURVEY), "survey": state, "survey_open": state == OPEN,
        "answered": has_answered(registration),
    }  # fmt: skip
    return render(request, "assises/after/home.html", context)


def document(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the sealed bytes of this very person's attestation."""
    registration = _person(visit)

    def unavailable(fault: StorageFault) -> HttpResponse:
        context = {"edition": registration.edition, "fault": fault, "home_url": visit.url()}
        return render(request, "assises/after/unavailable.html", context, status=UNAVAILABLE)

    said = "Attestation de présence téléchargée par la personne, page « Mon attestation »"
    return hand_over(visit.item, lambda number: own_document(registration, number), said, unavailable)


def survey(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the five questions; a POST keeps the reply, apart from whoever wrote it."""
    registration = _person(visit)
    form = SurveyForm(
        request.POST if request.method == "POST" else None, action=visit.url(SURVEY), cancel_url=visit.url()
    )
    if form.is_valid() and saved(form, lambda: (answer_survey(registration.pk, form.cleaned_data), True)):
        return _see(visit.url(SURVEY))
    state = survey_state(registration.edition, timezone.now())
    context = {
        "edition": registration.edition, "form": form, "survey": state, "survey_open": state == OPEN, "home_url": visit.url(),
        "answered": has_answered(registration),
    }  # fmt: skip
    return render(request, "assises/after/survey.html", context, status=UNPROCESSABLE if form.errors else 200)


def _person(visit: Visit) -> Registration:
    registration = opened_by(visit.link)
    if registration is None:
        raise Http404
    return registration


def _see(url: str) -> HttpResponse:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
