"""Drawing: repeatable bytes, closed resources, fonts of ours alone, a complete structure for those who cannot see."""

import gc
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from billiard.exceptions import SoftTimeLimitExceeded

from e2c_portal.documents.rendering import (
    AssetMissing,
    Attachment,
    DocumentAssets,
    ForbiddenResource,
    MissingGlyphs,
    PdfMetadata,
    RenderingError,
    SignatureField,
    TemplateFault,
    render_pdf,
)
from tests.documents.rich_sample import ASSETS, CONTEXT, METADATA, ROOT, sample_html, sample_pdf

FONT = """@font-face { font-family: "Portail Sans"; src: url("/static/fonts/portail-sans-regular.ttf"); }
          html { font-family: "Portail Sans" }"""
# For those who only read the sample.
drawn_once = cache(sample_pdf)


def page(body: str, *, head: str = "", style: str = FONT) -> str:
    """Return a small document around `body`."""
    return f'<html lang="fr"><head><title>Essai</title><style>{style}</style>{head}</head><body>{body}</body></html>'


def draw(html: str, assets: DocumentAssets = ASSETS) -> bytes:
    """Render with the metadata of the sample."""
    return render_pdf(html, metadata=METADATA, assets=assets)


class TestRepeatable:
    """The same input gives the same bytes, wherever and whenever it is drawn."""

    def test_twice_in_one_process(self) -> None:
        """Nothing of the first render leaks into the second."""
        assert sample_pdf() == sample_pdf()

    def test_in_other_processes_with_other_hash_seeds_and_time_zones(self) -> None:
        """No order of a set, no clock and no zone of the machine reaches the file."""
        code = (
            "import hashlib; from tests.documents.rich_sample import sample_pdf; "
            "print(hashlib.sha256(sample_pdf()).hexdigest())"
        )
        digests = {hashlib.sha256(sample_pdf()).hexdigest()}
        for seed, zone in (("1", "Pacific/Auckland"), ("4242", "America/Lima")):
            environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
            answer = subprocess.run(
                [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
            )
            digests.add(answer.stdout.strip())
        assert len(digests) == 1

    def test_no_path_of_the_machine_is_written(self) -> None:
        """Assets are named by an address of no machine."""
        with pikepdf.open(io.BytesIO(drawn_once())) as pdf:
            everything = b"".join(
                item.read_bytes() if isinstance(item, pikepdf.Stream) else item.unparse() for item in pdf.objects
            )
        assert str(ROOT).encode() not in everything


class TestMetadata:
    """What the file says about itself and carries."""

    def test_says_its_title_author_language_and_date(self) -> None:
        """Readers show the title, screen readers speak the language."""
        with pikepdf.open(io.BytesIO(drawn_once())) as pdf:
            assert str(pdf.docinfo["/Title"]) == METADATA.title
            assert str(pdf.docinfo["/Author"]) == METADATA.author
            assert str(pdf.docinfo["/CreationDate"]) == "D:20140612080000+00'00"
            assert str(pdf.Root.Lang) == "fr"
            assert pdf.Root.ViewerPreferences.DisplayDocTitle

    def test_carries_its_context_as_its_source(self) -> None:
        """The frozen JSON travels inside, byte for byte, with its type and a fixed date."""
        with pikepdf.open(io.BytesIO(drawn_once())) as pdf:
            carried = pdf.attachments["donnees.json"]
            file = carried.get_file()
            assert json.loads(file.read_bytes()) == CONTEXT
            assert file.mime_type == "application/json"
            assert carried.obj.AFRelationship == "/Source"
            assert str(file.obj.Params.ModDate) == "D:20140612080000Z"

    def test_says_both_standards(self) -> None:
        """PDF/A and PDF/UA identifiers stand in one XMP packet."""
        with pikepdf.open(io.BytesIO(drawn_once())) as pdf:
            packet = pdf.Root.Metadata.read_bytes()
        assert b'pdfaid:part="3"' in packet
        assert b'pdfaid:conformance="A"' in packet
        assert b"<pdfuaid:part>1</pdfuaid:part>" in packet

    @pytest.mark.parametrize("wrong", [{"title": " "}, {"language": ""}, {"created_at": datetime(2014, 6, 12)}])  # noqa: DTZ001
    def test_refuses_what_the_standard_refuses(self, wrong: dict[str, object]) -> None:
        """No title, no language, or a date whose zone would be that of the machine."""
        values = {"title": "T", "author": "A", "subject": "S", "created_at": METADATA.created_at} | wrong
        with pytest.raises(ValueError, match=r"title|time zone"):
            PdfMetadata(**values)  # type: ignore[arg-type]

    def test_refuses_an_unknown_relationship(self) -> None:
        """PDF/A-3 knows a closed list."""
        with pytest.raises(ValueError, match="relationship"):
            Attachment("a.json", b"{}", "application/json", "Données", "Origine")


class TestStructure:
    """What the engine leaves out is completed."""

    def test_header_cells_say_what_they_head(self) -> None:
        """Columns by default, rows where the template says so."""
        scopes = [attributes["/Scope"] for attributes in attributes_of(drawn_once(), "/TH")]
        assert scopes == ["/Column", "/Column", "/Column", "/Row", "/Row", "/Row"]

    def test_figures_lie_inside_their_page(self) -> None:
        """Their boxes are in points from the bottom left corner."""
        boxes = [attributes["/BBox"] for attributes in attributes_of(drawn_once(), "/Figure")]
        assert len(boxes) == 2
        for left, bottom, right, top in boxes:
            assert 0 < left < right < 596
            assert 0 < bottom < top < 842
        assert boxes[0][2] - boxes[0][0] == pytest.approx(150)

    def test_headers_and_footers_are_artifacts(self) -> None:
        """Screen readers do not say the page number in the middle of a sentence."""
        pdf = drawn_once()
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for sheet in document.pages:
                content = sheet.Contents.read_bytes()
                assert content.count(b"/Subtype /Header") == 1
                assert content.count(b"/Subtype /Footer") == 2
        reading = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True)
        spoken = reading.stdout
        assert b"Page 1 sur 3" not in spoken
        assert "Entre la Région".encode() in spoken

    def test_a_figure_without_words_is_refused(self) -> None:
        """Both kinds of pictures need a text alternative."""
        svg = '<svg width="9" height="9" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
        with pytest.raises(TemplateFault, match="texte de remplacement"):
            draw(page(f"<p>Dessin</p>{svg}"))

    def test_a_link_in_a_margin_is_refused(self) -> None:
        """A link that no reader can reach with the keyboard would break PDF/UA."""
        style = FONT + "@page { @bottom-left { content: element(pied) } } .pied { position: running(pied) }"
        with pytest.raises(TemplateFault, match="lien"):
            draw(page('<p class="pied"><a href="https://exemple.invalid/">site</a></p><p>Texte</p>', style=style))

    def test_a_broken_internal_link_is_refused(self) -> None:
        """The engine only logs it."""
        with pytest.raises(TemplateFault, match="absente"):
            draw(page('<p><a href="#absente">ici</a></p>'))

    def test_signature_fields_are_made_before_any_signature(self) -> None:
        """Merged, of no size, readable, on the last page."""
        with pikepdf.open(io.BytesIO(drawn_once())) as pdf:
            fields = list(pdf.Root.AcroForm.Fields)
            assert [str(field.T) for field in fields] == ["cachet", "signataire-1"]
            assert str(fields[1].TU) == "Signature de l’entreprise"
            assert all(field.Subtype == "/Widget" and list(field.Rect) == [0, 0, 0, 0] for field in fields)
            assert all(field.P.objgen == pdf.pages[-1].objgen for field in fields)

    @pytest.mark.parametrize(("name", "label"), [("", "Cachet"), ("a.b", "Cachet"), ("cachet", " ")])
    def test_unreadable_signature_fields_are_refused(self, name: str, label: str) -> None:
        """A dot would make a hierarchy; a field without label cannot be read out."""
        with pytest.raises(ValueError, match="signature field"):
            SignatureField(name, label)


