"""Sign or refuse. The act is written in one short transaction; the signature enters the file right after, by a job.

Two people who sign at the same instant wait for each other for a few milliseconds and both count; one person who presses
twice counts once, and is told the same thing twice.
"""

from datetime import datetime

from django.db import transaction

from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.kernel.clock import agreed_now
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.links.models import PersonalLink
from e2c_portal.signing import chain, messages
from e2c_portal.signing.models import Act, ActKind, Code, EnvelopeStatus, Method, Signatory, SignatoryStatus
from e2c_portal.signing.operations.codes import refuse_withdrawn_link, spend
from e2c_portal.signing.operations.ending import end
from e2c_portal.signing.operations.inviting import invite_next
from e2c_portal.signing.operations.locking import locked_signatory, refuse_unless_expected
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.visitors import Visitor

APPLY = "signing.apply"
CONSENT_MISSING = "Cochez la case pour dire que vous acceptez de signer."
CHANGED = (
    "Le document montré n’est plus celui qui se signe. Rouvrez la page depuis votre lien et relisez-le avant de signer."
)
REASON_MISSING = "Écrivez pourquoi vous refusez de signer : la personne qui suit le dossier le lira."


def sign(
    signatory_id: int,
    *,
    typed_code: str,
    consented: bool,
    shown_sha256: str,
    visitor: Visitor,
    link: PersonalLink | None = None,
) -> Act:
    """Sign by the personal link and a one-time code. Signing twice returns the first act.

    `shown_sha256` is the fingerprint of the PDF that the page showed. Raises Refused: closed, not their turn, no consent,
    wrong code (the attempt counts); ClosedLink when the link was withdrawn; Overtaken when the document changed.
    """
    with transaction.atomic():
        outcome = _sign_with_code(signatory_id, typed_code, consented, shown_sha256, visitor, link)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _sign_with_code(
    signatory_id: int, typed_code: str, consented: bool, shown_sha256: str, visitor: Visitor, link: PersonalLink | None
) -> Act | Refused:
    signatory = locked_signatory(signatory_id)
    refuse_withdrawn_link(link)
    if signatory.has_signed:
        return signatory.acts.get(kind__in=[ActKind.SIGNED, ActKind.PAPER_ACCEPTED])
    now = agreed_now()
    refuse_unless_expected(signatory, now)
    if not signatory.signs_by_link:
        raise Refused("Cette signature se fait autrement que par lien : appelez la personne qui suit le dossier.")
    refuse_unless_shown(signatory, consented, shown_sha256)
    code = spend(signatory, typed_code, now)
    return code if isinstance(code, Refused) else write_signature(signatory, visitor, now, code=code)


def refuse_unless_shown(signatory: Signatory, consented: bool, shown_sha256: str) -> None:
    """Raise Refused without consent, Overtaken when the page showed other bytes than those to sign."""
    if shown_sha256 != base_revision(signatory.envelope.document).sha256:
        raise Overtaken(CHANGED)
    if not consented:
        raise Refused(CONSENT_MISSING, code="no_consent")


def write_signature(
    signatory: Signatory,
    visitor: Visitor,
    now: datetime,
    *,
    code: Code | None = None,
    **facts: object,
) -> Act:
    """Write the act of a locked signatory who signs electronically, and ask for what follows."""
    envelope = signatory.envelope
    act = Act.objects.create(
        signatory=signatory, kind=ActKind.SIGNED, at=now, method=signatory.method, channel=code.channel if code else "",
        consent_text=purpose_of(envelope).consent_text(envelope, signatory), consent_version=envelope.consent_version,
        document_sha256=base_revision(envelope.document).sha256, ip=visitor.ip, user_agent=visitor.user_agent, **facts,
    )  # fmt: skip
    count_as_signed(signatory, act, now)
    return act


def count_as_signed(signatory: Signatory, act: Act, now: datetime) -> None:
    """Mark a locked signatory as signed by an act; tell the app, invite the next ones and have the file written."""
    signatory.status, signatory.signed_at = SignatoryStatus.SIGNED, now
    signatory.save(update_fields=["status", "signed_at"])
    purpose_of(signatory.envelope).signed(signatory)
    messages.send_receipt(signatory, act)
    chain.append_act(act)
    invite_next(signatory.envelope)
    enqueue_on_commit(APPLY, envelope_id=signatory.envelope_id)


@transaction.atomic
def refuse(signatory_id: int, reason: str, visitor: Visitor, *, link: PersonalLink | None = None) -> Act:
    """Refuse to sign, which ends the envelope: those who signed are told. Refusing twice returns the first act.

    Raises Refused without a reason, or when this person may not act now.
    """
    signatory = locked_signatory(signatory_id, with_document=True)
    refuse_withdrawn_link(link)
    if signatory.status == SignatoryStatus.REFUSED:
        return signatory.acts.get(kind=ActKind.REFUSED)
    now = agreed_now()
    refuse_unless_expected(signatory, now)
    if not reason.strip():
        raise Refused(REASON_MISSING, code="reason_required")
    act = Act.objects.create(
        signatory=signatory, kind=ActKind.REFUSED, at=now, method=signatory.method, reason=reason.strip(),
        document_sha256=base_revision(signatory.envelope.document).sha256, ip=visitor.ip, user_agent=visitor.user_agent,
    )  # fmt: skip
    signatory.status = SignatoryStatus.REFUSED
    signatory.save(update_fields=["status"])
    end(signatory.envelope, EnvelopeStatus.REFUSED, f"{signatory.full_name} a refusé de signer : {act.reason}")
    chain.append_act(act)
    purpose_of(signatory.envelope).refused(signatory)
    return act


def needs_a_signature_in_the_file(method: str) -> bool:
    """Say whether a method leaves an electronic signature: paper leaves its ink."""
    return method != Method.PAPER
