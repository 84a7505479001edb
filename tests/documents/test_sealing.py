"""Making seals: levels, keys, configuration, services of trust that fail."""

import dataclasses
import io
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation.pdf_embedded import read_certification_data
from pytest_django import Settings

from e2c_portal.documents.sealing import (
    OwnOutputRejected,
    SealCertificateRefused,
    SealedPdf,
    SealingError,
    SealingFailed,
    SealNotConfigured,
    SealSettings,
    TrustAnchors,
    TrustServiceUnavailable,
    certificate_expiry,
    create_development_authority,
    development_settings,
    inspect_pdf,
    open_authority,
    seal_pdf,
    verify_own_output,
)
from tests.documents.authority_scene import NOW, PASSPHRASE, TrustService, serving
from tests.documents.sealing_fixtures import Scene, new_service, scene, unsealed

__all__ = ["scene"]

LEVELS = ["B-B", "B-T", "B-LT", "B-LTA"]


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


class TestLevels:
    """Each configuration gives the level that it promises, and the file proves it."""

    @pytest.mark.parametrize("level", LEVELS)
    def test_level_is_said_and_proven(self, scene: Scene, level: str) -> None:
        """What is recorded equals what a verification finds."""
        sealed = scene.sealed(level)
        found = inspect_pdf(sealed.content, scene.trust, isolated=False)
        assert sealed.level == level
        assert found.authentic, found
        (fact,) = found.signers
        assert fact.level == level
        assert fact.time_proven is (level != "B-B")
        assert fact.certificate_sha256 == sealed.certificate_sha256
        assert (fact.subject, sealed.signer_subject) == ("Cachet de la Région d’essai, Région d’essai",) * 2
        assert fact.organisation == "Région d’essai"
        assert bool(found.notes) is (level == "B-B")

    def test_configuration_says_its_level_beforehand(self, scene: Scene) -> None:
        """The health page can say it plainly."""
        assert [scene.settings(level).level for level in LEVELS] == ["B-B", "B-T", "B-LT", "B-LT"]

    def test_only_adds_to_the_file(self, scene: Scene) -> None:
        """The drawn bytes stay as they are at the head of the sealed file."""
        for level in LEVELS:
            assert scene.sealed(level).content.startswith(unsealed())

    def test_first_seal_certifies_and_allows_form_filling_alone(self, scene: Scene) -> None:
        """DocMDP level 2, PAdES sub-filter, in the field made beforehand."""
        reader = PdfFileReader(io.BytesIO(scene.sealed("B-B").content))
        certification = read_certification_data(reader)
        (signature,) = reader.embedded_signatures
        assert certification is not None
        assert certification.permission == MDPPerm.FILL_FORMS
        assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
        assert signature.field_name == "cachet"
        fields = [str(field.get_object()["/T"]) for field in reader.root["/AcroForm"]["/Fields"]]
        assert fields == ["cachet", "signataire-1"]

    def test_leaves_certification_to_a_later_signature(self, scene: Scene) -> None:
        """When told that approvals come."""
        sealed = seal_pdf(unsealed(), scene.settings("B-B"), at=now(), approvals_to_come=True)
        assert read_certification_data(PdfFileReader(io.BytesIO(sealed.content))) is None
        assert verify_own_output(sealed.content, scene.settings("B-B")).signers[0].certifies is False

    def test_second_seal_approves(self, scene: Scene) -> None:
        """Two seals, each in its field, both valid."""
        first = seal_pdf(unsealed(), scene.settings("B-B"), at=now(), field_name="signataire-1")
        second = seal_pdf(first.content, scene.settings("B-LT"), at=now(), archive=True)
        found = verify_own_output(second.content, scene.settings("B-LT"))
        assert [fact.field_name for fact in found.signers] == ["signataire-1", "cachet"]
        assert [fact.certifies for fact in found.signers] == [True, False]

    def test_claimed_time_reason_and_place_are_written(self, scene: Scene) -> None:
        """The time is the caller's, not the clock's."""
        at = NOW - timedelta(hours=3)
        sealed = seal_pdf(unsealed(), scene.settings("B-B"), at=at, reason="Convention signée", location="Montpellier")
        (signature,) = PdfFileReader(io.BytesIO(sealed.content)).embedded_signatures
        assert sealed.sealed_at == signature.self_reported_timestamp == at
        assert signature.sig_object["/Reason"] == "Convention signée"
        assert signature.sig_object["/Location"] == "Montpellier"

    def test_makes_a_field_when_the_file_has_none(self, scene: Scene) -> None:
        """Invisible, with a readable name."""
        sealed = seal_pdf(unsealed(), scene.settings("B-B"), at=now(), field_name="autre")
        (signature,) = PdfFileReader(io.BytesIO(sealed.content)).embedded_signatures
        assert signature.sig_field["/TU"] == "Cachet électronique"
        assert list(signature.sig_field["/Rect"]) == [0, 0, 0, 0]


