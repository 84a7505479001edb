"""Telling of any file whether it is what was sealed: altered, added to, foreign, hostile, old."""

import io
import json
import os
import random
import re
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from e2c_portal.documents.sealing import (
    SealInspection,
    TrustAnchors,
    embedded_context,
    inspect_pdf,
    seal_pdf,
)
from tests.documents.authority_scene import NOW, TrustService, serving
from tests.documents.rich_sample import CONTEXT, ROOT, sample_pdf
from tests.documents.sealing_fixtures import Scene, new_service, scene, unsealed

__all__ = ["scene"]

IN_2036 = datetime(2036, 6, 1, tzinfo=UTC)


def draws(seed: int) -> random.Random:
    """Return draws that are the same at each run."""
    return random.Random(seed)  # noqa: S311  repeatable, nothing secret


def look(scene: Scene, pdf: bytes) -> SealInspection:
    """Inspect in this process, as for our own files."""
    return inspect_pdf(pdf, scene.trust, isolated=False)


def refused(found: SealInspection) -> bool:
    """Tell whether the facts say, in words too, that the file is not what was sealed."""
    return found.has_seal and found.altered_after_seal and not found.authentic and bool(found.problem)


class TestAlteration:
    """No change goes unseen."""

    @pytest.mark.parametrize("level", ["B-B", "B-LTA"])
    def test_one_changed_byte_anywhere(self, scene: Scene, level: str) -> None:
        """A hundred places of the signed ranges drawn at random, and both ends of each range."""
        pdf = scene.sealed(level).content
        found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)
        assert found is not None
        first, first_length, second, second_length = map(int, found.groups())
        signed = [*range(first, first + first_length), *range(second, second + second_length)]
        ends = [*signed[:9], *signed[first_length - 5 : first_length + 5], *signed[-9:]]
        chance = draws(20140612)
        for place in ends + chance.sample(signed, 100 if level == "B-B" else 15):
            changed = bytearray(pdf)
            changed[place] ^= chance.randrange(1, 256)
            assert refused(look(scene, bytes(changed))), place

    def test_the_space_kept_for_the_signature_hides_nothing(self, scene: Scene) -> None:
        """Its padding is not signed: it must stay empty."""
        pdf = scene.sealed("B-B").content
        found = re.search(rb"/ByteRange \[\d+ (\d+) (\d+)", pdf)
        assert found is not None
        start, end = map(int, found.groups())
        for place in (start, start + 40, end - 60, end - 3, end - 1):
            changed = bytearray(pdf)
            changed[place] = ord("b") if pdf[place] != ord("b") else ord("c")
            assert refused(look(scene, bytes(changed))), place

    @pytest.mark.parametrize(
        "added", [b"\n", b"\0" * 9, b"%%EOF\n", b"%PDF-1.7 un autre", b"\n9 0 obj\n<<>>\nendobj\n%%EOF\n"]
    )
    @pytest.mark.parametrize("level", ["B-B", "B-LTA"])
    def test_bytes_added_at_the_end(self, scene: Scene, added: bytes, level: str) -> None:
        """Even when readers would not show them."""
        assert refused(look(scene, scene.sealed(level).content + added))

    def test_a_truncated_file(self, scene: Scene) -> None:
        """Cut anywhere after the seal began."""
        pdf = scene.sealed("B-B").content
        for kept in (len(pdf) - 1, len(pdf) - 300, len(pdf) - 2000):
            assert refused(look(scene, pdf[:kept]))

    def test_a_page_replaced_in_an_update(self, scene: Scene) -> None:
        """What readers show is the last revision: the seal still fits its bytes, and the file is refused."""
        writer = IncrementalPdfFileWriter(io.BytesIO(scene.sealed("B-B").content))
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 m 9 9 l S"))
        writer.update_container(page)
        output = io.BytesIO()
        writer.write(output)
        assert refused(look(scene, output.getvalue()))

    def test_the_language_changed_in_an_update(self, scene: Scene) -> None:
        """A small change of the catalogue, as an editor would save it."""
        writer = IncrementalPdfFileWriter(io.BytesIO(scene.sealed("B-B").content))
        writer.root["/Lang"] = generic.TextStringObject("en")
        writer.update_root()
        output = io.BytesIO()
        writer.write(output)
        assert refused(look(scene, output.getvalue()))

    def test_a_file_saved_again_by_another_program(self, scene: Scene) -> None:
        """Rewritten from end to end: the seal no longer fits."""
        output = io.BytesIO()
        with pikepdf.open(io.BytesIO(scene.sealed("B-B").content)) as pdf:
            pdf.save(output)
        assert refused(look(scene, output.getvalue()))

    def test_a_seal_moved_to_another_file(self, scene: Scene) -> None:
        """The bytes of the seal on the bytes of another text."""
        pdf = scene.sealed("B-B").content
        other = sample_pdf(context=CONTEXT | {"total": 35})
        assert refused(look(scene, other + pdf[len(unsealed()) :]))


