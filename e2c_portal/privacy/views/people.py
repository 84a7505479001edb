"""Find somebody, see what the portal holds about them, erase them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from e2c_portal.accounts.fresh import asks_again
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.privacy.forms import ErasureForm
from e2c_portal.privacy.operations import erase_on_request
from e2c_portal.privacy.queries import access_files, people_found, person_of, sheet_of
from e2c_portal.privacy.views.rights import handles_people
from e2c_portal.ui.refusals import add_refusal

UNPROCESSABLE = 422


@require_GET
@never_cache
@handles_people
def index(request: HttpRequest) -> HttpResponse:
    """Show the search, what it found, and the access files asked for lately."""
    words = request.GET.get("q", "").strip()
    context = {"words": words, "found": people_found(words), "access_files": access_files()[:10]}
    return render(request, "privacy/index.html", context)


@require_GET
@never_cache
@handles_people
@asks_again
def person(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show what the portal holds about somebody; the reading is traced."""
    kind, row = person_of(slug, pk)
    record(request.user, "privacy.read", row, "Fiche « données personnelles » consultée")  # type: ignore[arg-type]
    return render(request, "privacy/person.html", {"sheet": sheet_of(kind, row)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@handles_people
@asks_again
def erase(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say what would go and what would stay; on posting, erase."""
    kind, row = person_of(slug, pk)
    back = reverse("privacy:person", args=[slug, pk])
    form = ErasureForm(request.POST if request.method == "POST" else None, submit="Effacer", cancel_url=back)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = erase_on_request(kind, row, form.cleaned_data["reason"], request.user)  # type: ignore[arg-type]
        except PortalError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Effacement fait : {counted(sum(outcome.gone.values()), 'ligne', 'lignes')}.")
            for sentence in outcome.refused:
                messages.warning(request, f"Reste, comme la loi l’impose : {sentence}")
            if outcome.held:
                messages.warning(request, "Ce qui est gelé reste jusqu’à la levée du gel.")
            return redirect("privacy:index")
    context = {"form": form, "sheet": sheet_of(kind, row)}
    return render(request, "privacy/erase.html", context, status=UNPROCESSABLE if form.errors else 200)
