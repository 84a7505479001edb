"""Comment on a text while it is written, and settle the comments."""

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships.commented_places import places_of
from partnerships.models import ConventionComment, PartnershipConvention
from partnerships.permissions import PartnershipPermission
from partnerships.queries import convention_in_full


@transaction.atomic
def add_comment(convention_id: int, place: str, text: str, actor: User) -> ConventionComment:
    """Write a comment on one place of a text still open; `place` is a value of places_of.

    Raises NotAllowed, Refused when the text is settled, when the place is gone or when nothing is said.
    """
    if not actor.has_perm(PartnershipPermission.WRITE_COMMENT):
        raise NotAllowed("Vous ne pouvez pas commenter cette convention.")
    PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    convention = convention_in_full(convention_id)
    if not convention.is_editable:
        raise Refused("Le texte de cette convention est arrêté : il ne se commente plus.")
    label = places_of(convention).get(place)
    if label is None:
        raise Refused("Cette partie du texte n’existe plus : rechargez la page et choisissez-en une autre.")
    if not text.strip():
        raise Refused("Écrivez votre commentaire.")
    part, _, key = place.partition(":")
    comment = ConventionComment.objects.create(
        convention=convention, part=part, key=key, place_label=label, text=text.strip(), author=actor
    )
    record(actor, "comment.added", convention, f"Commentaire : {label}")
    return comment


@transaction.atomic
def resolve_comment(comment_id: int, answer: str, actor: User) -> ConventionComment:
    """Settle a comment, with or without a word. Raises NotAllowed, Overtaken when it is settled already."""
    if not actor.has_perm(PartnershipPermission.RESOLVE_COMMENT):
        raise NotAllowed("Seul un chargé de mission régional peut régler un commentaire.")
    comment = ConventionComment.objects.select_for_update().select_related("convention").get(pk=comment_id)
    if comment.resolved_at is not None:
        raise Overtaken(f"Ce commentaire est déjà réglé par {comment.resolved_by}.")
    comment.answer, comment.resolved_by, comment.resolved_at = answer.strip(), actor, timezone.now()
    comment.save(update_fields=["answer", "resolved_by", "resolved_at"])
    record(actor, "comment.resolved", comment.convention, f"Commentaire réglé : {comment.place_label}")
    return comment
