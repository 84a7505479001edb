"""The pages of whoever registers oneself, by personal link and without account: register, see, correct, put in one's calendar."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from assises.forms.own_registration import DetailsForm, RegisterForm
from assises.life import registrations as life
from assises.life.editions import ANNOUNCED
from assises.models import Edition, Registration
from assises.operations.own_registration import change_details, register_oneself
from assises.reads.calendar import PUBLISH, media_type
from assises.reads.own_calendar import own_calendar
from assises.reads.own_registration import (
    OWN_CATEGORIES,
    edition_named,
    has_begun,
    is_known_minor,
    openings_of,
    registration_of,
    schools_to_choose,
    seats_to_choose,
    why_not_now,
)
from assises.reads.questions import questions_of
from assises.sheets.own_registration import own_sheet
from e2c_portal.kernel.errors import Overtaken
from e2c_portal.links.visits import Visit
from e2c_portal.ui.refusals import add_refusal
from partnerships.views.saving import saved

UNPROCESSABLE, SEE_OTHER = 422, 303
REGISTER, CHANGE, WORKSHOPS, PHOTOS = "inscription", "modifier", "ateliers", "photos"
ACCEPT, CANCEL, CALENDAR = "accepter", "annuler", "agenda"
DONE = {
    "inscrit": "Votre inscription est enregistrée. Un message le confirme.",
    "modifie": "Vos informations sont à jour.",
    "ateliers": "Votre choix d’ateliers est enregistré.",
    "photos": "Votre réponse est enregistrée.",
    "accepte": "La place est à vous. Un message le confirme, avec votre billet.",
    "annule": "Votre inscription est annulée.",
}
CATEGORY_OF = {word: category for category, (word, _) in OWN_CATEGORIES.items()}
ELSEWHERE = (
    "Vous êtes déjà inscrit avec ce lien, depuis une autre page ou un autre appareil. Rien n’a été changé : ce que vous venez "
    "d’écrire est ci-dessous. Ouvrez votre inscription pour la corriger."
)


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show one's registration and what may be done with it; at first, the categories in which one may register."""
    return home_page(request, visit)


def home_page(request: HttpRequest, visit: Visit, refusal: str = "") -> HttpResponse:
    """Show the first page, with what was just refused."""
    edition = edition_of(visit)
    row = registration_of(edition, visit.link.email)
    why_not = why_not_now(edition)
    begins_anew = row is None or not row.is_active
    context: dict[str, Any] = {
        "registration": row, "why_not": why_not, "refusal": refusal, "done": DONE.get(request.GET.get("fait", ""), ""),
        "ways": _categories(edition, visit) if begins_anew and not why_not else [],
    }  # fmt: skip
    if row is not None:
        context |= _acts(row, visit, why_not) | {"sheet": own_sheet(row)}
    return own_page(request, visit, edition, "assises/own/home.html", context, status=UNPROCESSABLE if refusal else 200)


def _categories(edition: Edition, visit: Visit) -> list[dict[str, Any]]:
    found = []
    for opening in openings_of(edition):
        word, label = OWN_CATEGORIES[opening.category]  # type: ignore[index]
        found.append({"label": label, "url": visit.url(REGISTER, word), "waits": opening.waits, "left": opening.left})
    return found


def _acts(row: Registration, visit: Visit, why_not: str) -> dict[str, Any]:
    live = row.is_active and row.edition.status == ANNOUNCED and not has_begun(row.edition)
    return {
        "change_url": visit.url(CHANGE) if row.is_active and not why_not else "",
        "workshops_url": visit.url(WORKSHOPS) if live and row.holds_a_place and seats_to_choose(row.edition) else "",
        "cancel_url": visit.url(CANCEL) if live else "",
        "accept_url": visit.url(ACCEPT) if live and row.status == life.OFFERED else "",
        "photos_url": "" if is_known_minor(row) else visit.url(PHOTOS),
        "calendar_url": visit.url(CALENDAR) if live and row.holds_a_place else "",
    }


