"""Verifiable credentials (W3C, VC 2.0): sign a JSON file that anybody verifies without the portal, and say what it is worth.

Knows no business word: an app brings the document, the name of its issuer and which of its credentials are no longer worth
anything.
"""

from e2c_portal.documents.credentials.issuer import did_document, issuer_did
from e2c_portal.documents.credentials.key import CredentialKey, CredentialsNotConfigured, credential_key, public_keys
from e2c_portal.documents.credentials.proof import secured
from e2c_portal.documents.credentials.status import LIST_LENGTH, signed_status_list, status_entry

__all__ = [
    "LIST_LENGTH",
    "CredentialKey",
    "CredentialsNotConfigured",
    "credential_key",
    "did_document",
    "issuer_did",
    "public_keys",
    "secured",
    "signed_status_list",
    "status_entry",
]