def attributes_of(pdf: bytes, kind: str) -> list[dict[str, Any]]:
    """Return the attributes of the structure elements of one kind, in reading order, as plain values."""
    found: list[dict[str, Any]] = []

    def walk(element: pikepdf.Object) -> None:
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            if kind == element.S:
                found.append({name: plain(value) for name, value in element.A.items()})
            for kid in element.get("/K", []):
                walk(kid)

    def plain(value: Any) -> Any:
        return [float(item) for item in value] if isinstance(value, pikepdf.Array) else str(value)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        for root in document.Root.StructTreeRoot.K:
            walk(root)
    return found


class TestFonts:
    """A character that cannot be printed stops the document and is named."""

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("Léa 👩🏽‍🚒", "U+1F469"),
            ("\ue000", "U+E000"),
            ("عقد", "U+0639"),
            ("合同", "« 合 » (U+5408)"),
            ("\U0010fffd", "U+10FFFD"),
        ],
    )
    def test_missing_characters_are_named(self, text: str, named: str) -> None:
        """Whether the machine has a font for them or not."""
        with pytest.raises(MissingGlyphs) as refusal:
            draw(page(f"<p>{text}</p>"))
        assert named in refusal.value.reason
        assert "Remplacez-les" in refusal.value.reason

    def test_french_text_is_printed(self) -> None:
        """Ligatures, quotes, dashes, non-breaking spaces, currency."""
        text = "« L’œuvre – Æ – n° 12 » : 1 234,50 € ; ÀÂÇÉÈÊËÎÏÔÙÛÜŸ … • ½ ²"
        assert draw(page(f"<p>{text}</p>")).startswith(b"%PDF-1.7")

    def test_fonts_of_the_machine_are_refused(self) -> None:
        """They differ from one machine to the next, and so would the bytes."""
        with pytest.raises(TemplateFault, match="@font-face"):
            draw(page("<p>Texte</p>", style=""))
        with pytest.raises(MissingGlyphs):
            draw(page("<p>Texte</p><p style='font-family: monospace'>xyz</p>"))


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server that must never be asked anything."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