class TestTrust:
    """Who sealed counts as much as what was sealed."""

    def test_an_unknown_authority_is_not_trusted(self, scene: Scene, tmp_path: Path) -> None:
        """The file is intact, and of no worth here."""
        foreign = seal_pdf(unsealed(), new_service(tmp_path).settings(), at=datetime.now(UTC))
        found = look(scene, foreign.content)
        assert (found.intact, found.altered_after_seal, found.trusted, found.authentic) == (True, False, False, False)
        assert "ne reconnaît pas" in found.problem

    def test_a_stranger_who_signs_over_our_seal_is_seen(self, scene: Scene, tmp_path: Path) -> None:
        """DocMDP lets signature fields be filled; it does not say by whom."""
        stranger = new_service(tmp_path).settings()
        signed = seal_pdf(scene.sealed("B-B").content, stranger, at=datetime.now(UTC), field_name="signataire-1")
        found = look(scene, signed.content)
        assert refused(found)
        assert "signature étrangère" in found.problem
        assert [fact.trusted for fact in found.signers] == [True, False]

    def test_a_date_in_the_future_is_a_lie(self, scene: Scene) -> None:
        """A seal cannot come from tomorrow."""
        sealed = seal_pdf(unsealed(), scene.settings("B-B"), at=NOW + timedelta(days=2))
        assert not look(scene, sealed.content).trusted

    def test_revocation_spares_what_was_proven_before(self, tmp_path: Path) -> None:
        """A time-stamped seal outlives the revocation of its key; a claimed date does not."""
        with serving(service := TrustService(tmp_path)):
            # The list revokes as of one hour ago: these seals say they are two hours old, the second one proves it.
            at = service.stamp_at = NOW - timedelta(hours=2)
            claimed = seal_pdf(unsealed(), service.settings(), at=at).content
            proven = seal_pdf(unsealed(), service.settings(timestamps=True), at=at).content
            service.stamp_at = NOW - timedelta(minutes=5)
            late = seal_pdf(unsealed(), service.settings(timestamps=True), at=NOW - timedelta(minutes=5)).content
            service.revoked = True
            trust = TrustAnchors.from_settings(service.settings(timestamps=True, revocation="files"))
        verdicts = [inspect_pdf(pdf, trust, isolated=False) for pdf in (claimed, proven, late)]
        assert [found.authentic for found in verdicts] == [False, True, False]
        assert "révoqué" in verdicts[0].problem
        assert "révoqué" in verdicts[2].problem