class TestKeys:
    """Keys are opened once and may be of the usual kinds."""

    def test_rsa_keys_seal_too(self, tmp_path: Path) -> None:
        """A 3,072-bit key, as authorities still issue."""
        service = TrustService(tmp_path, seal_key=rsa.generate_private_key(65537, 3072))
        settings = service.settings()
        assert verify_own_output(seal_pdf(unsealed(), settings, at=now()).content, settings).authentic

    def test_key_is_opened_once(self, scene: Scene) -> None:
        """The same configuration gives the same opened seal; a renewed file is taken at once."""
        settings = scene.settings("B-B")
        assert open_authority(settings) is open_authority(replace(settings))
        before = open_authority(settings)
        assert settings.pkcs12 is not None
        settings.pkcs12.touch()
        assert open_authority(settings) is not before

    def test_other_kinds_of_keys_are_refused(self, scene: Scene, tmp_path: Path) -> None:
        """Validators of PDF signatures do not all know them."""
        bundle = tmp_path / "cle.p12"
        protection = BestAvailableEncryption(PASSPHRASE.encode())
        key = ed25519.Ed25519PrivateKey.generate()
        bundle.write_bytes(pkcs12.serialize_key_and_certificates(None, key, None, [scene.service.root], protection))
        with pytest.raises(SealNotConfigured, match="SEAL_PKCS12"):
            open_authority(replace(scene.settings("B-B"), pkcs12=bundle))

    def test_secrets_stay_out_of_messages(self, scene: Scene) -> None:
        """Neither the passphrase nor the PIN appears in a representation, which logs may print."""
        settings = replace(scene.settings("B-B"), pkcs11_pin="1234-5678")
        assert PASSPHRASE not in repr(settings)
        assert "1234-5678" not in repr(settings)