FORBIDDEN = [
    '<link rel="attachment" href="file:///etc/passwd">',
    '<link rel="attachment" href="/etc/passwd">',
    '<link rel="attachment" href="data:text/plain,secret">',
    '<link rel="attachment" href="/static/fonts/portail-sans-regular.ttf">',
    '<link rel="stylesheet" href="file:///etc/passwd">',
    '<link rel="stylesheet" href="HERE/style.css">',
    '<style>@import url("HERE/style.css");</style>',
    '<style>@font-face { font-family: X; src: url("HERE/x.ttf") } p { font-family: X }</style>',
    '<style>p { background: url("file:///etc/passwd") }</style>',
    '<p><img src="HERE/x.png" alt="x"></p>',
    '<p><img src="file:///etc/hostname" alt="x"></p>',
    '<p><img src="//127.0.0.1/x.png" alt="x"></p>',
    '<p><img src="../../../../manage.py" alt="x"></p>',
    '<p><img src="/static/fonts/../../manage.py" alt="x"></p>',
    '<p><img src="/static/fonts/%2e%2e/%2e%2e/manage.py" alt="x"></p>',
    '<p><img src="https://documents.invalid.exemple.invalid/x.png" alt="x"></p>',
    '<p><a rel="attachment" href="/static/fonts/portail-sans-regular.ttf">fichier</a></p>',
    '<p><a rel="attachment" href="file:///etc/passwd">fichier</a></p>',
    '<base href="file:///etc/"><p><img src="passwd" alt="x"></p>',
    '<p><object data="file:///etc/passwd" type="image/png">x</object></p>',
    '<p><embed src="HERE/x.svg" type="image/svg+xml"></p>',
    '<svg width="9" height="9"><title>x</title><image href="file:///etc/passwd" width="9" height="9"/></svg>',
]


