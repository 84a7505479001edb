"""The fictitious signatories of the demonstration sign as people do: the link is received, a code asked for, read and typed."""

import time
from collections.abc import Callable

from e2c_portal.demo.mailbox import codes_to, texts_to
from e2c_portal.documents.models import Document
from e2c_portal.documents.signing_steps import base_revision
from e2c_portal.kernel.errors import PortalError
from e2c_portal.signing.models import Envelope, EnvelopeStatus, Signatory
from e2c_portal.signing.operations.codes import request_code
from e2c_portal.signing.operations.signing import sign
from e2c_portal.signing.queries import evidence_file_of
from e2c_portal.signing.visitors import Visitor

POLL_SECONDS = 0.1
VISITOR = Visitor("127.0.0.1", "Démonstration")


def sign_by_all(envelope: Envelope, seconds: float) -> tuple[Document, Document]:
    """Have everybody sign and wait for the seal. Returns the signed document and its evidence file.

    Raises PortalError saying what did not come in time.
    """
    limit = time.monotonic() + seconds

    def wait(condition: Callable[[], object], what: str) -> None:
        while not condition():
            if time.monotonic() > limit:
                raise PortalError(
                    f"Après {seconds:.0f} secondes, {what} n’est pas là. Regardez le journal de l’ouvrier."
                )
            time.sleep(POLL_SECONDS)

    if envelope.status == EnvelopeStatus.COMPLETED:
        return _papers(envelope, wait)
    wait(lambda: _now(envelope).is_open, "le document à signer")
    for signatory in envelope.signatories.order_by("pk"):
        _sign(signatory, wait)
    wait(lambda: _now(envelope).status == EnvelopeStatus.COMPLETED, "le document signé et scellé")
    return _papers(envelope, wait)


def _sign(signatory: Signatory, wait: Callable[[Callable[[], object], str], None]) -> None:
    if signatory.has_signed:
        return
    wait(lambda: texts_to(signatory.email), f"l’invitation de {signatory.full_name}")
    known = len(codes_to(signatory.email))
    request_code(signatory.pk, "email", VISITOR)
    wait(lambda: len(codes_to(signatory.email)) > known, f"le code de {signatory.full_name}")
    sign(
        signatory.pk, typed_code=codes_to(signatory.email)[-1], consented=True,
        shown_sha256=base_revision(signatory.envelope.document).sha256, visitor=VISITOR,
    )  # fmt: skip


def _papers(envelope: Envelope, wait: Callable[[Callable[[], object], str], None]) -> tuple[Document, Document]:
    def proof() -> Document | None:
        found = evidence_file_of(envelope)
        return found if found and found.is_sealed else None

    wait(proof, "le dossier de preuve")
    made = proof()
    assert made is not None  # noqa: S101  wait() ended because it is there
    return Document.objects.get(pk=envelope.document_id), made


def _now(envelope: Envelope) -> Envelope:
    return Envelope.objects.get(pk=envelope.pk)
