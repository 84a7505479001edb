"""Is this document what the Région sealed, and what is it worth today? Answers for anybody, naming no private person."""

from e2c_portal.documents.verification.answer import as_json
from e2c_portal.documents.verification.by_code import verify_code
from e2c_portal.documents.verification.by_file import verify_file
from e2c_portal.documents.verification.verdict import Outcome, Replacement, SealStatement, Verdict

__all__ = [
    "Outcome",
    "Replacement",
    "SealStatement",
    "Verdict",
    "as_json",
    "verify_code",
    "verify_file",
]
