"""The pages that the personal link of a door opens: scan, search by name, count. They can do nothing else."""

from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django_permissions_policy.decorators import permissions_policy_override

from assises.forms.readings import read_form, read_json
from assises.models import Checkpoint, DoorPost
from assises.operations.scanning import Answer, clock_warning, take
from assises.reads.door import (
    SHORTEST_SEARCH,
    checkpoint_now,
    checkpoints_of,
    is_too_early,
    marks_of_tickets,
    opens_on,
    people_named,
    post_of,
    tally_of,
)
from assises.sheets.door import ShownAnswer, found_people, hours_of, script_facts, shown_answer, tally_words
from e2c_portal.kernel.errors import Refused
from e2c_portal.links.visits import Visit

CONFLICT, BAD_REQUEST, UNPROCESSABLE = 409, 400, 422
SEND, CODE, SEARCH, TALLY, OFFLINE = "passages", "code", "nom", "compte", "hors-ligne"
# The camera is for the page of the door alone: every other page of the portal refuses it.
with_camera = permissions_policy_override({**settings.PERMISSIONS_POLICY, "camera": "self"})


@with_camera
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the scan page."""
    return _page(request, visit, _post(visit))


@with_camera
def code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Count the code that was typed, or the person chosen by name, without any script."""
    post = _post(visit)
    if request.method != "POST" or is_too_early(post.edition):
        return _page(request, visit, post)
    reading = read_form(request.POST)
    try:
        (answer,) = take([reading], post)
    except Refused as refusal:
        return _page(request, visit, post, answer=shown_answer("", refusal.code, refusal.message), status=CONFLICT)
    again = {"ticket": reading.ticket, "registration": reading.registration_id or ""}
    return _page(request, visit, post, answer=_shown(answer), again=again)


@with_camera
def search(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Look for somebody by name, by POST alone: no name stays in an address."""
    post = _post(visit)
    if request.method != "POST" or is_too_early(post.edition):
        return _page(request, visit, post)
    typed = request.POST.get("nom", "")
    found = found_people(people_named(post.edition, typed))
    short = sum(len(word) for word in typed.split()) < SHORTEST_SEARCH
    status = UNPROCESSABLE if short else 200
    if "X-Porte" in request.headers:
        context = {"found": found, "short": short, "searched": True, "urls": _urls(visit), "new_nonce": uuid4()}
        return render(request, "assises/door/found.html", {**context, "controle": request.POST.get("controle", "")})
    return _page(request, visit, post, found=found, short=short, searched=True, status=status)


def send(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the scans that a phone kept, and answer each."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    post = _post(visit)
    try:
        sent = read_json(request.body)
        if is_too_early(post.edition):
            raise Refused(_early_words(post), code="too_early")
        answers = [_shown(answer) for answer in take(sent.readings, post)]
    except Refused as refusal:
        status = BAD_REQUEST if refusal.code in ("unreadable", "too_many") else CONFLICT
        return JsonResponse({"refusal": refusal.message, "code": refusal.code}, status=status)
    answers += [shown_answer(nonce, "unreadable", "Ce passage n’a pas été compris.") for nonce in sent.faulty]
    last = sent.readings[-1].checkpoint_id if sent.readings else None
    control = checkpoints_of(post.edition).filter(pk=last).first() if last else None
    return JsonResponse({
        "answers": [answer.as_json() for answer in answers], "clock": clock_warning(sent.device_now),
        "tally": tally_of(control) if control else None,
    })  # fmt: skip


def tally(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give how many people were counted at a checkpoint; with `billets`, what valid tickets are known by today."""
    post = _post(visit)
    asked = request.GET.get("controle", "")
    control = checkpoints_of(post.edition).filter(pk=int(asked)).first() if asked.isdecimal() else None
    if control is None or is_too_early(post.edition):
        raise Http404
    told: dict[str, Any] = {"tally": tally_of(control)}
    if "billets" in request.GET:
        told["marks"] = marks_of_tickets(post.edition)
    return JsonResponse(told)


def offline(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Give the script by which the phone keeps the scan page through a cut: of this visit, and of no other page."""
    _post(visit)
    script = HttpResponse(_offline_script(), content_type="text/javascript; charset=utf-8")
    script["Service-Worker-Allowed"] = visit.url()
    return script


@cache
def _offline_script() -> bytes:
    return Path(str(finders.find("js/door-offline.js"))).read_bytes()


PAGES = {"": home, SEND: send, CODE: code, SEARCH: search, TALLY: tally, OFFLINE: offline}


def _page(
    request: HttpRequest,
    visit: Visit,
    post: DoorPost,
    *,
    status: int = 200,
    answer: ShownAnswer | None = None,
    **more: Any,
) -> HttpResponse:
    if is_too_early(post.edition):
        return render(request, "assises/door/early.html", {"post": post, "sentence": _early_words(post)})
    controls = list(checkpoints_of(post.edition))
    control = _chosen(request, controls)
    urls = _urls(visit)
    context: dict[str, Any] = {
        "post": post, "edition": post.edition, "controls": [(row, hours_of(row)) for row in controls], "control": control,
        "controle": control.pk if control else "", "tally": tally_words(*tally_of(control)) if control else "",
        "answer": answer, "again": {}, "found": [], "short": False, "searched": False, "new_nonce": uuid4(), "urls": urls,
        "facts": script_facts(post, urls), "typed": request.POST.get("nom", ""), **more,
    }  # fmt: skip
    return render(request, "assises/door/scan.html", context, status=status)


def _chosen(request: HttpRequest, controls: list[Checkpoint]) -> Checkpoint | None:
    asked = request.POST.get("controle") or request.GET.get("controle", "")
    chosen = next((row for row in controls if str(row.pk) == asked), None)
    return chosen or checkpoint_now(controls, timezone.now())


def _shown(answer: Answer) -> ShownAnswer:
    return shown_answer(answer.nonce, answer.code, answer.sentence, answer.who, answer.may_force)


def _urls(visit: Visit) -> dict[str, str]:
    return {
        "home": visit.url(), "send": visit.url(SEND), "code": visit.url(CODE), "search": visit.url(SEARCH),
        "tally": visit.url(TALLY), "offline": visit.url(OFFLINE),
    }  # fmt: skip


def _early_words(post: DoorPost) -> str:
    return f"La porte s’essaie dès la veille de la journée, le {opens_on(post.edition):%d/%m/%Y}. Gardez ce lien."


def _post(visit: Visit) -> DoorPost:
    post = post_of(visit.link.subject)
    if post is None:
        raise Http404
    return post
