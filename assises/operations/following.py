"""What the Région and the schools do of a registration once it is made: each act checks who acts, then that it still may be."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from assises.life import acts
from assises.life import registrations as life
from assises.models import Category, Edition, Registration
from assises.operations.group_registering import GroupOutcome, RefusedOne, refuse_unsettled, sentence_of
from assises.operations.places import (
    accept_offer,
    end_of_an_offer,
    give_now,
    held,
    hold_edition,
    move,
    require_managing,
)
from assises.operations.registering import (
    accept_request,
    cancel_registration,
    change_sessions,
    refuse_request,
    register,
    renew_ticket,
    write_answers,
)
from assises.operations.telling import tell
from assises.permissions import AssisesPermission
from assises.reads.group_registering import is_over
from assises.reads.own_calendar import last_serial
from assises.reads.places import has_room, places_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, PortalError, Refused
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.kernel.revisions import hold_revision
from e2c_portal.kernel.submissions import Sending, once
from trainees.operations.moving import save_or_refuse

P = AssisesPermission
Act = Callable[[int, User, str], Registration]
OVERTAKEN = (
    "Quelqu’un a changé cette inscription pendant que vous l’écriviez. Votre saisie est conservée ci-dessous : comparez-la "
    "avec ce qui est enregistré, puis enregistrez de nouveau."
)
TOLD_AGAIN = {life.ASKED: "asked", life.WAITING: "wait", life.OFFERED: "offer", life.CONFIRMED: "confirm"}
OVER = "La journée est passée, ou l’édition n’est pas annoncée : cette inscription ne change plus."
# What the Région and the school correct; how the person came to be registered stays what it was.
CHANGED = ("first_name", "last_name", "email", "organisation", "job_title", "access_needs", "image_consent",
           "image_consent_by")  # fmt: skip


@says_why
@transaction.atomic
def offer_now(registration_id: int, actor: User, reason: str = "") -> Registration:
    """Offer a place to somebody who waits, before their turn. Raises NotAllowed, Overtaken, Refused when no place is left."""
    require_managing(actor)
    row = held(registration_id)
    now = timezone.now()
    if row.status == life.WAITING and not has_room(places_of(row.edition), row.category):
        raise Refused("Il n’y a plus de place : relevez d’abord le quota ou le total de l’édition.", code="full")
    ends = end_of_an_offer(row.edition, now)
    if ends <= now:
        raise Refused("La journée a commencé : inscrivez la personne au lieu de lui proposer une place.", code="begun")
    row.offered_until = ends
    move(row, "offer", actor, reason)
    return row


def _cancel(registration_id: int, actor: User, reason: str) -> Registration:
    if not reason.strip():
        raise Refused("Écrivez pourquoi cette inscription est annulée.", code="reason_required")
    return cancel_registration(registration_id, actor, reason)


ACTS: dict[str, Act] = {
    acts.CANCEL: _cancel,
    acts.ACCEPT: lambda pk, actor, reason: accept_offer(pk, actor),
    acts.CONFIRM: give_now,
    acts.OFFER: offer_now,
    acts.ADMIT: lambda pk, actor, reason: accept_request(pk, actor),
    acts.REFUSE: refuse_request,
    acts.NEW_TICKET: renew_ticket,
}


@says_why
@transaction.atomic
def act_on_registration(registration_id: int, name: str, actor: User, reason: str = "") -> Registration:
    """Do one act of `ACTS` on a registration. Raises NotAllowed, Overtaken, Refused once the day is over or with a NIR."""
    _open_to(registration_id, actor, acts.RIGHTS[name])
    refuse_nir(reason)
    return ACTS[name](registration_id, actor, reason)


def _open_to(registration_id: int, actor: User, permission: str) -> Registration:
    row = Registration.objects.select_related("edition").get(pk=registration_id)
    if not actor.has_perm(permission, row):
        raise NotAllowed("Vous n’avez pas le droit d’agir sur cette inscription.")
    if is_over(row.edition):
        raise Refused(OVER, code="over")
    return row


@transaction.atomic
def change_registration(
    registration_id: int, typed: Mapping[str, Any], answers: Mapping[int, str], seen: int | None, actor: User
) -> Registration:
    """Correct what a registration says of a person. Raises NotAllowed, Overtaken, Refused for what the rules refuse."""
    _open_to(registration_id, actor, P.CHANGE_REGISTRATION)
    row = held(registration_id)
    if not row.is_active:
        raise Refused("Cette inscription a pris fin : inscrivez la personne de nouveau.", code="ended")
    hold_revision(row, seen, OVERTAKEN)
    before, address = row.image_consent, row.email
    for name in CHANGED:
        # A trainee bears the name of their file: it is corrected there.
        if name in typed and not (row.trainee_id and name in ("first_name", "last_name")):
            setattr(row, name, typed[name])
    if row.image_consent != before:
        row.image_consent_at = None if row.image_consent is None else timezone.now()
    refuse_unsettled(row, actor)
    changed = changed_fields(row)
    if row.email.lower() != address.lower():
        row.calendar_serial = max(row.calendar_serial, last_serial(row.edition, row.email))
    save_or_refuse(row)
    write_answers(row, answers)
    record(actor, "registration.changed", row, "Inscription modifiée", changed=changed)
    if row.email.lower() != address.lower():
        # The new address never received what the former one did.
        tell(row, TOLD_AGAIN[row.status])
    return row


@transaction.atomic
def choose_workshops(registration_id: int, session_ids: Iterable[int], actor: User) -> None:
    """Choose the workshops of somebody, in their name. Raises NotAllowed, Refused when one is full or at the same time."""
    _open_to(registration_id, actor, P.CHANGE_REGISTRATION)
    by = "la Région" if actor.has_perm(P.MANAGE_REGISTRATIONS) else "votre école"
    change_sessions(registration_id, session_ids, actor, by)


@transaction.atomic
def register_at_the_desk(
    registration: Registration, actor: User, *, answers: Mapping[int, str], sending: Sending | None = None
) -> Registration:
    """Register somebody who writes, calls, or comes on the day itself: the Région does not wait for an opening date.

    Raises NotAllowed, AlreadySent, Refused once the day is over, for a second registration, or what the rules refuse.
    """
    require_managing(actor)
    edition = hold_edition(registration.edition_id)
    if is_over(edition):
        raise Refused("On n’inscrit qu’à une édition annoncée, et jusqu’à la fin de sa journée.", code="over")
    registration.origin = Registration.Origin.REGION
    if registration.category in (Category.TRAINEE, Category.STAFF) and registration.school_id is None:
        raise Refused("Indiquez l’école.", code="school")
    return once(sending, actor, Registration, lambda: register(registration, actor, answers=answers))


@transaction.atomic
def decide_requests(
    edition: Edition, registration_ids: Iterable[int], actor: User, *, accept: bool, reason: str = ""
) -> GroupOutcome:
    """Accept or refuse several requests, the oldest first. Somebody decided meanwhile is told by name, and keeps what they have.

    Raises NotAllowed, Refused for nobody, or without the reason of a refusal.
    """
    require_managing(actor)
    if is_over(hold_edition(edition.pk)):
        raise Refused(OVER, code="over")
    if not accept and not reason.strip():
        raise Refused("Écrivez le motif du refus : les personnes le lisent.", code="reason_required")
    refuse_nir(reason)
    rows = list(edition.registrations.filter(pk__in=list(registration_ids)).order_by("created_at", "pk"))
    if not rows:
        raise Refused("Cochez au moins une demande.", code="nobody")
    outcome = GroupOutcome()
    for row in rows:
        try:
            decided = accept_request(row.pk, actor) if accept else refuse_request(row.pk, actor, reason)
        except PortalError as refusal:
            outcome.refused.append(RefusedOne(row.full_name, sentence_of(refusal)))
        else:
            outcome.registered.append(decided)
    return outcome
