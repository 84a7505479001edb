"""Find a person or one of their rows within the scope of whoever asks: out of it is 404, without the right is 403."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.views.decorators.http import require_http_methods

from schools.scope import scope_of
from trainees.models import Pathway, Trainee
from trainees.reads.visible import pathway_known_to, trainee_known_to

show_or_save = require_http_methods(["GET", "HEAD", "POST"])


def find_trainee(request: HttpRequest, public_id: UUID) -> Trainee:
    """Return a trainee of the schools in scope today."""
    trainee = trainee_known_to(scope_of(request.user), public_id)
    if trainee is None:
        raise Http404
    return trainee


def find_pathway(request: HttpRequest, pk: int) -> Pathway:
    """Return a pathway of somebody who is in the schools in scope today: once transferred, a person is theirs no more."""
    scope = scope_of(request.user)
    pathway = pathway_known_to(scope, pk)
    if pathway is None or not scope.covers(pathway.trainee.school_id):
        raise Http404
    return pathway


def require(request: HttpRequest, permission: str, row: object = None) -> None:
    """Raise PermissionDenied unless this person has that right on that row."""
    if not request.user.has_perm(permission, row):
        raise PermissionDenied
