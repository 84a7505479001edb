"""The space of a company, reached by a personal link: what it promised, where it stands, whom to talk to. Nothing is written here."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from e2c_portal.documents.storage import StorageFault
from e2c_portal.documents.views.handing_over import hand_over
from e2c_portal.links.visits import Visit
from partnerships.models import CompanyContact
from partnerships.progress import progress_of
from partnerships.space_access import contact_of
from partnerships.space_pages import all_pages
from partnerships.space_queries import paper_of
from partnerships.space_sheet import correspondents, space_sheet

UNAVAILABLE, SEE_OTHER = 503, 303
PAGES = {
    "": "Nos conventions", "contacts": "Contacts", "demandes": "Demandes", "messages": "Messages",
}  # fmt: skip


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show what comes next, the conventions of the company, and where it stands."""
    contact = visitor_of(visit)
    sheet = space_sheet(contact)
    progress = progress_of([line.convention for line in sheet.in_force])
    lines = [
        (line, progress.get(line.convention.pk, []), [(paper, visit.url("document", str(paper.public_id))) for paper in line.papers])
        for line in sheet.lines
    ]  # fmt: skip
    steps = [
        (step, visit.url("signature", str(step.signatory.public_id)) if step.signatory else "") for step in sheet.steps
    ]
    return space_page(
        request, visit, contact, "partnerships/space/home.html",
        {"sheet": sheet, "lines": lines, "steps": steps, "added": [(page, visit.url(page.name)) for page in all_pages()]},
    )  # fmt: skip


def contacts(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show who follows the partnership, at the Région and in the company."""
    contact = visitor_of(visit)
    return space_page(
        request, visit, contact, "partnerships/space/contacts.html", {"people": correspondents(contact.company)}
    )


def document(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the sealed bytes of a signed convention or amendment of this very company."""
    contact = visitor_of(visit)

    def unavailable(fault: StorageFault) -> HttpResponse:
        told = {"fault": fault}
        return space_page(request, visit, contact, "partnerships/space/unavailable.html", told, status=UNAVAILABLE)

    said = f"Document téléchargé par {contact.full_name}, espace entreprise"
    return hand_over(
        visit.item, lambda number: paper_of(contact.company, number), said, unavailable, contact=contact.pk
    )


def visitor_of(visit: Visit) -> CompanyContact:
    """Return the contact whose link is open, as they are now: a merge or a correction may have come since."""
    contact = contact_of(visit.link.subject)
    if contact is None:
        raise Http404
    return contact


def space_page(
    request: HttpRequest,
    visit: Visit,
    contact: CompanyContact,
    template: str,
    more: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Show a page of the space, with the ways to the others."""
    labels = PAGES | {page.name: page.label for page in all_pages()}
    ways = [(visit.url(page), label, page == visit.page) for page, label in labels.items()]
    context = {
        "contact": contact, "company": contact.company, "ways": ways, "home_url": visit.url(),
        "ask_url": visit.url("demandes"), "correct_url": visit.url("demandes", "coordonnees"),
        "replace_url": visit.url("remplacant"), "deliver_url": visit.url("realisation"), **more,
    }  # fmt: skip
    return render(request, template, context, status=status)


def see(url: str) -> HttpResponseRedirect:
    """Lead to a page once something is done: reloading it does nothing again."""
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
