"""A trainee's own pages, reached by a personal link, on a cheap phone and without JavaScript. Nothing is written here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from e2c_portal.documents.storage import StorageFault
from e2c_portal.documents.views.handing_over import hand_over
from e2c_portal.links.visits import Visit
from trainees.models import Trainee
from trainees.reads.certificates import own_certificates
from trainees.reads.trainee_answers import waiting_for_answer
from trainees.reads.trainee_space import current_pathway, own_paper, trainee_of
from trainees.sheets.trainee_space import own_stays

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

    def unavailable(fault: StorageFault) -> HttpResponse:
        context = {"trainee": trainee, "fault": fault, "home_url": visit.url()}
        return render(request, "trainees/space/unavailable.html", context, status=UNAVAILABLE)

    said = "Document téléchargé par le stagiaire, page « Mes stages »"
    return hand_over(visit.item, lambda number: own_paper(trainee, number), said, unavailable)


def visitor_of(visit: Visit) -> Trainee:
    """Return the trainee whose link is open, as they are now."""
    trainee = trainee_of(visit.link.subject)
    if trainee is None:
        raise Http404
    return trainee
