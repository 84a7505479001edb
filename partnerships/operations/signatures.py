"""Put a convention or an amendment to signature, and record that everybody signed.

Locks are taken in the order of the signing engine (document, envelope) before the convention's own: an officer who reopens a
text and the worker that seals it at the same instant wait for each other, never both ways.
"""

from dataclasses import replace
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Status
from e2c_portal.documents.requesting import Order, retry
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import date_in_letters
from e2c_portal.signing.lookups import living_envelope
from e2c_portal.signing.models import Envelope, Method, Mode
from e2c_portal.signing.operations.ending import void
from e2c_portal.signing.operations.locking import locked_envelope
from e2c_portal.signing.operations.opening import open_envelope
from e2c_portal.signing.purposes import purpose_named
from partnerships.agreement import Signatory, who_signs
from partnerships.amendment_documents import KIND as AMENDMENT
from partnerships.amendment_documents import amendment_order, before_and_after
from partnerships.consolidation import signed_text
from partnerships.documents import KIND as CONVENTION
from partnerships.documents import convention_order
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.permissions import PartnershipPermission
from partnerships.queries import amendment_in_full, convention_in_full
from partnerships.signing_plan import SigningPlan

KINDS: dict[type[Model], str] = {PartnershipConvention: CONVENTION, ConventionAmendment: AMENDMENT}
TOO_LATE_TO_SIGN = (
    "Cet avenant prend effet {day} : une signature donnée maintenant viendrait trop tard. Revenez au brouillon pour changer "
    "cette date, ou choisissez le papier pour un exemplaire déjà signé."
)
SIGN_BEFORE = "Cet avenant prend effet {day} : choisissez une date limite qui ne vient pas après."
NOT_TO_SIGN = "Ce texte n’est pas à la signature : rechargez la page pour voir son état."
ALL_SIGNED = "Toutes les personnes ont déjà signé ce document : il n’y a rien à relancer."
UNDER_SIGNATURE = (
    "Le document est à la signature : il ne se fabrique pas à part. Suivez les signatures, ou relancez-les."
)
SIGNED_DOCUMENT = "Toutes les parties ont signé ce document : il ne se refait pas. Un changement passe par un avenant."
LIMIT_PASSED = "La date limite pour signer est passée : choisissez un jour à venir."


def people_of_convention(convention_id: int) -> list[Signatory]:
    """Return who signs a convention, in the order of its document."""
    return list(signed_text(convention_in_full(convention_id)).signatories)


def people_of_amendment(amendment_id: int) -> list[Signatory]:
    """Return who signs an amendment (amendment_life.SIGNING_RULE), in the order of its document."""
    return who_signs(before_and_after(amendment_in_full(amendment_id))[1])


def hold_signature(model: type[Model], pk: int) -> Envelope | None:
    """Lock the living envelope of a record, its document first; to be called before the record itself is locked."""
    living = living_envelope(KINDS[model], f"{model._meta.label_lower}:{pk}")
    return locked_envelope(living.pk, with_document=True) if living else None


def open_for_convention(convention_id: int, plan: SigningPlan | None, actor: User, *, why_new: str = "") -> Envelope:
    """Ask for the document of a convention that has just been put to signature, and for its signatures."""
    people = people_of_convention(convention_id)
    return _open(convention_order(convention_id), people, plan, actor, why_new)


def open_for_amendment(amendment_id: int, plan: SigningPlan | None, actor: User, *, why_new: str = "") -> Envelope:
    """Ask for the document of an amendment that has just been put to signature, and for its signatures.

    Raises Refused when a signature to come could only be later than the written date of effect.
    """
    amendment, people = amendment_in_full(amendment_id), people_of_amendment(amendment_id)
    plan = _in_time(amendment.effective_on, plan or SigningPlan(), people)
    return _open(amendment_order(amendment_id), people, plan, actor, why_new)


