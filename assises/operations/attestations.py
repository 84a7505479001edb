"""Ask for attestations of attendance: one, those of a school, and anew those whose scans changed. One transaction each."""

import logging

from django.db import transaction

from assises.documents.attendance import attendance_order
from assises.models import Edition, Registration
from assises.permissions import AssisesPermission
from assises.reads.attestations import KIND, attested_visible_to, out_of_date
from assises.reads.presence import checkpoints_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import give_up, request_document
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.scope import Scope

logger = logging.getLogger(__name__)
NOT_SEEN = (
    "Aucun passage de cette personne n’a été compté : il n’y a rien à attester. Si elle est venue, faites d’abord saisir la "
    "feuille d’émargement."
)
ERASED = "Les noms de cette édition sont effacés : il ne peut plus y avoir d’attestation."
NOT_YOURS = "Seules la Région et l’école de la personne demandent son attestation."
# More people than a school sends: a batch stays within a request.
AT_ONCE = 300


@transaction.atomic
def ask_attestation(registration_id: int, actor: User | None = None) -> Document:
    """Ask for the attestation of somebody, or return the one that already says the same.

    `actor` is nobody when the person asks by their link: the document is then asked for in the name of whoever prepared the
    edition. Raises NotAllowed, Refused for somebody who was not counted, or whose name is erased.
    """
    rows = Registration.objects.select_related("edition__created_by", "school", "company")
    registration = rows.select_for_update(of=("self",)).get(pk=registration_id)
    if actor and not actor.has_perm(AssisesPermission.CHANGE_REGISTRATION, registration):
        raise NotAllowed(NOT_YOURS)
    if registration.purged_at:
        raise Refused(ERASED, code="erased")
    counted = checkpoints_of(registration)
    if not counted:
        raise Refused(NOT_SEEN, code="not_seen")
    return request_document(attendance_order(registration, counted), actor or registration.edition.created_by)


@transaction.atomic
def ask_attestations_of_school(edition: Edition, school_id: int, actor: User) -> int:
    """Ask for the attestations of everybody of a school who was counted. Returns how many people. Raises NotAllowed, Refused."""
    rows = list(attested_visible_to(Scope(school_ids=frozenset({school_id})), edition)[: AT_ONCE + 1])
    if not rows:
        raise Refused("Personne de cette école n’a encore été compté à l’entrée.", code="not_seen")
    if len(rows) > AT_ONCE:
        raise Refused(f"Plus de {AT_ONCE} personnes : demandez leurs attestations une par une.", code="too_many")
    if not all(actor.has_perm(AssisesPermission.CHANGE_REGISTRATION, row) for row in rows):
        raise NotAllowed(NOT_YOURS)
    # In one order for all: two people who ask for the same school never wait for each other.
    for pk in sorted(row.pk for row in rows):
        ask_attestation(pk, actor)
    return len(rows)


def renew_attestations(limit: int = 200) -> int:
    """Make anew the attestations whose scans changed since, at most `limit`. Those of which no scan is left
    are given up before their seal, and said to be worth nothing after it. Returns how many were made anew or given up."""
    done = 0
    for registration_id in out_of_date():
        if done >= limit:
            break
        try:
            done += _renew(registration_id)
        except Refused as refusal:
            logger.warning("attestation of registration %s: %s", registration_id, refusal.code)
    return done


@transaction.atomic
def _renew(registration_id: int) -> int:
    registration = Registration.objects.select_for_update(of=("self",)).get(pk=registration_id)
    if checkpoints_of(registration):
        before = _last(registration)
        return int(ask_attestation(registration_id).pk != before)
    open_ones = Document.objects.select_for_update().filter(kind=KIND, subject=subject_of(registration))
    waiting = open_ones.filter(status__in=[Status.QUEUED, Status.BUILDING, Status.FAILED]).first()
    if waiting is None:
        return 0
    give_up(waiting, "Les passages ont été annulés.")
    record(None, "attestation.given_up", registration, "Attestation de présence abandonnée : plus aucun passage compté")
    return 1


def _last(registration: Registration) -> int:
    rows = Document.objects.filter(kind=KIND, subject=subject_of(registration))
    return rows.order_by("-requested_at", "-pk").values_list("pk", flat=True).first() or 0
