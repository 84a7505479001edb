"""The pages by which a company assesses a trainee, on a phone and without an account: GET shows, POST acts."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.links.visits import Visit
from partnerships.models import CompanyContact
from trainees.life import assessments as life
from trainees.models import CompanyAssessment
from trainees.operations.assessment_drafts import add_skills, remove_skill, save_draft
from trainees.reads.assessment_drafts import Merged, checked, field_names, seen_of, shown_values
from trainees.reads.assessment_link import contact_of, own_assessment, own_assessments
from trainees.reads.assessment_skills import framework_words, skills_asked, skills_found
from trainees.sheets.assessment_form import form_sheet, saved_words

SEE_OTHER, CONFLICT, UNPROCESSABLE = 303, 409, 422
# The words of an address that say why the page is shown again.
TO_CORRECT, KEPT = "a-corriger", "garde"


def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """List what this person is asked and what they sent; a single assessment opens straight away."""
    contact = contact_or_404(visit)
    own = own_assessments(contact)
    if own.only_one:
        return see(visit.url("evaluer", str(own.only_one.public_id)))
    return page(
        request,
        visit,
        "trainees/assess/home.html",
        {"own": own, "contact": contact, "urls": _urls_of(visit, own.to_fill, own.sent)},
    )


def _urls_of(visit: Visit, to_fill: list[CompanyAssessment], sent: list[CompanyAssessment]) -> dict[int, str]:
    return {row.pk: visit.url("evaluer", str(row.public_id)) for row in to_fill} | {
        row.pk: visit.url("recu", str(row.public_id)) for row in sent
    }


def fill(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the assessment as it stands; a POST keeps what changed, then does what the button says."""
    row = own_or_404(visit)
    if row.status != life.OPEN or row.respondent_id != contact_or_404(visit).pk:
        return over(request, visit, row, posted=request.POST)
    if request.method == "POST":
        return _kept(request, visit, row)
    errors = checked(row, skills_asked(row)).errors if TO_CORRECT in request.GET else {}
    return _form(request, visit, row, errors)


def _kept(request: HttpRequest, visit: Visit, row: CompanyAssessment) -> HttpResponse:
    act = request.POST.get("do", "")
    try:
        row, merged = _save(request, visit, row, forget=act == "forget")
        if act.startswith("remove-") and act.removeprefix("remove-").isdecimal():
            remove_skill(row.pk, contact_or_404(visit).pk, int(act.removeprefix("remove-")))
    except Refused as refusal:
        return over(request, visit, row, posted=request.POST, refusal=refusal)
    if merged.refused:
        typed = {name: request.POST[name] for name in merged.refused}
        return _form(request, visit, row, merged.refused, typed, status=UNPROCESSABLE)
    return _next(visit, row, act)


def _next(visit: Visit, row: CompanyAssessment, act: str) -> HttpResponse:
    here, item = visit.url("evaluer", str(row.public_id)), str(row.public_id)
    if act == "add":
        return see(visit.url("ajouter", item))
    if act == "check":
        found = checked(row, skills_asked(row))
        return see(f"{here}?{TO_CORRECT}") if found.errors else see(visit.url("verifier", item))
    anchor = "#competences" if act.startswith("remove-") else ""
    return see(f"{here}?{KEPT}{anchor}")