def _in_time(effective_on: date | None, plan: SigningPlan, people: list[Signatory]) -> SigningPlan:
    """An amendment does not return to the past: nobody signs after it takes effect. Paper may have been signed before."""
    if effective_on is None or all(plan.way_of(person).method == Method.PAPER for person in people):
        return plan
    if effective_on < timezone.localdate():
        raise Refused(TOO_LATE_TO_SIGN.format(day=date_in_letters(effective_on)), code="effect_passed")
    if plan.until and plan.until > effective_on:
        raise Refused(SIGN_BEFORE.format(day=date_in_letters(effective_on)), code="limit_after_effect")
    return replace(
        plan, until=plan.until or min(effective_on, timezone.localdate() + purpose_named(AMENDMENT).lifetime)
    )


def _open(order: Order, people: list[Signatory], plan: SigningPlan | None, actor: User, why_new: str) -> Envelope:
    plan = plan or SigningPlan()
    return open_envelope(
        order, plan.signatories(people), actor, mode=Mode(plan.mode), expires_at=_end_of(plan), why_new=why_new
    )


def _end_of(plan: SigningPlan) -> datetime | None:
    """Return the last instant of the last day to sign."""
    if plan.until is None:
        return None
    if plan.until < timezone.localdate():
        raise Refused(LIMIT_PASSED, code="limit_passed")
    return timezone.make_aware(datetime.combine(plan.until, time(23, 59, 59)))


@transaction.atomic
def sign_convention_again(convention_id: int, plan: SigningPlan, actor: User, *, why_new: str = "") -> Envelope:
    """Ask anew for the signatures of a convention that waits for them: one was refused, voided, or the ways have changed.

    With a signature under way, `why_new` says why it is replaced; those who signed read it. The same request twice gives the
    same envelope. Raises NotAllowed, Refused.
    """
    _require(actor, PartnershipPermission.MOVE_CONVENTION)
    hold_signature(PartnershipConvention, convention_id)
    convention = PartnershipConvention.objects.select_for_update().get(pk=convention_id)
    _refuse_unless_to_sign(convention)
    return open_for_convention(convention_id, plan, actor, why_new=why_new)


@transaction.atomic
def sign_amendment_again(amendment_id: int, plan: SigningPlan, actor: User, *, why_new: str = "") -> Envelope:
    """Do for an amendment what sign_convention_again does for a convention. Raises NotAllowed, Refused."""
    _require(actor, PartnershipPermission.WRITE_AMENDMENT)
    hold_signature(ConventionAmendment, amendment_id)
    amendment = ConventionAmendment.objects.select_for_update().get(pk=amendment_id)
    _refuse_unless_to_sign(amendment)
    return open_for_amendment(amendment_id, plan, actor, why_new=why_new)


@transaction.atomic
def make_document_again(model: type[Model], pk: int, actor: User) -> None:
    """Have the document to sign made again after a failure; its signatories are invited once it is ready. Raises Refused."""
    _require(actor, PartnershipPermission.SEAL_CONVENTION)
    held = hold_signature(model, pk)
    if held is None or held.document.status != Status.FAILED:
        raise Refused(UNDER_SIGNATURE, code="under_signature")
    retry(held.document, actor)


def why_not_sealed(convention: PartnershipConvention, *, signed: bool) -> str:
    """Say why no document of its own may be made for a convention: the one that is signed is the document.

    `signed` says whether everybody signed its last envelope.
    """
    if convention.status == "to_sign":
        return UNDER_SIGNATURE
    return SIGNED_DOCUMENT if signed else ""


def stop_signature(held: Envelope | None, why: str, actor: User) -> None:
    """Void the envelope held, if any: its text is written anew, and those who signed are told why."""
    if held is not None and held.is_alive:
        void(held, why, actor)


def _refuse_unless_to_sign(subject: PartnershipConvention | ConventionAmendment) -> None:
    if subject.status != "to_sign":
        raise Refused(NOT_TO_SIGN, code="not_to_sign")
    if subject.signed_envelope():
        raise Refused(ALL_SIGNED, code="all_signed")


def _require(actor: User, permission: PartnershipPermission) -> None:
    if not actor.has_perm(permission):
        raise NotAllowed("Seul un chargé de mission régional peut mettre un texte à la signature.")
