"""Is this file what was sealed, and who sealed it? Reads bytes; see `isolation` for bytes that strangers send."""

import asyncio
import io
import logging
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, ValidationError

from e2c_portal.documents.sealing import facts
from e2c_portal.documents.sealing.facts import SealFact, SealInspection, TrustAnchors
from e2c_portal.documents.sealing.reader import PortalPdfReader
from e2c_portal.documents.sealing.signature_check import CheckedSignature, check_signature
from e2c_portal.documents.sealing.trust_evidence import Evidence

# What remains of a seal when a damaged file can no longer be read: one changed byte cannot remove them all.
TRACES = (b"/ByteRange", b"/ETSI.CAdES.detached", b"/ETSI.RFC3161", b"/adbe.pkcs7.", b"/DocMDP")
HEADER_WITHIN = 1024
# Beyond this, a file is made to tire the verifier.
GREATEST_NUMBER_OF_SIGNATURES = 50

# What damaged files make the parsers raise. A worker's own interruptions pass through.
PARSER_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    InvalidSignature,
    LookupError,
    OSError,
    PathError,
    PdfError,
    RuntimeError,
    TypeError,
    UnsupportedAlgorithm,
    ValidationError,
    ValueError,
    struct.error,
    zlib.error,
)

logger = logging.getLogger(__name__)


def first_glance(pdf: bytes, limit_bytes: int) -> SealInspection | None:
    """Return the facts that need no parser, or None when the file deserves a real inspection."""
    if len(pdf) > limit_bytes:
        return SealInspection(is_pdf=b"%PDF-" in pdf[:HEADER_WITHIN], problem=facts.TOO_LARGE)
    if bears_traces(pdf):
        return None
    if b"%PDF-" not in pdf[:HEADER_WITHIN]:
        return SealInspection(is_pdf=False, problem=facts.NOT_A_PDF)
    if b"%%EOF" not in pdf[-HEADER_WITHIN:]:
        return SealInspection(is_pdf=True, problem=facts.UNREADABLE)
    return SealInspection(is_pdf=True, problem=facts.ENCRYPTED if b"/Encrypt" in pdf else facts.NO_SEAL)


def bears_traces(pdf: bytes) -> bool:
    """Tell whether the bytes show that a seal is, or was, there."""
    return any(trace in pdf for trace in TRACES)


def damaged(problem: str = facts.ALTERED) -> SealInspection:
    """Return the facts of a file that bears the traces of a seal and can no longer be read."""
    return SealInspection(is_pdf=True, has_seal=True, altered_after_seal=True, problem=problem)


def inspect_in_process(pdf: bytes, trust: TrustAnchors, at: datetime | None = None) -> SealInspection:
    """Return the facts about a file that bears traces of a seal, as seen at `at` (now by default)."""
    try:
        return asyncio.run(_inspect(pdf, trust, at or datetime.now(UTC)))
    except (MemoryError, RecursionError):
        return damaged(facts.TOO_COMPLEX)
    except PARSER_FAULTS:
        # Whatever the parser trips on, the traces say that there was a seal: the file is no longer what was sealed.
        logger.warning("sealed file that cannot be read", exc_info=True)
        return damaged()


async def _inspect(pdf: bytes, trust: TrustAnchors, at: datetime) -> SealInspection:
    reader = PortalPdfReader(io.BytesIO(pdf))
    if reader.encrypted:
        return SealInspection(is_pdf=True, has_seal=True, problem=facts.ENCRYPTED)
    signatures = reader.embedded_regular_signatures
    if not signatures:
        return damaged()
    if len(reader.embedded_signatures) > GREATEST_NUMBER_OF_SIGNATURES:
        return damaged(facts.TOO_COMPLEX)
    evidence = Evidence.gather(reader, trust)
    checked = [await check_signature(reader, item, evidence, at) for item in signatures]
    timestamps_fit = all(_fits(item) for item in reader.embedded_timestamp_signatures)
    return _summary(checked, timestamps_fit, _ending(pdf, reader, checked))


def _summary(checked: Sequence[CheckedSignature], timestamps_fit: bool, ending: str) -> SealInspection:
    intact = all(item.fact.intact for item in checked) and timestamps_fit
    trusted = all(item.fact.trusted for item in checked)
    problem = "" if intact else facts.ALTERED
    problem = problem or ending or _distrust(checked)
    return SealInspection(
        is_pdf=True,
        has_seal=True,
        intact=intact,
        altered_after_seal=not intact or bool(ending) or problem == facts.FOREIGN_SIGNATURE,
        trusted=trusted,
        signers=tuple(item.fact for item in checked),
        problem=problem,
        notes=tuple(dict.fromkeys(note for item in checked for note in item.notes)),
    )


def _distrust(checked: Sequence[CheckedSignature]) -> str:
    doubtful: list[SealFact] = [item.fact for item in checked if not item.fact.trusted]
    if not doubtful:
        return ""
    if any(item.revoked for item in checked):
        return facts.REVOKED
    # A trusted seal came first and a stranger signed over it: the file is not what the portal sealed.
    return facts.FOREIGN_SIGNATURE if checked[0].fact.trusted else facts.UNTRUSTED


def _ending(pdf: bytes, reader: PdfFileReader, checked: Sequence[CheckedSignature]) -> str:
    """Return the problem with what follows the last signature, empty when nothing or only proof of the seal follows."""
    last = checked[-1]
    if last.level is ModificationLevel.OTHER or last.level is None:
        return facts.ALTERED
    if last.level is ModificationLevel.FORM_FILLING:
        return facts.ADDED_TO
    everything = [*reader.embedded_regular_signatures, *reader.embedded_timestamp_signatures]
    if any(_covers_whole_file(item) for item in everything):
        return ""
    newest = max(item.signed_revision for item in everything)
    # Proof of the seal (DSS) is a revision of its own; bytes that belong to no revision are not.
    grown = reader.xrefs.total_revisions > newest + 1
    return "" if grown and pdf.rstrip(b"\r\n").endswith(b"%%EOF") else facts.ADDED_TO


def _covers_whole_file(signature: EmbeddedPdfSignature) -> bool:
    return signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE


def _fits(timestamp: EmbeddedPdfSignature) -> bool:
    """Tell whether a document time-stamp matches the bytes it covers."""
    imprint = timestamp.signed_data["encap_content_info"]["content"].parsed["message_imprint"]
    matches = imprint["hashed_message"].native == timestamp.compute_digest()
    return matches and timestamp.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
