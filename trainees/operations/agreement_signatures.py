"""Hold the signature of an agreement or an amendment, open it, stop it, and record that everybody signed.

Locks are taken in the order of the signing engine (document, envelope), then the internship, then the agreement.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents.models import Status
from e2c_portal.documents.requesting import Order, retry
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.workflow import Move, Workflow
from e2c_portal.signing.lookups import living_envelope
from e2c_portal.signing.models import Envelope, Mode
from e2c_portal.signing.operations.ending import void
from e2c_portal.signing.operations.locking import locked_envelope
from e2c_portal.signing.operations.opening import open_envelope
from trainees.models import AgreementAmendment, Internship, InternshipAgreement
from trainees.models.agreements import AGREEMENT_KIND, AMENDMENT_KIND
from trainees.operations.moving import save_or_refuse
from trainees.permissions import TraineePermission
from trainees.reads.signers import AgreementPlan, Signer

KINDS: dict[type[Model], str] = {InternshipAgreement: AGREEMENT_KIND, AgreementAmendment: AMENDMENT_KIND}
NOT_YOURS = "Vous n’avez pas le droit de suivre les conventions de stage de cette école."
NOT_AWAITED = "Ce texte n’attendait plus de signature."


def require(actor: User, internship: Internship) -> None:
    """Raise NotAllowed unless somebody may put the agreements of this school to signature."""
    if not actor.has_perm(TraineePermission.SEND_AGREEMENT, internship):
        raise NotAllowed(NOT_YOURS)


def held_internship(pk: int) -> Internship:
    """Return an internship, locked: whatever touches its agreement waits here."""
    rows = Internship.objects.select_for_update(of=("self",)).select_related("trainee", "school")
    return rows.get(pk=pk)


def hold_signature(model: type[Model], pk: int) -> Envelope | None:
    """Lock the living envelope of a record, its document first; to be called before the record itself is locked."""
    living = living_envelope(KINDS[model], f"{model._meta.label_lower}:{pk}")
    return locked_envelope(living.pk, with_document=True) if living else None


def ask_signatures(
    order: Order,
    people: list[Signer],
    plan: AgreementPlan,
    actor: User,
    *,
    until: date | None = None,
    why_new: str = "",
) -> Envelope:
    """Ask for the document and its signatures. `until` bounds the last day to sign when nothing else was chosen.

    Raises Refused: two people reached at one address, a limit that passed, a signature already under way.
    """
    plan.refuse_shared_addresses(people)
    if until is not None and (plan.until is None or plan.until > until):
        plan = AgreementPlan(plan.ways, max(until, timezone.localdate()), plan.mode)
    return open_envelope(
        order, plan.signatories(people), actor, mode=Mode(plan.mode), expires_at=plan.end(), why_new=why_new
    )


def stop_signature(held: Envelope | None, why: str, actor: User) -> None:
    """Void the envelope held, if any: those who signed are told why."""
    if held is not None and held.is_alive:
        void(held, why, actor)


def write_recorded(row: Any, workflow: Workflow, move: Move, envelope: Envelope, internship: Internship) -> None:
    """Write the move that the signing engine brings about, in the name of who put the text to signature.

    No person presses a button: no right is asked for. Raises Refused, with details, when the state or a rule prevents it.
    """
    if row.status not in move.origins:
        raise Refused(NOT_AWAITED, code="not_awaited")
    if missing := move.missing(row):
        raise Refused("La signature ne peut pas être enregistrée.", details=missing, code="incomplete")
    origin, row.status = row.status, move.target
    save_or_refuse(row)
    row.moves.model.objects.create(
        **{row.moves.field.name: row}, origin=origin, target=move.target, actor=envelope.opened_by, reason="",
        effective_on=getattr(row, "signed_on", None),
    )  # fmt: skip
    record(None, f"{row._meta.model_name}.{move.name}", internship, f"{row} : {row.state.label.lower()}")


@transaction.atomic
def make_document_again(model: type[Model], pk: int, actor: User) -> None:
    """Have the document to sign made again after a failure; its signatories are invited once it is ready.

    Raises NotAllowed, Refused when it did not fail.
    """
    row = model._default_manager.get(pk=pk)
    require(actor, row.agreement.internship if isinstance(row, AgreementAmendment) else row.internship)  # type: ignore[attr-defined]
    held = hold_signature(model, pk)
    if held is None or held.document.status != Status.FAILED:
        raise Refused("Ce document n’est pas en échec : rechargez la page pour voir où il en est.", code="not_failed")
    retry(held.document, actor)
