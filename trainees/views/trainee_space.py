"""A trainee's own pages, reached by a personal link, on a cheap phone and without JavaScript. Nothing is written here."""

import logging
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.views.downloads import file_name
from e2c_portal.links.visits import Visit
from e2c_portal.signing.views.shown import file_response
from trainees.models import Trainee
from trainees.reads.certificates import own_certificates
from trainees.reads.trainee_answers import waiting_for_answer
from trainees.reads.trainee_space import current_pathway, own_paper, trainee_of
from trainees.sheets.trainee_space import own_stays

logger = logging.getLogger(__name__)
UNAVAILABLE = 503


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the running internship or the next one, then the others, their papers, and whom to call."""
    trainee = visitor_of(visit)
    stays = own_stays(trainee, timezone.localdate())
    everyone = [stay for stay in (stays.current, *stays.coming, *stays.past) if stay]
    links = {paper.pk: visit.url("document", str(paper.public_id)) for stay in everyone for paper in stay.papers}
    own = [(row, visit.url("attestation", str(row.public_id))) for row in own_certificates(trainee)]
    to_read = [(row, visit.url("evaluation", str(row.public_id))) for row in waiting_for_answer(trainee)]
    context = {
        "trainee": trainee, "stays": stays, "pathway": current_pathway(trainee), "links": links, "to_read": to_read,
        "skills_url": visit.url("competences"), "certificates": own,
    }  # fmt: skip
    return render(request, "trainees/space/home.html", context)


def document(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the sealed bytes of a paper of this very trainee."""
    trainee = visitor_of(visit)
    try:
        paper = own_paper(trainee, UUID(visit.item))
    except ValueError:
        paper = None
    if paper is None:
        raise Http404
    try:
        content = storage.read(paper.file, sha256=paper.sha256)
    except storage.StorageFault as fault:
        logger.error("document %s not served: %s", paper.pk, fault.code)
        context = {"trainee": trainee, "fault": fault, "home_url": visit.url()}
        return render(request, "trainees/space/unavailable.html", context, status=UNAVAILABLE)
    record(None, "document.downloaded", paper, "Document téléchargé par le stagiaire, page « Mes stages »")
    return file_response(content, file_name(paper), attached=True)


def visitor_of(visit: Visit) -> Trainee:
    """Return the trainee whose link is open, as they are now."""
    trainee = trainee_of(visit.link.subject)
    if trainee is None:
        raise Http404
    return trainee
