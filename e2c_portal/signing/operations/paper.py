"""Signed on paper: one person adds the scan, another compares it to the document and accepts it."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from e2c_portal.documents.received_files import Upload
from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.signing import chain
from e2c_portal.signing.exhibits import store_exhibit
from e2c_portal.signing.models import Act, ActKind, Exhibit, ExhibitKind, Method, Signatory, SignatoryStatus
from e2c_portal.signing.operations.locking import locked_signatory, refuse_unless_expected
from e2c_portal.signing.operations.signing import count_as_signed

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone, never imported when the portal runs.
    from e2c_portal.accounts.models import User

SECOND_PERSON = "Une autre personne que celle qui a ajouté l’exemplaire doit le contrôler."


@transaction.atomic
def record_paper(signatory_id: int, upload: Upload, signed_on: date, actor: "User") -> Exhibit:
    """Keep the scan of a copy signed on paper; it waits for a second person.

    Raises Refused when the file is not a PDF or a picture, when the date is to come, or when the signature is over.
    """
    signatory = locked_signatory(signatory_id)
    refuse_unless_expected(signatory, timezone.now())
    if signatory.status == SignatoryStatus.TO_CHECK:
        raise Refused("Un exemplaire attend déjà son contrôle.", code="already_to_check")
    if signed_on > timezone.localdate():
        raise Refused("La date de signature est dans le futur.", code="future_date")
    exhibit = store_exhibit(signatory, ExhibitKind.PAPER, upload, actor, signed_on=signed_on)
    signatory.status, signatory.method = SignatoryStatus.TO_CHECK, Method.PAPER
    signatory.save(update_fields=["status", "method"])
    act = _act(signatory, ActKind.PAPER_ADDED, exhibit, actor)
    chain.append_act(act, exhibit=chain.exhibit_facts(exhibit))
    return exhibit


@transaction.atomic
def check_paper(signatory_id: int, checker: "User", *, accepted: bool, remark: str = "") -> Act:
    """Accept or set aside the copy that waits; accepted, it counts as the signature.

    Raises NotAllowed for the person who added it, Refused without a copy to check or without the reason of a refusal.
    """
    signatory = locked_signatory(signatory_id)
    now = timezone.now()
    refuse_unless_expected(signatory, now)
    exhibit = signatory.exhibits.select_for_update().filter(kind=ExhibitKind.PAPER, accepted=None).first()
    if exhibit is None:
        raise Refused("Aucun exemplaire n’attend de contrôle.", code="nothing_to_check")
    if exhibit.added_by_id == checker.pk:
        raise NotAllowed(SECOND_PERSON)
    if not accepted and not remark.strip():
        raise Refused("Écrivez pourquoi cet exemplaire est écarté.", code="reason_required")
    exhibit.checked_by, exhibit.checked_at = checker, now
    exhibit.accepted, exhibit.remark = accepted, remark.strip()
    exhibit.save(update_fields=["checked_by", "checked_at", "accepted", "remark"])
    kind = ActKind.PAPER_ACCEPTED if accepted else ActKind.PAPER_REJECTED
    act = _act(signatory, kind, exhibit, checker, reason=remark.strip())
    if accepted:
        count_as_signed(signatory, act, now)
    else:
        signatory.status = SignatoryStatus.INVITED
        signatory.save(update_fields=["status"])
        chain.append_act(act)
    return act


def _act(signatory: Signatory, kind: ActKind, exhibit: Exhibit, actor: "User", reason: str = "") -> Act:
    return Act.objects.create(
        signatory=signatory, kind=kind, at=timezone.now(), method=Method.PAPER, exhibit=exhibit, actor=actor,
        reason=reason, document_sha256=base_revision(signatory.envelope.document).sha256,
    )  # fmt: skip
