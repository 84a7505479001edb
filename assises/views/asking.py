"""« S’inscrire »: anybody gives an address, and receives there the link by which they register. The answer is always the same.

A field that nobody sees stops the programs that fill every field: they are answered like everybody, and nothing is sent.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assises.forms.own_registration import AskForm
from assises.models import Edition
from assises.operations.own_registration import request_link
from assises.reads.editions import public_edition_of
from assises.reads.own_registration import moment_in_words, openings_of, why_not_now
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.attempts import TooManyAttempts, visitor_key
from e2c_portal.ui.refusals import add_refusal

UNPROCESSABLE, TOO_MANY = 422, 429
RETRY_AFTER_SECONDS = "900"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, year: int) -> HttpResponse:
    """Ask for an address; when registration is not open, say why and what to do."""
    edition = _public(year)
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if form.is_a_program() or _asked(form, edition, request):
                return redirect("assises:register_sent", year=edition.year)
        except TooManyAttempts as refusal:
            return _too_many(request, refusal)
    closes = edition.registration_closes_at
    openings = openings_of(edition)
    full = [opening.label for opening in openings if opening.waits]
    context = {
        "edition": edition, "form": form, "why_not": why_not_now(edition),
        "closes": moment_in_words(closes) if closes else "", "full_labels": full, "all_full": len(full) == len(openings),
    }  # fmt: skip
    return render(request, "assises/own/ask.html", context, status=UNPROCESSABLE if form.errors else 200)


def _asked(form: AskForm, edition: Edition, request: HttpRequest) -> bool:
    try:
        request_link(edition, form.cleaned_data["email"], visitor=visitor_key(request))
    except TooManyAttempts:
        raise
    except Refused as refusal:
        add_refusal(form, refusal)
        return False
    return True


def _too_many(request: HttpRequest, refusal: TooManyAttempts) -> HttpResponse:
    answer = render(request, "links/too_many.html", {"text": refusal.message}, status=TOO_MANY)
    answer["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


@login_not_required
@never_cache
@require_safe
def sent(request: HttpRequest, year: int) -> HttpResponse:
    """Say, whatever was asked, where the message arrives and what to do if it does not."""
    return render(request, "assises/own/sent.html", {"edition": _public(year)})


def _public(year: int) -> Edition:
    edition = public_edition_of(year)
    if edition is None:
        raise Http404
    return edition