class TestTime:
    """Years later."""

    @pytest.mark.parametrize("level", ["B-T", "B-LT", "B-LTA"])
    def test_a_time_stamped_seal_holds_in_2036(self, scene: Scene, level: str) -> None:
        """The certificate expired nine years before; the time-stamp proves that it was valid."""
        trust = replace(scene.trust, crls=(scene.service.revocation_list(IN_2036),))
        found = inspect_pdf(scene.sealed(level).content, trust, at=IN_2036, isolated=False)
        assert found.authentic, found
        assert found.signers[0].time_proven
        assert found.notes == ()

    def test_archive_stamps_take_over_when_the_time_stamp_authority_is_gone(self, tmp_path: Path) -> None:
        """The first time-stamp certificate has expired: the chain of archive stamps carries the proof on."""
        with serving(service := TrustService(tmp_path, stamp_life=timedelta(days=2))):
            first = seal_pdf(unsealed(), service.settings(timestamps=True, revocation="files"), at=NOW, archive=True)
            service.renew_stamp(timedelta(days=20 * 365))
            settings = service.settings(timestamps=True, revocation="files")
            second = seal_pdf(first.content, settings, at=NOW, field_name="signataire-1", archive=True)
        trust = TrustAnchors.from_settings(settings)
        trust = replace(trust, crls=(service.revocation_list(IN_2036),))
        found = inspect_pdf(second.content, trust, at=IN_2036, isolated=False)
        assert found.authentic, found
        assert found.signers[0].time_proven

    def test_a_seal_without_time_stamp_says_so(self, scene: Scene) -> None:
        """Still trusted for what it claims, with a caution that changes with the years."""
        sealed = scene.sealed("B-B").content
        today = inspect_pdf(sealed, scene.trust, isolated=False)
        later = inspect_pdf(sealed, scene.trust, at=IN_2036, isolated=False)
        assert "aucun horodatage ne la prouve" in today.notes[0]
        assert later.authentic
        assert "a expiré depuis" in later.notes[0]


HOSTILE = {
    "empty": b"",
    "text": b"Bonjour",
    "image": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "zip": b"PK\x03\x04" + bytes(500),
    "header alone": b"%PDF-1.7\n",
    "header and end": b"%PDF-1.7\n%%EOF\n",
    "html": b"<html><script>alert(1)</script></html>",
}
TRACED = {
    "random": b"%PDF-1.7\n/ByteRange" + draws(1).randbytes(5000) + b"%%EOF",
    "loop of cross-references": b"%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Prev 9/ByteRange[]>>\nstartxref\n9\n%%EOF",
    "endless table": b"%PDF-1.7\n/ByteRange\nxref\n0 999999999999\n0000000000 65535 f \ntrailer\n<</Size 9>>\nstartxref\n20\n%%EOF",
    "deep": b"%PDF-1.7\n/ByteRange\n1 0 obj\n" + b"[" * 200_000 + b"\nxref\n0 2\n" + b"%%EOF",
    "nul bytes": b"%PDF-1.7 /ByteRange" + bytes(200_000) + b"%%EOF",
    "far away": b"%PDF-1.7\n/ByteRange\nstartxref\n999999999999999999\n%%EOF",
}


def bomb(layers: int) -> bytes:
    """Return a file whose cross-reference stream inflates to gigabytes."""
    content = zlib.compress(bytes(64 * 1024 * 1024), 9)
    for _ in range(layers - 1):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode " * layers
    head = b"%PDF-1.7\n"
    stream = (
        b"1 0 obj\n<</Type/XRef/Size 90000000/W[1 8 8]/Root 2 0 R/ByteRange[]/Filter[%s]/Length %d>>\nstream\n"
        % (filters, len(content))
    ) + content
    return head + stream + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(head)


