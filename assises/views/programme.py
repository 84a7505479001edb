"""The programme being prepared: rooms, sessions, and its publication."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assises.forms.editions import PublishForm, RoomForm, SessionForm
from assises.models import Edition, Room, Session
from assises.operations.programme import add_part, change_part, publish_programme, remove_part
from assises.reads.programme import (
    changes_between,
    last_version,
    lines_of,
    oddities_of,
    rooms_of,
    sessions_of,
    taken_from_all,
)
from assises.views.editions import UNPROCESSABLE, act, find_edition, require_preparing, show_or_save
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved


@show_or_save
def room_new(request: HttpRequest, year: int) -> HttpResponse:
    """Add a room."""
    edition = _prepared(request, year)
    return _added(
        request, edition, _room_form(request, edition, Room(edition=edition)), "Ajouter une salle", "La salle"
    )


@show_or_save
def room_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change a room."""
    edition = _prepared(request, year)
    room = _part(rooms_of(edition), pk)
    return _changed(request, edition, _room_form(request, edition, room), "Modifier la salle", "La salle", room)


@show_or_save
def session_new(request: HttpRequest, year: int) -> HttpResponse:
    """Add a session."""
    edition = _prepared(request, year)
    form = _session_form(request, edition, Session(edition=edition))
    return _added(request, edition, form, "Ajouter un temps au programme", "Ce temps")


@show_or_save
def session_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change a session."""
    edition = _prepared(request, year)
    session = _part(sessions_of(edition), pk)
    form = _session_form(request, edition, session)
    return _changed(request, edition, form, "Modifier ce temps", "Ce temps", session)


@require_POST
def room_remove(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Take a room away."""
    edition = _prepared(request, year)
    return _removed(request, edition, _part(rooms_of(edition), pk))


@require_POST
def session_remove(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Take a session away."""
    edition = _prepared(request, year)
    return _removed(request, edition, _part(sessions_of(edition), pk))


@show_or_save
def publish(request: HttpRequest, year: int) -> HttpResponse:
    """Show what the next version changes and what is odd in it, then publish it."""
    edition = _prepared(request, year)
    sessions, last = list(sessions_of(edition)), last_version(edition)
    lines, before = lines_of(sessions), last.content if last else []
    gone = [line["title"] for line in taken_from_all(before, lines)]
    form = PublishForm(
        last.number if last else 0, request.POST or None, cancel_url=edition.get_absolute_url(), told_anyway=bool(gone)
    )
    if form.is_valid() and saved(form, lambda: _published(form, edition, request)):
        messages.success(request, "Le programme est publié.")
        return redirect(edition)
    context = {
        "edition": edition, "form": form, "version": last, "oddities": oddities_of(edition, sessions),
        "changes": changes_between(before, lines) if last else [], "sessions": sessions, "gone": gone,
    }  # fmt: skip
    return render(request, "assises/publish.html", context, status=UNPROCESSABLE if form.errors else 200)


def _published(form: PublishForm, edition: Edition, request: HttpRequest) -> Any:
    user: Any = request.user
    typed = form.cleaned_data
    return publish_programme(
        edition.pk, typed["note"], user, seen_number=typed["seen"], tells=typed.get("tells", False)
    )  # fmt: skip


def _added(request: HttpRequest, edition: Edition, form: Any, title: str, name: str) -> HttpResponse:
    user: Any = request.user
    if record_of(form.sending(), user, type(form.instance)):
        return redirect(edition)
    if form.is_valid() and saved(form, lambda: add_part(form.instance, user, sending=form.sending())):
        messages.success(request, f"{name} est au programme." if name == "Ce temps" else f"{name} est ajoutée.")
        return redirect(edition)
    return act(request, edition, form, title)


def _changed(
    request: HttpRequest, edition: Edition, form: Any, title: str, name: str, part: Room | Session
) -> HttpResponse:
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: change_part(form.instance, form.seen(), user)):
        messages.success(request, f"{name} est à jour.")
        return redirect(edition)
    return act(request, edition, form, title, part=part, removes=f"assises:{part._meta.model_name}_remove")


def _removed(request: HttpRequest, edition: Edition, part: Room | Session) -> HttpResponse:
    user: Any = request.user
    try:
        remove_part(part, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"« {part} » est retiré de ce qui se prépare.")
    return redirect(edition)


def _room_form(request: HttpRequest, edition: Edition, room: Room) -> RoomForm:
    return RoomForm(room, request.POST or None, cancel_url=edition.get_absolute_url())


def _session_form(request: HttpRequest, edition: Edition, session: Session) -> SessionForm:
    here = edition.get_absolute_url()
    return SessionForm(session, request.POST or None, cancel_url=here, rooms=rooms_of(edition))


def _prepared(request: HttpRequest, year: int) -> Edition:
    require_preparing(request)
    return find_edition(request, year)


def _part(rows: Any, pk: int) -> Any:
    part = rows.filter(pk=pk).first()
    if part is None:
        raise Http404
    return part
