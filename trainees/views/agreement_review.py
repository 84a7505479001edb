"""The tutor's page: read what will be signed, say that it is right or what to correct. Reached by link, without an account."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from partnerships.views.saving import saved
from trainees.forms.agreements import ReviewForm
from trainees.models import InternshipAgreement
from trainees.operations.agreements import record_host_reply
from trainees.reads.agreements import followers_of
from trainees.reads.review_link import agreement_of
from trainees.sheets.agreement_draft import draft_facts

UNPROCESSABLE, SEE_OTHER = 422, 303


def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the draft in plain words; a POST keeps the answer, then the page says that it was received."""
    agreement = _agreement(visit)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and saved(form, lambda: record_host_reply(agreement.pk, form.reply())):
        response = HttpResponseRedirect(f"{visit.url()}?recu")
        response.status_code = SEE_OTHER
        return response
    people = followers_of(agreement.internship)
    context = {
        "agreement": agreement, "internship": agreement.internship, "facts": draft_facts(agreement.internship), "form": form,
        "received": "recu" in request.GET and agreement.host_replied_at is not None,
        "contact": f"{people[0].full_name}, {people[0].email}" if people else "",
    }  # fmt: skip
    return render(request, "trainees/agreement_review.html", context, status=UNPROCESSABLE if form.errors else 200)


def _agreement(visit: Visit) -> InternshipAgreement:
    agreement = agreement_of(visit.link.subject)
    if agreement is None:
        raise PortalError("Ce lien ne mène plus à une convention.", code="no_agreement")
    return agreement