def keep(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep what the page changed while it is typed, and say so in a few words. A browser without script never comes here."""
    row = own_or_404(visit)
    if request.method != "POST":
        return see(visit.url("evaluer", str(row.public_id)))
    try:
        row, merged = _save(request, visit, row)
    except Refused as refusal:
        return JsonResponse({"told": refusal.message, "stop": True}, status=CONFLICT)
    told = saved_words(row.draft_saved_at)
    elsewhere = _revision(request) not in (None, row.draft_revision, row.draft_revision - 1)
    if merged.refused:
        told = " ".join(["Un texte n’est pas enregistré.", *set(merged.refused.values())])
    elif merged.both:
        told += (
            ". Modifié aussi sur un autre appareil : les deux saisies sont gardées, rechargez la page pour les voir."
        )
    elif elsewhere:
        told += ". Modifié aussi sur un autre appareil : rechargez la page pour voir ces changements."
    return JsonResponse({"told": told, "seen": _seen_now(request, row, merged), "revision": row.draft_revision})


def _save(
    request: HttpRequest, visit: Visit, row: CompanyAssessment, *, forget: bool = False
) -> tuple[CompanyAssessment, Merged]:
    posted = {name: str(value) for name, value in request.POST.items()}
    return save_draft(row.pk, contact_or_404(visit).pk, posted, posted.get("seen", ""), forget_kept=forget)


def _seen_now(request: HttpRequest, row: CompanyAssessment, merged: Merged) -> str:
    """Return what the page shows from now on: what it posted, except what could not be kept."""
    skills = skills_asked(row)
    posted, stored = request.POST, shown_values(row, skills)
    shown = {name: posted[name].replace("\r\n", "\n").strip() for name in field_names(skills) if name in posted}
    return seen_of(shown | {name: stored.get(name, "") for name in merged.refused})


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def add(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Choose other skills, found by their words; a POST adds them and comes back to the form."""
    row = own_or_404(visit)
    contact = contact_or_404(visit)
    if row.status != life.OPEN or row.respondent_id != contact.pk:
        return over(request, visit, row)
    words = request.GET.get("q", "")[:100]
    back = visit.url("evaluer", str(row.public_id))
    if request.method == "POST":
        chosen = [int(text) for text in request.POST.getlist("skill")[:100] if text.isdecimal() and len(text) < 10]
        try:
            add_skills(row.pk, contact.pk, chosen)
        except Refused as refusal:
            return over(request, visit, row, refusal=refusal)
        return see(f"{back}#competence-{chosen[0]}" if chosen else f"{back}#competences")
    groups: dict[str, list[Any]] = {}
    for skill in skills_found(row, words):
        groups.setdefault(f"{framework_words(skill.framework)} : {skill.domain.name}", []).append(skill)
    context = {
        "row": row,
        "words": words,
        "groups": groups,
        "back": back,
        "here": visit.url("ajouter", str(row.public_id)),
    }
    return page(request, visit, "trainees/assess/add.html", context)


def _form(
    request: HttpRequest, visit: Visit, row: CompanyAssessment, errors: Mapping[str, str],
    typed: Mapping[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    item = str(row.public_id)
    context = {
        "row": row, "sheet": form_sheet(row, skills_asked(row), errors, typed), "kept": KEPT in request.GET,
        "here": visit.url("evaluer", item), "save_url": visit.url("saisie", item), "hand_url": visit.url("confier", item),
        "decline_url": visit.url("refuser", item), "early": not row.internship.began_by(),
    }  # fmt: skip
    return page(request, visit, "trainees/assess/form.html", context, status)


def over(
    request: HttpRequest, visit: Visit, row: CompanyAssessment, *, posted: Mapping[str, str] | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:  # fmt: skip
    """Say that an assessment is no longer to fill here, and give back what was just typed: nothing is lost."""
    row = own_assessment(contact_or_404(visit), str(row.public_id)) or row
    mine = row.told_by_id == contact_or_404(visit).pk
    if request.method == "GET" and row.status in (*life.SENT, life.SUPERSEDED) and mine:
        return see(visit.url("recu", str(row.public_id)))
    texts = [text for name, text in (posted or {}).items() if text.strip() and name.startswith(("words", "situation-"))]
    context = {
        "row": row, "refusal": refusal, "texts": texts, "receipt_url": visit.url("recu", str(row.public_id)) if mine else "",
        "conflict": isinstance(refusal, Overtaken),
    }  # fmt: skip
    return page(request, visit, "trainees/assess/over.html", context, CONFLICT if request.method == "POST" else 200)


def page(
    request: HttpRequest, visit: Visit, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """Show one of the light pages, with the way back to the list and whose link this is."""
    more = {"home_url": visit.url(), "holder": visit.link.holder_label}
    return render(request, template, more | dict(context), status=status)


def contact_or_404(visit: Visit) -> CompanyContact:
    """Return whose link is open."""
    contact = contact_of(visit.link.subject)
    if contact is None:
        raise Http404
    return contact


def own_or_404(visit: Visit) -> CompanyAssessment:
    """Return the assessment of the address, if it is one of this very person."""
    row = own_assessment(contact_or_404(visit), visit.item)
    if row is None:
        raise Http404
    return row


def see(url: str) -> HttpResponseRedirect:
    """Answer a POST with the page to read next."""
    response = HttpResponseRedirect(url)
    response.status_code = SEE_OTHER
    return response
