"""A trainee's own attestation, reached by their link: the file, the signed file, and what the verification shows."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from e2c_portal.audit.trail import record
from e2c_portal.documents.views.handing_over import file_response
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from partnerships.views.saving import saved
from trainees.documents.certificates import printed
from trainees.documents.open_badges import FILE_NAME
from trainees.forms.certificates import OwnChoiceForm
from trainees.models import SkillsCertificate
from trainees.operations.certificates import choose_shown
from trainees.operations.credentials import signed_file
from trainees.reads.certificates import documents_of, own_certificate
from trainees.reads.trainee_space import trainee_of
from trainees.sheets.certificates import content_facts

PAGE, FILE_PAGE = "attestation", "fichier-signe"
UNPROCESSABLE, SEE_OTHER, UNAVAILABLE = 422, 303, 503
JSON_LD = "application/ld+json"


def attestation(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show one attestation in force; a POST records what its verification may show."""
    found = _own(visit)
    here = visit.url(PAGE, str(found.public_id))
    form = OwnChoiceForm(
        request.POST if request.method == "POST" else None, initial={"shown": found.shown}, action=here,
    )  # fmt: skip
    if form.is_valid() and saved(form, lambda: choose_shown(found.pk, form.cleaned_data["shown"], None)):
        response = HttpResponseRedirect(f"{here}?fait")
        response.status_code = SEE_OTHER
        return response
    document = documents_of([found.pathway]).get(found.number)
    sealed = document if document and document.is_sealed else None
    values = printed(found.content)
    context = {
        "trainee": found.trainee, "certificate": found, "document": sealed, "form": form, "done": "fait" in request.GET,
        "home_url": visit.url(), "file_url": visit.url(FILE_PAGE, str(found.public_id)),
        "paper_url": visit.url("document", str(sealed.public_id)) if sealed else "", "printed": values,
        "facts": content_facts(values),
    }  # fmt: skip
    return render(request, "trainees/space/attestation.html", context, status=UNPROCESSABLE if form.errors else 200)


def credential(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the attestation as a signed file, the same each time."""
    found = _own(visit)
    try:
        kept = signed_file(found)
    except PortalError as fault:
        context = {"trainee": found.trainee, "fault": fault, "home_url": visit.url()}
        return render(request, "trainees/space/unavailable.html", context, status=UNAVAILABLE)
    record(None, "certificate.file_downloaded", found, "Fichier signé téléchargé par le stagiaire, page « Mes stages »")
    return file_response(kept.text.encode(), FILE_NAME, JSON_LD, attached=True)


def _own(visit: Visit) -> SkillsCertificate:
    """Return the attestation in force that the address names, of this very person alone."""
    trainee = trainee_of(visit.link.subject)
    try:
        found = own_certificate(trainee, UUID(visit.item)) if trainee else None
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