class TestServicesOfTrust:
    """Time-stamps and revocation lists: asked no more than needed, and their faults told."""

    def test_lists_are_fetched_once(self, tmp_path: Path) -> None:
        """The proof stays in memory until it asks to be renewed."""
        with serving(service := TrustService(tmp_path)) as asked:
            settings = service.settings(timestamps=True, revocation="online")
            levels = [seal_pdf(unsealed(), settings, at=now()).level for _ in range(3)]
        assert levels == ["B-LT"] * 3
        assert asked.count("/revoques.crl") == 1
        # One time-stamp per seal, and one to learn the chain of the service.
        assert asked.count("/horodatage") == 4

    def test_a_silent_time_stamp_service_is_told(self, scene: Scene) -> None:
        """Nothing is sealed at a lower level behind the back of staff; trying again helps."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{free.getsockname()[1]}/"
        with pytest.raises(TrustServiceUnavailable, match="horodatage ne répond pas") as refusal:
            seal_pdf(unsealed(), replace(scene.settings("B-T"), tsa_url=address), at=now())
        assert refusal.value.transient is True

    def test_a_silent_revocation_service_is_told(self, tmp_path: Path) -> None:
        """The certificate names a list that nobody serves any more."""
        with serving(service := TrustService(tmp_path)):
            live, service.address = service.address, "http://127.0.0.1:9"
            settings = service.settings(timestamps=True, revocation="online")
            service.address = live
            with pytest.raises(TrustServiceUnavailable, match="révoqués") as refusal:
                seal_pdf(unsealed(), replace(settings, tsa_url=f"{live}/horodatage"), at=now())
        assert refusal.value.transient is True

    def test_a_revoked_certificate_does_not_seal(self, tmp_path: Path) -> None:
        """The list is read before, not only after."""
        with (
            serving(service := TrustService(tmp_path, revoked=True)),
            pytest.raises(SealCertificateRefused, match="révoqué"),
        ):
            seal_pdf(unsealed(), service.settings(timestamps=True, revocation="files"), at=now())

    def test_a_chain_that_does_not_lead_to_the_roots_is_told(self, scene: Scene, tmp_path: Path) -> None:
        """SEAL_TRUST_ROOTS of another authority."""
        other = new_service(tmp_path / "autre").settings()
        settings = replace(scene.settings("B-LT"), trust_roots=other.trust_roots)
        with pytest.raises(SealingError, match="SEAL_TRUST_ROOTS|révoqués"):
            seal_pdf(unsealed(), settings, at=now())


class TestRefusals:
    """What must not be sealed, or not with this certificate."""

    @pytest.mark.parametrize(("shift", "words"), [(timedelta(days=400), "expiré"), (timedelta(days=-2), "valable qu")])
    def test_outside_the_validity_of_the_certificate(self, scene: Scene, shift: timedelta, words: str) -> None:
        """Said with the date."""
        with pytest.raises(SealCertificateRefused, match=words):
            seal_pdf(unsealed(), scene.settings("B-B"), at=NOW + shift)

    @pytest.mark.parametrize("content", [b"", b"pas un PDF", b"%PDF-1.7\n%%EOF", unsealed()[:5000]])
    def test_something_else_than_a_pdf(self, scene: Scene, content: bytes) -> None:
        """One family of errors."""
        with pytest.raises(SealingFailed, match="scellé"):
            seal_pdf(content, scene.settings("B-B"), at=now())

    def test_a_field_already_sealed(self, scene: Scene) -> None:
        """Sealing twice is a mistake of the caller."""
        with pytest.raises(SealingFailed):
            seal_pdf(scene.sealed("B-B").content, scene.settings("B-B"), at=now())

    def test_own_output_is_rejected_when_altered(self, scene: Scene) -> None:
        """A file damaged between the seal and the store never reaches the store."""
        content = bytearray(scene.sealed("B-B").content)
        content[1000] ^= 1
        with pytest.raises(OwnOutputRejected, match="modifié"):
            verify_own_output(bytes(content), scene.settings("B-B"))

    def test_own_output_is_rejected_when_sealed_by_another(self, scene: Scene, tmp_path: Path) -> None:
        """Trusted or not, another certificate is not ours."""
        other = new_service(tmp_path / "autre")
        foreign = seal_pdf(unsealed(), other.settings(), at=now())
        with pytest.raises(OwnOutputRejected, match="ne reconnaît pas"):
            verify_own_output(foreign.content, scene.settings("B-B"))
        sister = replace(other.settings(), trust_roots=other.settings().trust_roots + scene.settings("B-B").trust_roots)
        mine = replace(scene.settings("B-B"), trust_roots=sister.trust_roots)
        with pytest.raises(OwnOutputRejected, match="certificat de cachet attendu"):
            verify_own_output(foreign.content, mine)

    def test_sealed_values_are_frozen(self, scene: Scene) -> None:
        """Nothing changes after the fact."""
        sealed: SealedPdf = scene.sealed("B-B")
        with pytest.raises(dataclasses.FrozenInstanceError):
            sealed.level = "B-LTA"  # type: ignore[misc]


class TestConfiguration:
    """Read from the environment, refused with the name of what is missing."""

    @pytest.fixture(autouse=True)
    def bare(self, settings: Settings, tmp_path: Path) -> None:
        """A portal without any seal configured."""
        for name in ("PKCS12", "PKCS12_PASSPHRASE", "PKCS11_MODULE", "PKCS11_TOKEN", "PKCS11_PIN", "PKCS11_KEY_LABEL"):
            setattr(settings, f"SEAL_{name}", "")
        for name, value in {"SEAL_TRUST_ROOTS": "", "SEAL_TSA_URL": "", "VAR_DIR": tmp_path}.items():
            setattr(settings, name, value)
        settings.PORTAL_PRODUCTION = False

    def test_development_names_its_command(self) -> None:
        """When the authority was never made."""
        with pytest.raises(SealNotConfigured, match="create_development_authority"):
            SealSettings.from_settings()

    def test_development_authority_serves_when_nothing_is_set(self, tmp_path: Path) -> None:
        """And says at each place that it is worth nothing."""
        call_command("create_development_authority")
        settings = SealSettings.from_settings()
        sealed = seal_pdf(unsealed(), settings, at=now())
        assert "SANS VALEUR" in sealed.signer_subject
        assert verify_own_output(sealed.content, settings).signers[0].organisation == "DÉVELOPPEMENT – SANS VALEUR"
        assert timedelta(days=700) < certificate_expiry(settings) - now() < timedelta(days=731)

    def test_production_without_key_names_the_variable(self, settings: Settings) -> None:
        """Even when a development authority lies there."""
        call_command("create_development_authority")
        settings.PORTAL_PRODUCTION = True
        with pytest.raises(SealNotConfigured, match="SEAL_PKCS12 ou SEAL_PKCS11_MODULE manque"):
            SealSettings.from_settings()

    def test_production_refuses_the_development_certificate(self, settings: Settings, tmp_path: Path) -> None:
        """Also when somebody names its files in the environment."""
        create_development_authority(tmp_path / "keys")
        files = development_settings(tmp_path / "keys")
        settings.SEAL_PKCS12 = str(files.pkcs12)
        settings.SEAL_PKCS12_PASSPHRASE = files.pkcs12_passphrase
        settings.SEAL_TRUST_ROOTS = str(files.trust_roots[0])
        assert SealSettings.from_settings().level == "B-B"
        settings.PORTAL_PRODUCTION = True
        with pytest.raises(SealCertificateRefused, match="développement, sans valeur"):
            SealSettings.from_settings()

    def test_production_takes_a_real_certificate(self, settings: Settings, scene: Scene) -> None:
        """A PKCS#12 file, its passphrase and its root."""
        given = scene.settings("B-B")
        settings.SEAL_PKCS12 = str(given.pkcs12)
        settings.SEAL_PKCS12_PASSPHRASE = PASSPHRASE
        settings.SEAL_TRUST_ROOTS = str(given.trust_roots[0])
        settings.PORTAL_PRODUCTION = True
        assert seal_pdf(unsealed(), SealSettings.from_settings(), at=now()).level == "B-B"

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ({"SEAL_TRUST_ROOTS": ""}, "SEAL_TRUST_ROOTS"),
            ({"SEAL_TRUST_ROOTS": "/nulle/part.pem"}, "SEAL_TRUST_ROOTS"),
            ({"SEAL_PKCS12": "/nulle/part.p12"}, "SEAL_PKCS12"),
            ({"SEAL_PKCS12_PASSPHRASE": "fausse"}, "SEAL_PKCS12_PASSPHRASE"),
            ({"SEAL_PKCS12_PASSPHRASE": "", "PORTAL_PRODUCTION": True}, "SEAL_PKCS12_PASSPHRASE"),
            ({"SEAL_PKCS12": "", "SEAL_PKCS11_MODULE": "/lib/jeton.so"}, "SEAL_PKCS11_TOKEN, SEAL_PKCS11_PIN"),
            ({"SEAL_CRL_FILES": "/nulle/part.crl", "SEAL_TSA_URL": "http://127.0.0.1:9/"}, None),
        ],
    )
    def test_what_is_missing_is_named(
        self, settings: Settings, scene: Scene, change: dict[str, object], named: str | None
    ) -> None:
        """The operator reads the variable to correct."""
        given = scene.settings("B-B")
        values = {
            "SEAL_PKCS12": str(given.pkcs12),
            "SEAL_PKCS12_PASSPHRASE": PASSPHRASE,
            "SEAL_TRUST_ROOTS": str(given.trust_roots[0]),
        } | change
        for name, value in values.items():
            setattr(settings, name, value)
        if named is None:
            with pytest.raises(SealNotConfigured, match="SEAL_CRL_FILES"):
                TrustAnchors.from_settings(SealSettings.from_settings())
            return
        with pytest.raises(SealNotConfigured, match=named):
            SealSettings.from_settings()