class TestClosedFetcher:
    """A document reads its own assets and nothing else, whatever its text says."""

    @pytest.mark.parametrize("body", FORBIDDEN)
    def test_everything_else_is_refused(self, body: str, listener: tuple[str, list[str]]) -> None:
        """Nothing is read from the disk, nothing is asked on the network, no document comes out."""
        address, asked = listener
        with pytest.raises(ForbiddenResource) as refusal:
            draw(page("<p>Texte</p>" + body.replace("HERE", address)), ASSETS.for_template("rich", "v1"))
        assert "interdite" in refusal.value.reason
        assert asked == []

    def test_a_drawing_reads_no_other_drawing(self, listener: tuple[str, list[str]]) -> None:
        """The engine ignores a `<use>` of another file; it must not ask for it either."""
        address, asked = listener
        draw(page(f'<svg width="9" height="9"><title>x</title><use href="{address}/x.svg#a"/></svg>'))
        assert asked == []

    def test_a_link_out_of_the_folder_is_refused(self, tmp_path: Path) -> None:
        """The real place of a file counts, not the name it goes by."""
        (tmp_path / "static").mkdir()
        (tmp_path / "static" / "logo.png").symlink_to("/etc/passwd")
        assets = DocumentAssets(root=tmp_path, allowed=(tmp_path / "static",), templates=tmp_path)
        with pytest.raises(ForbiddenResource):
            draw(page('<p><img src="/static/logo.png" alt="logo"></p>', style=""), assets)

    def test_a_relative_link_is_refused(self) -> None:
        """It would lead readers to an address that does not exist."""
        with pytest.raises(TemplateFault, match="lien relatif"):
            draw(page('<p><a href="annexe.html">annexe</a></p>'))

    def test_an_absent_asset_stops_the_document(self) -> None:
        """The engine would print without it."""
        with pytest.raises(AssetMissing, match="absent.css"):
            draw(
                page("<p>Texte</p>", head='<link rel="stylesheet" href="absent.css">'),
                ASSETS.for_template("rich", "v1"),
            )

    def test_assets_come_from_the_settings(self, settings: object) -> None:
        """The portal's own configuration serves its fonts."""
        assets = DocumentAssets.from_settings()
        assert assets.locate("https://documents.invalid/static/fonts/portail-sans-regular.ttf").is_file()
        with pytest.raises(ForbiddenResource):
            assets.locate("https://documents.invalid/manage.py")


class TestFaults:
    """Whatever goes wrong is one family of errors, in French."""

    def test_all_errors_are_rendering_errors(self) -> None:
        """One `except` is enough for the caller."""
        for kind in (AssetMissing, ForbiddenResource, MissingGlyphs, TemplateFault):
            assert issubclass(kind, RenderingError)

    def test_a_fault_of_the_engine_is_told(self) -> None:
        """The engine checks its input with assertions; staff read a sentence, the log keeps the cause."""
        with pytest.raises(TemplateFault, match="mise en page") as refusal:
            draw(page("<div>" * 2000 + "<p>Texte</p>" + "</div>" * 2000))
        assert refusal.value.__cause__ is not None

    def test_the_collector_runs_again_afterwards(self) -> None:
        """After a success and after a failure alike."""
        sample_pdf()
        assert gc.isenabled()
        with pytest.raises(MissingGlyphs):
            draw(page("<p>合</p>"))
        assert gc.isenabled()

    def test_html_of_the_sample_has_no_hole(self) -> None:
        """The sample itself is complete."""
        assert not re.search(r"\{\{|\{%", sample_html())

    def test_the_interruption_of_a_worker_passes_through(self) -> None:
        """A job that lasts too long is not a fault of its template."""
        previous = signal.signal(signal.SIGALRM, _interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.03)
        try:
            with pytest.raises(SoftTimeLimitExceeded):
                sample_pdf()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
        assert gc.isenabled()

    def test_an_interruption_that_comes_while_an_asset_is_read_passes_through_too(self) -> None:
        """The engine hides whatever stops a reading behind a fault of its own."""
        assets = InterruptedAssets(ASSETS.root, ASSETS.allowed, ASSETS.templates)
        with pytest.raises(SoftTimeLimitExceeded):
            draw(page("<p>Bonjour</p>"), assets)


class InterruptedAssets(DocumentAssets):
    """Files whose reading lasts until the worker's time is over."""

    def locate(self, url: str) -> Path:
        raise SoftTimeLimitExceeded


def _interrupt(*_arguments: object) -> None:
    raise SoftTimeLimitExceeded
