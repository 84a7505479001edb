"""The French words that document templates may use."""

import pytest
from django.utils.safestring import SafeString

from e2c_portal.documents.templatetags import document_words as words

NB, TH = "\u00a0", "\u202f"


def test_typeset_escapes_then_raises_ranks() -> None:
    """Text of people is never markup; ours is."""
    assert words.typeset("<b>1er</b> & l'école : 3es Assises") == (
        f"&lt;b&gt;1<sup>er</sup>&lt;/b&gt; &amp; l’école{NB}: 3<sup>es</sup>{NB}Assises"
    )
    assert isinstance(words.typeset("x"), SafeString)
    assert words.typeset(None) == ""


@pytest.mark.parametrize("text", ["CR-14/2e", "A1er", "l'\"e", "1erreur", "B2e-3es"])
def test_only_ranks_are_raised(text: str) -> None:
    """References and words that look alike stay on their line."""
    assert "<sup>" not in words.typeset(text)


def test_dates() -> None:
    """ISO in, letters out."""
    assert words.day("2015-01-01") == f"1<sup>er</sup>{NB}janvier{NB}2015"
    assert words.on_day("2014-12-12") == f"le 12{NB}décembre{NB}2014"
    with pytest.raises(ValueError, match="isoformat"):
        words.day("12/12/2014")


def test_numbers() -> None:
    """Ranks, articles, quantities and registration numbers."""
    assert [words.ordinal(1), words.ordinal("3")] == ["1<sup>er</sup>", "3<sup>e</sup>"]
    assert [words.article_number(1), words.article_number(2), words.article_number("3 bis")] == [
        "1<sup>er</sup>",
        "2",
        "3 bis",
    ]
    assert [words.quantity("1250"), words.quantity(12), words.quantity("au moins 3 ans")] == [
        f"1{TH}250",
        "12",
        f"au moins 3{NB}ans",
    ]
    assert words.business_number("356000000") == f"356{TH}000{TH}000"
    assert words.business_number("35600000000048") == f"356{TH}000{TH}000{TH}00048"


def test_lists_and_paragraphs() -> None:
    """Typed lists become lists, whatever mark ends an item."""
    assert words.in_a_row(["1, place X,", " 34000 Montpellier"]) == "1, place X, 34000 Montpellier"
    assert [words.closed_by(text, " ;") for text in ("a", "a.", "a ;", "a,")] == ["a ;"] * 4
    assert words.paragraphs("a\n\n b \nc") == ["a", "b", "c"]
    assert words.paragraphs(None) == []
    assert words.blocks(["a", "- b", "– c", "d"]) == [
        {"is_list": False, "items": ["a"]},
        {"is_list": True, "items": ["b", "c"]},
        {"is_list": False, "items": ["d"]},
    ]


def test_the_qr_code_says_where_it_leads() -> None:
    """Its words are escaped: an address may hold any sign."""
    drawing = words.qr_svg("https://portail.exemple.fr/verifier/?a=1&b=<c>")
    assert "<title>Code QR menant à https://portail.exemple.fr/verifier/?a=1&amp;b=&lt;c&gt;</title>" in drawing
    assert drawing.startswith("<svg")
    assert 'class="qr-code"' in drawing