class TestDevelopmentAuthority:
    """The command and its files."""

    def test_is_idempotent_and_private(self, tmp_path: Path) -> None:
        """A second run changes nothing; keys are for their owner alone."""
        assert create_development_authority(tmp_path) is True
        files = {path: path.read_bytes() for path in (tmp_path / "developpement").iterdir()}
        assert create_development_authority(tmp_path) is False
        assert {path: path.read_bytes() for path in (tmp_path / "developpement").iterdir()} == files
        assert {path.stat().st_mode & 0o077 for path in files} == {0}
        assert [path.name for path in tmp_path.iterdir()] == ["developpement"]

    def test_renewal_keeps_the_root(self, tmp_path: Path) -> None:
        """What was sealed before stays verifiable."""
        create_development_authority(tmp_path)
        before = development_settings(tmp_path)
        old = seal_pdf(unsealed(), before, at=now())
        assert create_development_authority(tmp_path, renew=True) is True
        after = development_settings(tmp_path)
        new = seal_pdf(unsealed(), after, at=now())
        assert new.certificate_sha256 != old.certificate_sha256
        assert inspect_pdf(old.content, TrustAnchors.from_settings(after), isolated=False).authentic

    def test_damaged_files_are_told(self, tmp_path: Path) -> None:
        """With the folder to remove."""
        create_development_authority(tmp_path)
        (tmp_path / "developpement" / "cachet.p12").write_bytes(b"x")
        with pytest.raises(SealNotConfigured, match="abîmée"):
            create_development_authority(tmp_path)

    def test_command_speaks_french_and_refuses_production(
        self, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It never makes worthless keys where real ones are expected."""
        settings.VAR_DIR = tmp_path
        call_command("create_development_authority")
        call_command("create_development_authority")
        call_command("create_development_authority", "--renew")
        said = capsys.readouterr().out
        assert said.count("prête (nouveau certificat)") == 2
        assert said.count("déjà prête") == 1
        settings.PORTAL_PRODUCTION = True
        with pytest.raises(CommandError, match="En production"):
            call_command("create_development_authority")