class TestHostileInput:
    """Anything may be dropped on the public page; facts come back, quickly, and never an exception."""

    @pytest.mark.parametrize("name", HOSTILE)
    def test_what_is_no_sealed_pdf(self, scene: Scene, name: str) -> None:
        """Told apart without any parser."""
        found = inspect_pdf(HOSTILE[name], scene.trust)
        assert (found.has_seal, found.authentic, found.signers) == (False, False, ())
        assert found.is_pdf is HOSTILE[name].startswith(b"%PDF-")
        assert found.problem

    @pytest.mark.parametrize("name", TRACED)
    def test_what_only_looks_like_one(self, scene: Scene, name: str) -> None:
        """Traces of a seal on nonsense."""
        start = time.perf_counter()
        found = inspect_pdf(TRACED[name], scene.trust)
        assert refused(found)
        assert time.perf_counter() - start < 20

    @pytest.mark.parametrize("layers", [1, 2, 3])
    def test_a_bomb(self, scene: Scene, layers: int) -> None:
        """A few kilobytes that would fill the memory."""
        start = time.perf_counter()
        assert refused(inspect_pdf(bomb(layers), scene.trust))
        assert time.perf_counter() - start < 25

    def test_an_ordinary_pdf(self, scene: Scene) -> None:
        """Said in words."""
        found = inspect_pdf(unsealed(), scene.trust)
        assert (found.is_pdf, found.has_seal) == (True, False)
        assert "ne porte pas de cachet" in found.problem

    def test_an_encrypted_pdf(self, scene: Scene) -> None:
        """It cannot be judged, and that is said."""
        output = io.BytesIO()
        with pikepdf.open(io.BytesIO(unsealed())) as pdf:
            pdf.save(output, encryption=pikepdf.Encryption(owner="a", user="b"))
        found = inspect_pdf(output.getvalue(), scene.trust)
        assert not found.authentic
        assert "mot de passe" in found.problem

    def test_a_file_too_large(self, scene: Scene) -> None:
        """Nothing reads it."""
        found = inspect_pdf(b"%PDF-" + bytes(2000), scene.trust, limit_bytes=1000)
        assert "trop volumineux" in found.problem

    def test_mutations_never_raise(self, scene: Scene) -> None:
        """Forty random mutilations of a sealed file, of every size."""
        pdf, chance = scene.sealed("B-B").content, draws(7)
        for _ in range(40):
            start, length = chance.randrange(len(pdf)), chance.randrange(1, 3000)
            broken = pdf[:start] + chance.randbytes(chance.randrange(0, 300)) + pdf[start + length :]
            assert not look(scene, broken).authentic


class TestIsolation:
    """Bytes from strangers are read by a process of its own."""

    def test_says_the_same_as_in_process(self, scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
        """Same facts, dates included; the time it takes is printed."""
        for level in ("B-B", "B-LTA"):
            pdf = scene.sealed(level).content
            start = time.perf_counter()
            apart = inspect_pdf(pdf, scene.trust)
            taken = (time.perf_counter() - start) * 1000
            with capsys.disabled():
                sys.stdout.write(f"[vérification isolée] {level} : {taken:.0f} ms\n")
            assert apart == look(scene, pdf)
            assert apart.authentic

    def test_takes_no_secret_along(self, scene: Scene) -> None:
        """The environment of the reading process holds no password of the portal."""
        code = "import os, json; from e2c_portal.documents import bounded; print(json.dumps(bounded.environment()))"
        environment = os.environ | {
            "SECRET_KEY": "x",
            "SEAL_PKCS12_PASSPHRASE": "y",
            "DATABASE_URL": "postgres://z@h/b",
        }
        answer = subprocess.run(
            [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert set(json.loads(answer.stdout)) <= {
            "PATH",
            "LD_LIBRARY_PATH",
            "LANG",
            "LC_ALL",
            "VIRTUAL_ENV",
            "PYTHONPATH",
        }

    def test_facts_travel_as_json(self, scene: Scene) -> None:
        """There and back without a loss."""
        found = look(scene, scene.sealed("B-LT").content)
        assert SealInspection.from_dict(json.loads(json.dumps(found.as_dict()))) == found


class TestEmbeddedContext:
    """The frozen context is read back from the file alone."""

    def test_comes_back_from_a_sealed_file(self, scene: Scene) -> None:
        """Byte for byte what was frozen."""
        content = embedded_context(scene.sealed("B-LTA").content)
        assert content is not None
        assert json.loads(content) == CONTEXT

    def test_none_when_there_is_none(self) -> None:
        """No attachment, no PDF, or something else than a source."""
        output = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.attachments["autre.json"] = pikepdf.AttachedFileSpec(pdf, b"{}", mime_type="application/json")
            pdf.save(output)
        assert embedded_context(output.getvalue()) is None
        assert embedded_context(b"pas un PDF") is None

    def test_does_not_inflate_without_limit(self) -> None:
        """A small file may hide a large one."""
        assert embedded_context(unsealed(), limit_bytes=20) is None
