"""Reading certificates: names, dates, and the mark that development certificates carry."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pem, x509

from e2c_portal.documents.sealing.errors import SealNotConfigured

# Under the arc of UUIDs (ITU-T X.667), which needs no registration. Carried by every certificate that the command
# create_development_authority makes: production looks for it and refuses to seal.
DEVELOPMENT_MARK = "2.25.216683535015741343805207799046342421817"


def load_certificates(paths: Iterable[Path], *, variable: str) -> tuple[x509.Certificate, ...]:
    """Return the certificates of PEM or DER files. Raises SealNotConfigured naming `variable` when one cannot be read."""
    found: list[x509.Certificate] = []
    for path in paths:
        try:
            content = path.read_bytes()
            found.extend(x509.Certificate.load(der, strict=True) for der in _der_blocks(content))
        except (OSError, ValueError) as error:
            raise SealNotConfigured(f"{variable} : le fichier de certificats « {path} » est illisible.") from error
    return tuple(found)


def _der_blocks(content: bytes) -> list[bytes]:
    if pem.detect(content):
        return [der for _kind, _headers, der in pem.unarmor(content, multiple=True)]
    return [content]


def is_for_development(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate carries the mark of the development authority."""
    return any(item["extn_id"].dotted == DEVELOPMENT_MARK for item in certificate["tbs_certificate"]["extensions"])


def readable_name(name: x509.Name) -> str:
    """Return « common name, organisation » without repeating a part, or the whole name when both are absent."""
    values = name.native
    parts = [_text(values.get(key)) for key in ("common_name", "organization_name")]
    kept = list(dict.fromkeys(part for part in parts if part))
    return ", ".join(kept) or name.human_friendly


def organisation(name: x509.Name) -> str:
    """Return the organisation of a name, empty when it has none."""
    return _text(name.native.get("organization_name"))


def validity(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    """Return the first and last moments of the certificate, in UTC."""
    return certificate.not_valid_before.astimezone(UTC), certificate.not_valid_after.astimezone(UTC)


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return str(value) if value else ""
