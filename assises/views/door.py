"""The door seen by the Région: its figures while it is open, its posts and their links, what is counted there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assises.forms.door import CheckpointForm, PostForm
from assises.models import Checkpoint, DoorPost, Edition
from assises.operations.doors import (
    add_post,
    change_checkpoint,
    change_post,
    close_post,
    make_usual_checkpoints,
    remove_checkpoint,
    reopen_post,
    send_post_link,
    show_post_link,
)
from assises.permissions import AssisesPermission
from assises.reads.door import checkpoints_of, ends_at, links_of_posts, may_be_held, posts_of
from assises.sheets.door_figures import DoorFigures, door_figures
from assises.views.editions import act, find_edition, show_or_save
from e2c_portal.documents.templatetags.document_words import qr_svg
from e2c_portal.documents.views.fragments import fragment
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from e2c_portal.links.queries import state_of
from partnerships.views.saving import saved


@require_safe
def door_page(request: HttpRequest, year: int) -> HttpResponse:
    """Show how far the door is: figures, posts, checkpoints."""
    edition = find_door(request, year)
    posts = list(posts_of(edition))
    links = links_of_posts(posts)
    for post in posts:
        post.edition = edition
        post.held, post.link_state = may_be_held(post), state_of(links[post.pk]) if post.pk in links else None
    context = {
        "edition": edition, "figures": door_figures(edition), "posts": posts, "keeps": may_keep(request),
        "ends_at": ends_at(edition), "announced": False,
    }  # fmt: skip
    return render(request, "assises/door/board.html", context)


@require_safe
@never_cache
def door_progress(request: HttpRequest, year: int) -> HttpResponse:
    """Answer the figures alone, or nothing while the page shows them already."""
    edition = find_door(request, year)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("assises:door", year)
    figures: DoorFigures = door_figures(edition)
    context = {"edition": edition, "figures": figures, "keeps": may_keep(request), "announced": True}
    return fragment(request, "assises/door/live_figures.html", context, token=figures.mark)


@show_or_save
def post_new(request: HttpRequest, year: int) -> HttpResponse:
    """Add a post at a door."""
    edition = find_kept_door(request, year)
    form = PostForm(DoorPost(edition=edition), request.POST or None, cancel_url=_here(edition))
    user: Any = request.user
    if record_of(form.sending(), user, DoorPost):
        return redirect("assises:door", year)
    if form.is_valid() and saved(form, lambda: add_post(form.instance, user, sending=form.sending())):
        messages.success(request, "La porte est ajoutée. Donnez maintenant son lien.")
        return redirect("assises:door", year)
    return act(request, edition, form, "Ajouter une porte")


@show_or_save
def post_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change a post, or who holds it."""
    edition = find_kept_door(request, year)
    form = PostForm(_row(posts_of(edition), pk), request.POST or None, cancel_url=_here(edition))
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: change_post(form.instance, form.seen(), user)):
        messages.success(request, "La porte est à jour.")
        return redirect("assises:door", year)
    return act(request, edition, form, "Modifier la porte")


@require_POST
def post_close(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Close a post: its link opens nothing any more."""
    return _on_post(request, year, pk, close_post, "La porte est fermée. Son lien ne s’ouvre plus.")


@require_POST
def post_reopen(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Open again a post that was closed."""
    return _on_post(request, year, pk, reopen_post, "La porte est rouverte. Donnez un nouveau lien.")


@require_POST
def post_send(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Send the link of a post to whoever holds it."""
    return _on_post(request, year, pk, send_post_link, "Le lien part par message.")


@require_POST
@never_cache
def post_show(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Show the link of a post once, as a QR code for the phone that stays at the door. Its address is a secret."""
    edition = find_kept_door(request, year)
    post = _row(posts_of(edition), pk)
    user: Any = request.user
    try:
        address = show_post_link(post.pk, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
        return redirect("assises:door", year)
    response = render(request, "assises/door/qr.html", {"edition": edition, "post": post, "qr": qr_svg(address)})
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def checkpoints_make(request: HttpRequest, year: int) -> HttpResponse:
    """Add the half-days and each session with registration, in one press."""
    edition = find_kept_door(request, year)
    user: Any = request.user
    made = make_usual_checkpoints(edition.pk, user)
    if made:
        messages.success(request, f"Contrôles ajoutés : {', '.join(row.name for row in made)}.")
    else:
        messages.info(request, "Tous les contrôles habituels sont déjà là.")
    return redirect("assises:door", year)


@show_or_save
def checkpoint_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change the name or the hours of a checkpoint."""
    edition = find_kept_door(request, year)
    form = CheckpointForm(_row(checkpoints_of(edition), pk), request.POST or None, cancel_url=_here(edition))
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: change_checkpoint(form.instance, form.seen(), user)):
        messages.success(request, "Le contrôle est à jour.")
        return redirect("assises:door", year)
    return act(request, edition, form, "Modifier le contrôle")


@require_POST
def checkpoint_remove(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Remove a checkpoint where nothing was scanned."""
    edition = find_kept_door(request, year)
    control: Checkpoint = _row(checkpoints_of(edition), pk)
    user: Any = request.user
    return _told(request, year, lambda: remove_checkpoint(control.pk, user), f"Contrôle retiré : {control}.")


def find_door(request: HttpRequest, year: int) -> Edition:
    """Return the edition for whoever may follow its door. Raises Http404, PermissionDenied."""
    edition = find_edition(request, year)
    if not request.user.has_perm(AssisesPermission.VIEW_DOOR):
        raise PermissionDenied
    return edition


def find_kept_door(request: HttpRequest, year: int) -> Edition:
    """Return the edition for whoever keeps its door. Raises Http404, PermissionDenied."""
    edition = find_door(request, year)
    if not may_keep(request):
        raise PermissionDenied
    return edition


def may_keep(request: HttpRequest) -> bool:
    return request.user.has_perm(AssisesPermission.KEEP_DOOR)


def _on_post(request: HttpRequest, year: int, pk: int, operation: Any, told: str) -> HttpResponse:
    edition = find_kept_door(request, year)
    post = _row(posts_of(edition), pk)
    return _told(request, year, lambda: operation(post.pk, request.user), told)


def _told(request: HttpRequest, year: int, operation: Any, told: str) -> HttpResponse:
    try:
        operation()
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, told)
    return redirect("assises:door", year)


def _row(rows: Any, pk: int) -> Any:
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _here(edition: Edition) -> str:
    return reverse("assises:door", args=[edition.year])
