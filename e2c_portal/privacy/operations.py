"""What the data officer decides: hold, lift, erase. Each is traced."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.audit.trail import subject_of as named
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.privacy.erasing import Outcome, erase_people
from e2c_portal.privacy.holds import record_named
from e2c_portal.privacy.models import LegalHold
from e2c_portal.privacy.people import PersonKind
from e2c_portal.privacy.permissions import PrivacyPermission

NOT_YOURS = "Ce qui touche aux données personnelles est réservé au délégué à la protection des données."
HELD = "Cette fiche est gelée : levez le gel avant de demander l’effacement."
HELD_ALREADY = "Cette fiche est déjà gelée."
PAST = "La date de fin du gel est passée : choisissez un jour à venir, ou laissez-la vide."
LIFTED = "Ce gel est déjà levé."
ON_REQUEST = "Effacement demandé par la personne"


@transaction.atomic
def place_hold(subject: Model, reason: str, until: date | None, actor: User) -> LegalHold:
    """Hold a record: nothing of it goes any more. Raises NotAllowed, Refused when it is held already or the day is past."""
    _require(actor)
    if until is not None and until < timezone.localdate():
        raise Refused(PAST)
    _lift_what_is_over(named(subject), actor)
    try:
        with transaction.atomic():
            hold = LegalHold.objects.create(subject=named(subject), reason=reason.strip(), until=until, placed_by=actor)
    except IntegrityError as error:
        raise Refused(HELD_ALREADY) from error
    record(actor, "hold.placed", subject, "Gel posé", until=str(until or ""))
    return hold


def _lift_what_is_over(subject: str, actor: User) -> None:
    over = LegalHold.objects.filter(subject=subject, lifted_at=None, until__lt=timezone.localdate())
    over.update(lifted_at=timezone.now(), lifted_by=actor, lift_reason="Terme atteint")


@transaction.atomic
def lift_hold(hold_id: int, reason: str, actor: User) -> LegalHold:
    """Lift a hold, with the reason. Raises NotAllowed, Refused when it is lifted already."""
    _require(actor)
    hold = LegalHold.objects.select_for_update().get(pk=hold_id)
    if hold.lifted_at is not None:
        raise Refused(LIFTED)
    hold.lifted_at, hold.lifted_by, hold.lift_reason = timezone.now(), actor, reason.strip()
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    if (subject := record_named(hold.subject)) is not None:
        record(actor, "hold.lifted", subject, "Gel levé")
    return hold


@transaction.atomic
def erase_on_request(kind: PersonKind, person: Model, reason: str, actor: User) -> Outcome:
    """Erase somebody at their demand: all that the law does not keep. The refused parts come back with their grounds.

    `reason` says how the demand came; it is kept, so it names nobody. Raises NotAllowed, Refused when the person is held, when
    nothing may go for now, or when it is whoever asks.
    """
    _require(actor)
    if person == actor:
        raise Refused("Vous ne pouvez pas effacer votre propre compte : demandez à un collègue.")
    if LegalHold.objects.filter(subject=named(person), lifted_at=None).exclude(until__lt=timezone.localdate()).exists():
        raise Refused(HELD)
    kind.model_class._base_manager.select_for_update().get(pk=person.pk)
    if refusals := kind.refusals(person):
        raise Refused(" ".join(refusals))
    return erase_people(kind, [person], ON_REQUEST, actor, reason.strip())


def _require(actor: User) -> None:
    if not actor.has_perm(PrivacyPermission.HANDLE_PEOPLE):
        raise NotAllowed(NOT_YOURS)
