"""A whole trust service in miniature for the tests: root, sealing certificate, time-stamp authority and revocation lists.

The time-stamp authority and the list of revoked certificates answer real HTTP requests on the loopback interface.
"""

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.general import as_signing_certificate, simple_cms_attribute
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from e2c_portal.documents.sealing import SealSettings

PASSPHRASE = "phrase de passe des essais"
NOW = datetime.now(UTC).replace(microsecond=0)
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class HeldKeyStamper(DummyTimeStamper):
    """A time-stamper whose key stays loaded.

    The engine's own reads and checks its key at every stamp: 45 ms of processor, which the measures of documents would count
    as ours (`make bench`) where the service is somebody else's.
    """

    def _sign_tst_info(self, tst_info_data: bytes, md_algorithm: str, dt: datetime) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashlib.new(md_algorithm, tst_info_data).digest()
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute("signing_certificate", as_signing_certificate(self.tsa_cert)),
                simple_cms_attribute("message_digest", digest),
            ]
        )
        chosen = get_pyca_cryptography_hash(md_algorithm.upper())
        return self.tsa_key.sign(attributes.dump(), padding.PKCS1v15(), chosen), attributes


@dataclass
class TrustService:
    """A root and what it issues; `address` is where its server listens, `folder` where its files are."""

    folder: Path
    address: str = ""
    seal_key: PrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    seal_life: timedelta = timedelta(days=365)
    stamp_life: timedelta = timedelta(days=20 * 365)
    revoked: bool = False
    stamp_at: datetime | None = None
    root_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    stamp_key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @cached_property
    def root(self) -> x509.Certificate:
        """The root, valid for thirty years."""
        name = _name("Racine des essais")
        return (
            _certificate(name, name, self.root_key.public_key(), timedelta(days=30 * 365))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )

    @cached_property
    def seal(self) -> x509.Certificate:
        """The sealing certificate of an imaginary Région."""
        return self._issue(
            "Cachet de la Région d’essai", self.seal_key, self.seal_life, "digital_signature", "content_commitment"
        )

    @cached_property
    def stamp(self) -> x509.Certificate:
        """The certificate of the time-stamp authority, valid for twenty years unless told otherwise."""
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        return self._issue("Horodatage d’essai", self.stamp_key, self.stamp_life, "digital_signature", purpose=purpose)

    def renew_stamp(self, life: timedelta) -> None:
        """Give the time-stamp authority a new certificate."""
        self.stamp_life = life
        del self.stamp

    def settings(self, *, timestamps: bool = False, revocation: str = "") -> SealSettings:
        """Write the files and return a configuration; `revocation` is « files », « online » or nothing."""
        root, bundle, crl = (self.folder / name for name in ("racine.pem", "cachet.p12", "revoques.crl"))
        root.write_bytes(self.root.public_bytes(Encoding.PEM))
        bundle.write_bytes(
            pkcs12.serialize_key_and_certificates(
                b"cachet", self.seal_key, self.seal, [self.root], BestAvailableEncryption(PASSPHRASE.encode())
            )
        )
        crl.write_bytes(self.revocation_list())
        settings = SealSettings(pkcs12=bundle, pkcs12_passphrase=PASSPHRASE, trust_roots=(root,))
        return replace(
            settings,
            tsa_url=f"{self.address}/horodatage" if timestamps else "",
            crl_files=(crl,) if revocation == "files" else (),
            fetch_revocation=revocation == "online",
        )

    def revocation_list(self, at: datetime = NOW) -> bytes:
        """Return the list of revoked certificates, in DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root.subject)
            .last_update(at - timedelta(hours=2))
            .next_update(at + timedelta(days=7))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )
        if self.revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(self.seal.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(NOW - timedelta(hours=1)).build())
        return builder.sign(self.root_key, hashes.SHA256()).public_bytes(Encoding.DER)

    def stamped(self, request: bytes) -> bytes:
        """Answer a time-stamp request (RFC 3161)."""
        certificate = asn1_x509.Certificate.load(self.stamp.public_bytes(Encoding.DER))
        stamper = HeldKeyStamper(certificate, self.stamp_key, fixed_dt=self.stamp_at)
        return stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()

    def _issue(
        self,
        common_name: str,
        key: PrivateKey,
        life: timedelta,
        *usages: str,
        purpose: x509.ExtendedKeyUsage | None = None,
    ) -> x509.Certificate:
        builder = (
            _certificate(_name(common_name), self.root.subject, key.public_key(), life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(*usages), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False
            )
        )
        if purpose:
            builder = builder.add_extension(purpose, critical=True)
        if self.address:
            place = x509.DistributionPoint(
                [x509.UniformResourceIdentifier(f"{self.address}/revoques.crl")], None, None, None
            )
            builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
        return builder.sign(self.root_key, hashes.SHA256())


@contextmanager
def serving(service: TrustService, port: int = 0) -> Iterator[list[str]]:
    """Answer for `service` on the loopback interface; yields the paths that were asked, in order, and each « connexion »."""
    asked: list[str] = []
    connections: list[socket.socket] = []

    class Handler(BaseHTTPRequestHandler):
        # Connections stay open, as those of real services do.
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            asked.append("connexion")
            connections.append(self.request)
            super().setup()

        def do_GET(self) -> None:
            asked.append(self.path)
            self._answer(service.revocation_list(), "application/pkix-crl")

        def do_POST(self) -> None:
            asked.append(self.path)
            request = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(service.stamped(request), "application/timestamp-reply")

        def _answer(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    service.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for connection in connections:
            # Those that stay open go on being answered otherwise.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW - timedelta(days=1) + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*granted: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in granted for name in every})


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Région d’essai"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
