"""The seal's configuration, read once into a frozen value."""

import os
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Self

from django.conf import settings

from e2c_portal.documents.sealing.authority import open_authority
from e2c_portal.documents.sealing.development import development_files, development_signing_files
from e2c_portal.documents.sealing.errors import SealNotConfigured


@dataclass(frozen=True, slots=True)
class SealSettings:
    """Where the key of the seal is, whom we trust, which services prove the time and the revocation state.

    Either a PKCS#12 file or a PKCS#11 token holds the key. Without a time-stamp service the level is PAdES B-B; with one
    and revocation data (CRL files, or fetching allowed) it is B-LT; with one alone, B-T. `signing_*` is the authority for
    people's signatures, with roots of its own.
    """

    pkcs12: Path | None = None
    pkcs12_passphrase: str = field(default="", repr=False)
    pkcs11_module: str = ""
    pkcs11_token: str = ""
    pkcs11_pin: str = field(default="", repr=False)
    pkcs11_key_label: str = ""
    trust_roots: tuple[Path, ...] = ()
    tsa_url: str = ""
    crl_files: tuple[Path, ...] = ()
    fetch_revocation: bool = False
    production: bool = False
    signing_pkcs12: Path | None = None
    signing_passphrase: str = field(default="", repr=False)
    signing_roots: tuple[Path, ...] = ()

    @classmethod
    def from_settings(cls) -> Self:
        """Read SEAL_*, SIGNING_* and PORTAL_PRODUCTION; outside production an unset key means the development authority.

        Raises SealNotConfigured naming the missing variable, SealCertificateRefused for a development certificate in
        production.
        """
        values = cls(
            pkcs12=Path(settings.SEAL_PKCS12) if settings.SEAL_PKCS12 else None,
            pkcs12_passphrase=settings.SEAL_PKCS12_PASSPHRASE,
            pkcs11_module=settings.SEAL_PKCS11_MODULE,
            pkcs11_token=settings.SEAL_PKCS11_TOKEN,
            pkcs11_pin=settings.SEAL_PKCS11_PIN,
            pkcs11_key_label=settings.SEAL_PKCS11_KEY_LABEL,
            trust_roots=_paths(settings.SEAL_TRUST_ROOTS),
            tsa_url=settings.SEAL_TSA_URL,
            crl_files=_paths(getattr(settings, "SEAL_CRL_FILES", "")),
            fetch_revocation=bool(getattr(settings, "SEAL_FETCH_REVOCATION", False)),
            production=bool(settings.PORTAL_PRODUCTION),
            signing_pkcs12=Path(settings.SIGNING_PKCS12) if settings.SIGNING_PKCS12 else None,
            signing_passphrase=settings.SIGNING_PKCS12_PASSPHRASE,
            signing_roots=_paths(settings.SIGNING_TRUST_ROOTS),
        )
        values = values._or_development(Path(settings.VAR_DIR) / "keys")
        open_authority(values)
        return values

    @property
    def proves_revocation(self) -> bool:
        """Tell whether revocation data is within reach."""
        return bool(self.crl_files or self.fetch_revocation)

    @property
    def level(self) -> str:
        """The PAdES level (ETSI EN 319 142-1) that this configuration reaches, without archive time-stamp."""
        if not self.tsa_url:
            return "B-B"
        return "B-LT" if self.proves_revocation else "B-T"

    def _or_development(self, keys: Path) -> Self:
        if self.pkcs12 or self.pkcs11_module:
            return self._complete()._with_development_signatures(keys)
        if self.production:
            raise SealNotConfigured("SEAL_PKCS12 ou SEAL_PKCS11_MODULE manque : le portail n’a pas de clé de cachet.")
        files = development_files(keys)
        found = replace(self, pkcs12=files.bundle, pkcs12_passphrase=files.passphrase, trust_roots=(files.root,))
        return found._with_development_signatures(keys)

    def _with_development_signatures(self, keys: Path) -> Self:
        """Take the development authority for people's signatures when none is named, and never in production."""
        if self.signing_pkcs12:
            if not self.signing_roots:
                raise SealNotConfigured("SIGNING_TRUST_ROOTS manque : aucune signature ne pourrait être vérifiée.")
            return self
        files = None if self.production else development_signing_files(keys)
        if files is None:
            return self
        return replace(
            self, signing_pkcs12=files.bundle, signing_passphrase=files.passphrase, signing_roots=(files.root,)
        )

    def _complete(self) -> Self:
        wanted: dict[str, object] = {"SEAL_TRUST_ROOTS": self.trust_roots}
        if self.pkcs11_module:
            wanted |= {
                "SEAL_PKCS11_TOKEN": self.pkcs11_token,
                "SEAL_PKCS11_PIN": self.pkcs11_pin,
                "SEAL_PKCS11_KEY_LABEL": self.pkcs11_key_label,
            }
        elif not self.pkcs12_passphrase and self.production:
            raise SealNotConfigured(
                "SEAL_PKCS12_PASSPHRASE manque : la clé du cachet doit être protégée par un mot de passe."
            )
        missing = [name for name, value in wanted.items() if not value]
        if missing:
            raise SealNotConfigured(f"Le cachet n’est pas configuré, il manque : {', '.join(missing)}.")
        return self


def certificate_expiry(seal: SealSettings) -> datetime:
    """Return the last moment (UTC) of the sealing certificate, for the health page. Raises SealNotConfigured."""
    return open_authority(seal).expires_at


def _paths(value: object) -> tuple[Path, ...]:
    # Several files are separated like PATH, or given as a list.
    items = value if isinstance(value, list | tuple) else str(value or "").split(os.pathsep)
    return tuple(Path(item) for item in items if str(item))


def development_settings(keys: Path) -> SealSettings:
    """Return the configuration of the development seal made under `keys`. Raises SealNotConfigured."""
    return SealSettings()._or_development(keys)
