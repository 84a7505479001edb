"""What the tutor of an internship sees and does by their link, on a phone, without an account: GET shows, POST acts."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from e2c_portal.links.visits import Visit
from e2c_portal.signing.forms import ByLinkForm
from partnerships.views.saving import saved
from trainees.forms.tutor import AbsenceForm, LatenessForm, TutorAccidentForm
from trainees.models import Internship
from trainees.operations.accidents import report_accident
from trainees.operations.tutor_reports import report_presence
from trainees.reads.tutor_links import internship_of, reports_of
from trainees.sheets.tutor import tutor_sheet

UNPROCESSABLE, SEE_OTHER = 422, 303
# The words of an address that are not the number of a row.
DONE = "fait"


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show who comes, when, whom to call, and what may be reported."""
    internship = _internship(visit)
    context = {"sheet": tutor_sheet(internship), "told": reports_of(internship), "done": visit.item == DONE}
    return _page(request, visit, internship, "trainees/tutor/home.html", context)


def absence(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Report that the trainee did not come."""
    return _presence(request, visit, "absence", AbsenceForm, "Signaler une absence")


def lateness(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Report that the trainee came late."""
    return _presence(request, visit, "retard", LatenessForm, "Signaler un retard")


def _presence(
    request: HttpRequest, visit: Visit, page: str, make: Callable[..., AbsenceForm], title: str
) -> HttpResponse:
    internship = _internship(visit)
    if internship.starts_on > timezone.localdate():
        return _page(request, visit, internship, "trainees/tutor/too_early.html", {"title": title})
    form = make(_posted(request), internship=internship, action=visit.url(page), cancel_url=visit.url())
    if form.is_valid() and saved(form, lambda: report_presence(internship.pk, form.told(), internship.tutor_id)):
        return _see(visit.url("recu", "presence"))
    return _form_page(request, visit, internship, form, title)


def accident(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Report an accident: the school is told at once, and the legal clock runs."""
    internship = _internship(visit)
    form = TutorAccidentForm(_posted(request), action=visit.url("accident"), cancel_url=visit.url())
    if form.is_valid() and saved(form, lambda: report_accident(internship.pk, form.told(), internship.tutor_id)):
        return _see(visit.url("recu", "accident"))
    return _form_page(request, visit, internship, form, "Signaler un accident")


def receipt(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Say that what was sent is received, and what comes next."""
    if visit.item not in ("presence", "accident"):
        raise Http404
    internship = _internship(visit)
    context = {"is_accident": visit.item == "accident", "told": reports_of(internship)[:1]}
    return _page(request, visit, internship, "trainees/tutor/receipt.html", context)


def _form_page(
    request: HttpRequest, visit: Visit, internship: Internship, form: ByLinkForm, title: str
) -> HttpResponse:
    context = {"form": form, "title": title, "is_accident": isinstance(form, TutorAccidentForm)}
    return _page(request, visit, internship, "trainees/tutor/form.html", context, UNPROCESSABLE if form.errors else 200)


def _page(
    request: HttpRequest, visit: Visit, internship: Internship, template: str, more: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {
        "internship": internship, "home_url": visit.url(), "absence_url": visit.url("absence"),
        "late_url": visit.url("retard"), "accident_url": visit.url("accident"), **more,
    }  # fmt: skip
    return render(request, template, context, status=status)


def _internship(visit: Visit) -> Internship:
    internship = internship_of(visit.link.subject)
    if internship is None:
        raise Http404
    return internship


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _see(url: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
