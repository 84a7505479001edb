"""Sheets and fonts kept from one document to the next: the bytes are those of a document drawn the full way."""

import os
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from weasyprint import HTML

from e2c_portal.documents.rendering import DocumentAssets, MissingGlyphs, RenderingError, kept_styles
from e2c_portal.documents.rendering.assets import ClosedFetcher
from e2c_portal.documents.rendering.kept_styles import ANY_LINK, LINK, OWN_STYLES, forget_styles, styles_for
from tests.documents.convention_contexts import example
from tests.documents.rich_sample import ROOT, SAMPLES, sample_html
from tests.documents.test_convention_template import html_of
from tests.documents.test_rendering import ASSETS, draw

TEMPLATES = ROOT / "templates" / "documents"
SHEETS = "".join(
    f'<link rel="stylesheet" href="/templates/documents/base/v1/{name}.css">' for name in ("fonts", "page", "text")
)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget_styles()
    yield
    forget_styles()


def small(body: str) -> str:
    """Return a small document with the sheets of every template."""
    return f'<html lang="fr"><head><title>Essai</title>{SHEETS}</head><body><main>{body}</main></body></html>'


def full_way(html: str) -> str:
    """Return the same document, its links written in a way that nothing is kept for."""
    changed = re.sub(r'<link rel="stylesheet" (href="[^"]+")>', r'<link \1 rel="stylesheet">', html)
    assert changed != html
    return changed


def assets() -> DocumentAssets:
    """Return the assets of the portal."""
    return DocumentAssets.from_settings()


class TestSameBytes:
    """Nobody can tell a document drawn with kept sheets from another."""

    @pytest.mark.parametrize("name", ["convention", "rich"])
    def test_several_documents_in_a_row(self, name: str) -> None:
        """The first reads the sheets, the next ones find them; what another document printed leaves no trace."""
        html, where = {
            "convention": (html_of(example()), assets()),
            "rich": (sample_html(), ASSETS.for_template("rich", "v1")),
        }[name]
        kept = [draw(html, where), draw(html.replace("Exemple", "Éxemple Œuvré"), where), draw(html, where)]
        assert len(kept_styles._kept) == 1
        forget_styles()
        assert kept[0] == kept[2] == draw(full_way(html), where)
        assert not kept_styles._kept

    def test_two_threads_never_share_fonts(self) -> None:
        """Each draws with sheets of its own, and both make the same file."""
        html, found = small("<h1>Titre</h1><p>Texte</p>"), list[bytes]()
        threads = [threading.Thread(target=lambda: found.extend(draw(html, assets()) for _ in range(2))) for _ in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4
        assert set(found) == {draw(full_way(html), assets())}

    def test_after_a_document_that_failed(self) -> None:
        """What a failure left in the fonts is thrown away with them."""
        html = small("<p>Texte</p>")
        before = draw(html, assets())
        with pytest.raises(MissingGlyphs):
            draw(small("<p>Texte 漢</p>"), assets())
        assert not kept_styles._kept
        assert draw(html, assets()) == before

    def test_a_document_with_styles_of_its_own_is_drawn_the_full_way(self) -> None:
        """Its styles would stand at another place in the cascade."""
        for own in ("<style>p { color: red }</style><p>Texte</p>", '<p style="color: red">Texte</p>'):
            assert draw(small(own), assets()) == draw(full_way(small(own)), assets())
        assert not kept_styles._kept


class TestCascade:
    """The sheets of a template, on a page that uses each of their classes."""

    # The least alike: all seventeen would take five seconds of each run of the suite.
    @pytest.mark.parametrize("template", ["convention/v2", "assises_badges/v1", "attendance_statement/v1"])
    def test_sheets_give_the_same_page(self, template: str) -> None:
        """No rule changes its place in the cascade."""
        folder = TEMPLATES / template
        links = [link for page in _pages_of(folder) for link in LINK.findall(page.read_text(encoding="utf-8"))]
        body = "".join(BLOCK.replace("NAME", name) for name in _classes_of(links))
        html = f'<html lang="fr"><head>{"".join(_linked(link) for link in links)}</head><body>{body}</body></html>'
        assert _laid_out(html) == _laid_out(full_way(html))


BLOCK = '<div class="NAME"><h2>Titre</h2><p>Un <strong>mot</strong></p></div><p class="NAME">Texte</p>'


def _pages_of(folder: Path) -> list[Path]:
    pages = sorted(folder.glob("*.html"))
    if any('extends "base/v1/base.html"' in page.read_text(encoding="utf-8") for page in pages):
        return [TEMPLATES / "base" / "v1" / "base.html", *pages]
    return pages


def _classes_of(links: list[str]) -> list[str]:
    sheets = "".join((ROOT / link.lstrip("/")).read_text(encoding="utf-8") for link in links)
    # What runs in margins is left out: the engine draws it again on each page.
    return sorted(set(re.findall(r"^\.(?!running)([a-z][\w-]*)", sheets, re.MULTILINE)))


def _linked(link: str) -> str:
    return f'<link rel="stylesheet" href="{link}">'


def _laid_out(html: str) -> bytes:
    """Return the page as the engine draws it, without the rules of accessible documents, which such a page breaks."""
    fetcher = ClosedFetcher(assets())
    with styles_for(html, fetcher) as (body, styles):
        source = HTML(string=body, base_url=fetcher.base_url, url_fetcher=fetcher)
        drawn: bytes = source.write_pdf(font_config=styles.fonts, stylesheets=styles.sheets, uncompressed_pdf=True)
    return drawn


class TestFiles:
    """The files behind the sheets."""

    def test_a_changed_sheet_is_read_again(self, tmp_path: Path) -> None:
        """Whoever edits a template sees it at once."""
        shutil.copytree(SAMPLES / "rich", tmp_path / "rich")
        places = DocumentAssets(root=tmp_path, allowed=(tmp_path,), templates=tmp_path)
        shutil.copytree(ROOT / "static" / "fonts", tmp_path / "static" / "fonts")
        sheet = tmp_path / "rich" / "v1" / "document.css"
        html = sample_html()
        before = draw(html, places.for_template("rich", "v1"))
        sheet.write_text(sheet.read_text() + "\np { color: #123456 }\n")
        os.utime(sheet, ns=(1, 1))
        assert draw(html, places.for_template("rich", "v1")) != before

    def test_a_missing_sheet_is_told_each_time(self) -> None:
        """Nothing is kept of sheets that could not be read."""
        html = small("<p>Texte</p>").replace("page.css", "absent.css")
        for _ in range(2):
            with pytest.raises(RenderingError, match=r"absent\.css"):
                draw(html, assets())
        assert not kept_styles._kept

    def test_a_copied_process_leaves_the_fonts_of_the_first(self) -> None:
        """A process copied by fork that forgets its sheets takes no file away."""
        html = small("<p>Texte</p>")
        before = draw(html, assets())
        child = os.fork()
        if child == 0:
            forget_styles()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        assert draw(html, assets()) == before

    def test_every_template_keeps_its_sheets(self) -> None:
        """A template that declares its styles in another way would be slow without a word."""
        pages = list(TEMPLATES.rglob("*.html"))
        assert pages
        for page in pages:
            text = page.read_text(encoding="utf-8")
            assert len(ANY_LINK.findall(text)) == len(LINK.findall(text)), page
            assert not OWN_STYLES.search(text), page