def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Register in one category. Sent twice, it makes one registration; sent from two devices, the second one is told."""
    edition, category = edition_of(visit), CATEGORY_OF.get(visit.item)
    if category is None:
        raise Http404
    known = registration_of(edition, visit.link.email)
    if known is not None and known.is_active and request.method != "POST":
        return see(visit.url())
    form = RegisterForm(
        _posted(request), category=category, questions=list(questions_of(edition)), schools=schools_to_choose(),
        seats=seats_to_choose(edition), action=visit.url(REGISTER, visit.item), cancel_url=visit.url(),
    )  # fmt: skip
    if form.is_valid() and (answer := _registered(form, edition, visit)):
        return answer
    opening = next(row for row in openings_of(edition) if row.category == category)
    context = {
        "form": form,
        "waits": opening.waits,
        "why_not": why_not_now(edition),
        "label": OWN_CATEGORIES[category][1],
    }
    return own_page(request, visit, edition, "assises/own/register.html", context, status=_status(form))


def _registered(form: RegisterForm, edition: Edition, visit: Visit) -> HttpResponse | None:
    row = form.unsaved(edition, visit.link.email)
    refused: list[str] = []

    def write() -> bool:
        refused.append(register_oneself(row, form.answers(), form.session_ids()))
        return True

    known = registration_of(edition, visit.link.email)
    if known is not None and known.is_active or not saved(form, write):
        # Two sendings at once: the one that came second looks again.
        return _second_sending(form, registration_of(edition, visit.link.email), visit)
    if refused[0]:
        return see(f"{visit.url(WORKSHOPS)}?refus=1")
    return see(f"{visit.url()}?fait=inscrit")


def _second_sending(form: RegisterForm, known: Registration | None, visit: Visit) -> HttpResponse | None:
    """Lead whoever pressed twice to the registration; tell whoever wrote something else, whose words stay on the page."""
    if known is None or not known.is_active:
        return None
    same = known.category == form.category and all(
        getattr(known, name) == value for name, value in form.details().items()
    )
    if same:
        return see(f"{visit.url()}?fait=inscrit")
    if not form.non_field_errors():
        add_refusal(form, Overtaken(ELSEWHERE))
    return None


def change(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Correct what one wrote, while registration is open."""
    edition = edition_of(visit)
    row = registration_of(edition, visit.link.email)
    if row is None or not row.is_active or (why_not_now(edition) and request.method != "POST"):
        return see(visit.url())
    form = DetailsForm(
        _posted(request), category=row.category, questions=list(questions_of(edition)), schools=schools_to_choose(),
        registration=row, action=visit.url(CHANGE),
    )  # fmt: skip
    form.arrange(cancel_url=visit.url())
    if form.is_valid() and shown_is(form.cleaned_data["which"], row, form) and saved(form, lambda: _changed(form, row)):
        return see(f"{visit.url()}?fait=modifie")
    return own_page(
        request, visit, edition, "assises/own/change.html", {"form": form, "registration": row}, status=_status(form)
    )


def _changed(form: DetailsForm, row: Registration) -> Registration:
    try:
        return change_details(row.pk, form.details(), form.answers(), form.cleaned_data["revision_seen"])
    except Overtaken:
        row.refresh_from_db(fields=["revision"])
        form.now_seeing(row)
        raise


def calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the calendar file of one's day."""
    edition = edition_of(visit)
    row = registration_of(edition, visit.link.email)
    if row is None or not row.holds_a_place:
        raise Http404
    answer = HttpResponse(own_calendar(row), content_type=f"{media_type(PUBLISH)}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="assises-{edition.year}.ics"'
    return answer


def edition_of(visit: Visit) -> Edition:
    """Return the edition that the link opens."""
    edition = edition_named(visit.link.subject)
    if edition is None:
        raise Http404
    return edition


def shown_is(which: str, row: Registration, form: Any) -> bool:
    """Say whether the page was about this registration; it may be about one that was cancelled since, then made anew."""
    if which == str(row.public_id):
        return True
    add_refusal(form, Overtaken("Cette page parlait d’une inscription précédente : revenez à la première page."))
    return False


def own_page(
    request: HttpRequest, visit: Visit, edition: Edition, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show a page of the link, with the way back to the first one."""
    known = {"edition": edition, "home_url": visit.url(), "email": visit.link.email}
    return render(request, template, known | context, status=status)


def see(url: str) -> HttpResponseRedirect:
    """Lead to a page once something is done: reloading it does nothing again."""
    answer = HttpResponseRedirect(url)
    answer.status_code = SEE_OTHER
    return answer


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(form: Any) -> int:
    return UNPROCESSABLE if form.errors else 200
