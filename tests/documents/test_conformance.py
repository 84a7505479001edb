"""What independent judges say: veraPDF of PDF/A-3a and PDF/UA-1, poppler of the signatures."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from weasyprint import HTML

from e2c_portal.documents.rendering import PdfMetadata, render_pdf, render_template_to_html
from e2c_portal.documents.sealing import seal_pdf
from tests.conformance.verapdf import FLAVOURS, Verdict, poppler_signatures, validate
from tests.documents import convention_contexts
from tests.documents.rich_sample import FIELDS, sample_pdf
from tests.documents.sealing_fixtures import Scene, scene, unsealed

__all__ = ["scene"]

pytestmark = pytest.mark.slow

SEALED = {
    "B-B": 1,
    "B-T": 1,
    "B-LT": 1,
    "B-LTA": 1,
    "new field": 1,
    "without fields": 1,
    "three signatures": 3,
}
UNSEALED = ["drawn", "drawn without fields", "binder"]
RAW = "raw"
METADATA = PdfMetadata("Parapheur", "Région", "Parapheur de signature", datetime(2026, 12, 1, tzinfo=UTC))


def binder_pdf() -> bytes:
    """Return the one kind that is made of several texts: titles, headings and margins of each."""
    html = render_template_to_html("signing_binder", "v1", convention_contexts.binder())
    return render_pdf(html, metadata=METADATA)


@pytest.fixture(scope="module")
def files(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every kind of file that the engine makes, and one that it never makes."""
    at, folder = datetime.now(UTC), tmp_path_factory.mktemp("conformite")
    bare, plain = sample_pdf(fields=()), scene.settings("B-B")
    first = seal_pdf(unsealed(), plain, at=at, field_name=FIELDS[1].name)
    second = seal_pdf(first.content, plain, at=at, field_name="tardif")
    contents = {
        "drawn": unsealed(),
        "drawn without fields": bare,
        "binder": binder_pdf(),
        **{level: scene.sealed(level).content for level in ("B-B", "B-T", "B-LT", "B-LTA")},
        "new field": seal_pdf(unsealed(), plain, at=at, field_name="autre").content,
        "without fields": seal_pdf(bare, plain, at=at).content,
        "three signatures": seal_pdf(second.content, scene.settings("B-LTA"), at=at, archive=True).content,
        RAW: HTML(string="<h1>Titre</h1><table><tr><th>a<tr><td>b</table>").write_pdf(pdf_variant="pdf/a-3a"),
    }
    paths = {name: folder / f"{name.replace(' ', '-')}.pdf" for name in contents}
    for name, content in contents.items():
        paths[name].write_bytes(content)
    return paths


@pytest.fixture(scope="module")
def verdicts(files: dict[str, Path]) -> dict[tuple[str, str], Verdict]:
    """The verdicts of one run of veraPDF over all files."""
    names = {path: name for name, path in files.items()}
    return {(names[verdict.path], verdict.flavour): verdict for verdict in validate(list(files.values()))}


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", [*UNSEALED, *SEALED])
def test_conforms(verdicts: dict[tuple[str, str], Verdict], name: str, flavour: str) -> None:
    """With each layout of fields, each level of seal, and after the last of three signatures."""
    assert verdicts[name, flavour].broken == {}


def test_the_judge_bites(verdicts: dict[tuple[str, str], Verdict]) -> None:
    """A file without our completions is refused: a check that accepts everything proves nothing."""
    assert not verdicts[RAW, "ua1"].passed


@pytest.mark.parametrize("name", SEALED)
def test_poppler_finds_each_signature_valid(files: dict[str, Path], name: str) -> None:
    """Read by another implementation than the one that signed; archive time-stamps are « unknown » to it."""
    found = [item for item in poppler_signatures(files[name]) if item.subfilter != "unknown"]
    assert len(found) == SEALED[name]
    assert all(item.valid and item.subfilter == "ETSI.CAdES.detached" for item in found), found


def test_poppler_sees_one_changed_byte(files: dict[str, Path], tmp_path: Path) -> None:
    """It disagrees with the seal as soon as the file does."""
    content = bytearray(files["B-B"].read_bytes())
    content[content.index(b"stream") + 40] ^= 1
    (tmp_path / "change.pdf").write_bytes(content)
    assert not any(item.valid for item in poppler_signatures(tmp_path / "change.pdf"))
