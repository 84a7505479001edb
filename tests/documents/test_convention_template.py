"""The convention as it leaves the real engine: what is printed, how pages break, what the file is made of."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zxingcpp
from django.utils.html import strip_tags
from PIL import Image

from e2c_portal.documents.rendering import DocumentAssets, PdfMetadata, render_pdf, render_template_to_html
from tests.documents import convention_contexts as contexts

NB, TH = "\u00a0", "\u202f"
ALL = [
    contexts.example,
    contexts.long_convention,
    contexts.archived_convention,
    contexts.long_names,
    contexts.crowded_convention,
]
Context = Callable[[], dict[str, Any]]


def html_of(context: dict[str, Any]) -> str:
    """Return the HTML of the convention."""
    return render_template_to_html("convention", "v1", context)


@cache
def pdf_of(make: Context) -> bytes:
    """Return the PDF of a context, drawn once for all tests."""
    metadata = PdfMetadata(
        title=make()["title"], author="Région Exemple", subject="Essai", created_at=datetime(2025, 1, 6, tzinfo=UTC)
    )
    assets = DocumentAssets.from_settings().for_template("convention", "v1")
    return render_pdf(html_of(make()), metadata=metadata, assets=assets)


@cache
def pages_of(make: Context) -> tuple[str, ...]:
    """Return the text of each page as poppler reads it, without running head and footer."""
    tool = shutil.which("pdftotext")
    assert tool, "Outil absent : pdftotext. Tapez : apt-get install poppler-utils"
    read = subprocess.run(
        [tool, "-layout", "-", "-"], input=pdf_of(make), capture_output=True, check=True
    ).stdout.decode()
    return tuple(_body(page, make()) for page in read.split("\f")[:-1])


def _body(page: str, context: dict[str, Any]) -> str:
    # The footer starts with the line of the reference and the code; the running head is the first line of a later page.
    before_footer = page.split(f"{context['reference']}, code de vérification")[0]
    lines = [line for line in before_footer.splitlines() if line.strip()]
    if lines and lines[0].strip().startswith("Convention de partenariat n°"):
        lines = lines[1:]
    return "\n".join(lines)


def words_of(make: Context) -> str:
    """Return all the text on one line, every kind of space made one."""
    return re.sub(r"\s+", " ", " ".join(pages_of(make)))


def headings_of(make: Context) -> set[str]:
    """Return the headings below the title, as they read on paper."""
    found = re.findall(r"<h([23])[^>]*>(.*?)</h\1>", html_of(make()), re.DOTALL)
    return {re.sub(r"\s+", " ", strip_tags(inner)).strip() for _, inner in found}


class TestWords:
    """What is printed, in French as it is typeset."""

    def test_dates_are_in_letters(self) -> None:
        """No ISO date reaches the paper."""
        words = words_of(contexts.example)
        assert "Prise d’effet 1er février 2025" in words
        assert "Échéance 31 janvier 2028" in words
        assert "adoptée le 16 décembre 2024" in words
        assert not re.search(r"\d{4}-\d{2}-\d{2}", words)

    def test_french_spaces_and_apostrophes(self) -> None:
        """Typed apostrophes and plain spaces are set as printers do."""
        html = html_of(contexts.example())
        assert f"compétences techniques{TH};" in html
        assert f"l’alternance{NB}:" in html
        assert "'" not in words_of(contexts.example)
        assert "Article 1er – Objet" in words_of(contexts.example)

    @pytest.mark.parametrize("make", ALL)
    def test_no_plain_space_before_a_mark(self, make: Context) -> None:
        """Not one of the fixed words of the template escapes the rule either."""
        text = strip_tags(html_of(make()).split("<main>")[1]).replace("&nbsp;", NB).replace("&#8239;", TH)
        assert not re.search(r"[ \n][;!?»:]|« ", text)
        assert not re.search(r"n° \d", text)

    def test_a_commitment_without_figure_says_so(self) -> None:
        """No invented figure, no blank."""
        words = words_of(contexts.long_convention)
        assert words.count("non chiffré") == 4
        assert "1 250 demi-journées" in words

    def test_parties_and_their_numbers(self) -> None:
        """SIREN and SIRET are grouped as on official papers."""
        words = words_of(contexts.example)
        assert "n° 732 829 320 (SIRET 732 829 320 00074)" in words
        assert (
            "représentée par Camille Exemple, présidente de la Région Exemple, ci-après désignée « la Région »,"
            in words
        )

    def test_the_code_and_address_are_in_words(self) -> None:
        """Screen readers skip the footer: the text itself tells how to verify."""
        words = words_of(contexts.example)
        assert "Vérifier ce document" in words
        assert "A2B3C-D4E5F" in words
        assert "https://portail.exemple.fr/verifier/A2B3C-D4E5F/" in words

    def test_markup_in_a_name_is_printed_as_typed(self) -> None:
        """A company may be called <b>."""
        context = contexts.example()
        context["company"]["legal_name"] = '<script>alert("x")</script> & fils'
        html = html_of(context)
        assert "<script" not in html
        assert "&amp; fils" in html


class TestArchives:
    """A convention reprised from archives never claims more than its sources."""

    def test_unknown_facts_are_said_unknown(self) -> None:
        """Names and dates that were not found read so."""
        words = words_of(contexts.archived_convention)
        assert words.count("nom non retrouvé dans les sources") == 2
        assert "Échéance date non retrouvée dans les sources" in words
        assert "nommée « Pro-Exempel » dans les sources de l’époque" in words

    def test_the_note_and_its_sources_come_first(self) -> None:
        """The reader is told before reading the parties."""
        words = words_of(contexts.archived_convention)
        assert words.index("Convention reprise d’archives") < words.index("journal-exemple.fr") < words.index("Entre")

    def test_no_frame_invites_to_sign(self) -> None:
        """It was signed, on a paper that nobody reproduces."""
        html = html_of(contexts.archived_convention())
        assert "signing-space" not in html
        assert "signatures manuscrites non reproduites" in html

    def test_outside_archives_unknown_names_are_to_be_filled(self) -> None:
        """A living convention speaks of the future, not of sources."""
        words = words_of(contexts.long_convention)
        assert "nom à préciser" in words
        assert "dans les sources" not in words


class TestPages:
    """No widow heading, nothing cut in two."""

    @pytest.mark.parametrize("make", ALL)
    def test_no_heading_ends_a_page(self, make: Context) -> None:
        """A heading is followed by what it announces."""
        headings = headings_of(make)
        assert "Signatures" in headings
        for page in pages_of(make):
            last = re.sub(r"\s+", " ", page.splitlines()[-1]).strip()
            assert last not in headings

    @pytest.mark.parametrize(
        "make", [contexts.example, contexts.long_convention, contexts.archived_convention, contexts.long_names]
    )
    def test_all_signatures_stand_on_one_page(self, make: Context) -> None:
        """Both sides, with every name and every frame, under their heading; the way to verify comes with them."""
        (page,) = [
            page for page in pages_of(make) if re.search(r"^\s*Pour la Région\s+Pour l’entreprise", page, re.MULTILINE)
        ]
        assert page == pages_of(make)[-1]
        signing = page[page.index("Pour la Région") :]
        people = [person for side in make()["signatories"].values() for person in side]
        assert len(re.findall(r"Signature(?!s)", signing)) == (0 if make()["archive_note"] else len(people))
        assert all(person["name"].split()[0] in signing for person in people if person["name"])
        assert "Vérifier ce document" in signing

    def test_a_crowd_of_signatories_is_printed_whole(self) -> None:
        """More than one page of frames loses nobody, and keeps each name with its frame."""
        pages = pages_of(contexts.crowded_convention)
        for side in contexts.crowded_convention()["signatories"].values():
            for person in side:
                assert sum(len(re.findall(rf"{person['name']}\b", page)) for page in pages) == 2
        for page in pages:
            assert len(re.findall(r"Numéro\d+(?!\d*,)", page)) >= len(
                re.findall(r"^\s*Signature\b", page, re.MULTILINE)
            )

    def test_table_rows_stay_whole_and_the_head_is_repeated(self) -> None:
        """Each commitment and its description share a page, under the names of the columns."""
        pages = pages_of(contexts.long_convention)
        for rank in range(1, 26):
            (page,) = [page for page in pages if re.search(rf"Engagement {rank}\b", page)]
            assert re.search(rf"n° {rank}\b", page.replace(NB, " "))
            assert re.search(r"Engagement\s+Cible\s+Unité\s+Période", page)

    def test_pages_are_numbered(self) -> None:
        """Page x of y, on each."""
        text = _whole_text(pdf_of(contexts.long_convention))  # poppler writes every space as a plain one
        count = len(pages_of(contexts.long_convention))
        assert count >= 6
        for number in range(1, count + 1):
            assert f"Page {number} sur {count}" in text


class TestFile:
    """What the file is made of."""

    @pytest.mark.parametrize("make", ALL)
    def test_only_our_fonts_embedded(self, make: Context) -> None:
        """No font of the machine, so no missing character and the same file everywhere."""
        with pikepdf.open(io.BytesIO(pdf_of(make))) as pdf:
            names = {str(item.BaseFont) for item in pdf.objects if _is_font(item)}
            embedded = [item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item]
        assert names
        assert all("Portail" in name for name in names)
        assert embedded

    @pytest.mark.parametrize("make", ALL)
    def test_one_title_and_levels_in_order(self, make: Context) -> None:
        """Screen readers jump from heading to heading."""
        levels = [int(level) for level in re.findall(r"<h([1-6])", html_of(make()))]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))

    def test_every_header_cell_says_what_it_heads(self) -> None:
        """PDF/UA-1 asks for a scope on each."""
        cells = re.findall(r"<th\b[^>]*>", html_of(contexts.long_convention()))
        assert cells
        assert all('scope="' in cell for cell in cells)

    @pytest.mark.parametrize("make", ALL)
    def test_every_drawing_has_words(self, make: Context) -> None:
        """Emblem and QR codes carry a title."""
        html = html_of(make())
        assert html.count("<svg") == 3 == len(re.findall(r"<svg[^>]*>\s*<title>[^<]+</title>", html))


def _is_font(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/BaseFont" in item


def _whole_text(pdf: bytes) -> str:
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return read.stdout.decode()


def test_each_page_leads_to_its_verification_once_printed(tmp_path: Path) -> None:
    """Read from a picture of the page, as a telephone would: the code of the foot, and the larger one of the end."""
    address = contexts.example()["verification"]["url"]
    subprocess.run(
        ["pdftoppm", "-r", "110", "-gray", "-", str(tmp_path / "page")], input=pdf_of(contexts.example), check=True
    )
    pages = sorted(tmp_path.glob("page-*.pgm"))
    read = [[code.text for code in zxingcpp.read_barcodes(Image.open(page))] for page in pages]
    assert len(pages) > 1
    assert read == [*[[address]] * (len(pages) - 1), [address, address]]
