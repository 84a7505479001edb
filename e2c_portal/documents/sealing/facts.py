"""What a verification found: frozen values that travel as JSON, no judgement beyond what the bytes prove."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from e2c_portal.documents.sealing.certificates import load_certificates
from e2c_portal.documents.sealing.revocation import read_crls
from e2c_portal.documents.sealing.settings import SealSettings

NOT_A_PDF = "Ce fichier n’est pas un PDF."
TOO_LARGE = "Ce fichier est trop volumineux pour être vérifié."
ENCRYPTED = "Ce PDF est protégé par un mot de passe : il ne peut pas être vérifié."
UNREADABLE = "Ce PDF est abîmé : il ne peut pas être lu en entier."
TOO_COMPLEX = "Ce PDF est trop complexe pour être vérifié : son analyse a été arrêtée."
NO_SEAL = "Ce PDF ne porte pas de cachet électronique."
ALTERED = "Ce fichier a été modifié après son scellement."
ADDED_TO = "Des octets ont été ajoutés à ce fichier après son scellement."
FOREIGN_SIGNATURE = "Une signature étrangère au portail a été ajoutée à ce fichier après son scellement."
UNTRUSTED = "Ce fichier est scellé, mais par une autorité que le portail ne reconnaît pas."
REVOKED = "Le certificat de ce cachet a été révoqué."
EXPIRED_SINCE = "Le certificat du cachet a expiré depuis, et aucun horodatage ne prouve la date : elle est celle que le cachet déclare."
TIME_NOT_PROVEN = "La date est déclarée par le cachet ; aucun horodatage ne la prouve."


@dataclass(frozen=True, slots=True)
class SealFact:
    """One signature or seal of a file. `signed_at` is proven by a time-stamp when `time_proven`, claimed otherwise."""

    subject: str
    organisation: str
    signed_at: datetime | None
    level: str
    field_name: str
    intact: bool
    trusted: bool
    time_proven: bool
    certifies: bool
    certificate_sha256: str


@dataclass(frozen=True, slots=True)
class SealInspection:
    """The facts about a file. `problem` is empty when all is well; `notes` hold cautions that change no verdict.

    `intact`: every signature matches the bytes it covers. `altered_after_seal`: the file is not what was sealed (changed
    bytes, added bytes, foreign signature). `trusted`: each signature leads to a trusted root.
    """

    is_pdf: bool
    has_seal: bool = False
    intact: bool = False
    altered_after_seal: bool = False
    trusted: bool = False
    signers: tuple[SealFact, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()

    @property
    def authentic(self) -> bool:
        """Tell whether the file is exactly what a trusted authority sealed."""
        return self.has_seal and self.intact and self.trusted and not self.altered_after_seal

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, dates as ISO 8601."""
        values = asdict(self)
        for signer in values["signers"]:
            signer["signed_at"] = signer["signed_at"] and signer["signed_at"].isoformat()
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Read back what `as_dict` gave. Raises TypeError, KeyError or ValueError for anything else."""
        known = {item.name for item in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        kept["signers"] = tuple(_fact(item) for item in values["signers"])
        kept["notes"] = tuple(values["notes"])
        return cls(**kept)


def _fact(values: dict[str, Any]) -> SealFact:
    signed_at = values["signed_at"]
    return SealFact(**values | {"signed_at": datetime.fromisoformat(signed_at) if signed_at else None})


@dataclass(frozen=True, slots=True)
class TrustAnchors:
    """The root certificates (DER) that a seal, a signature or a time-stamp must lead to, and what they revoked (CRLs, DER)."""

    certificates: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()

    @classmethod
    def from_settings(cls, seal: SealSettings) -> Self:
        """Read the roots and the revocation lists of the seal's configuration. Raises SealNotConfigured."""
        roots = load_certificates(seal.trust_roots, variable="SEAL_TRUST_ROOTS")
        roots += load_certificates(seal.signing_roots, variable="SIGNING_TRUST_ROOTS")
        return cls(tuple(item.dump() for item in roots), tuple(item.dump() for item in read_crls(seal)))
