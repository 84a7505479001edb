"""The strict template engine: nothing missing, nothing unplain, nothing of the portal within reach."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.safestring import mark_safe

from e2c_portal.documents.rendering import (
    DocumentAssets,
    TemplateFault,
    TemplateMissing,
    UndefinedWord,
    UnsuitableContext,
    render_template_to_html,
)

Filler = Callable[..., str]


@pytest.fixture
def fill(tmp_path: Path) -> Filler:
    """Return a function that fills a template given as text."""

    def filler(text: str, context: dict[str, Any], **others: str) -> str:
        assets = DocumentAssets(root=tmp_path, allowed=(tmp_path,), templates=tmp_path / "modeles")
        folder = assets.templates / "essai" / f"v{len(list(tmp_path.glob('modeles/essai/*'))) + 1}"
        folder.mkdir(parents=True)
        (folder / "document.html").write_text(text)
        for name, content in others.items():
            (assets.templates / f"{name}.html").write_text(content)
        return render_template_to_html("essai", folder.name, context, assets=assets)

    return filler


class TestUndefinedWords:
    """A word that the context does not hold stops the document and is named in full."""

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("{{ absent }}", "absent"),
            ("{{ absent|default:'rien' }}", "absent"),
            ("{{ partner.siren }}", "partner.siren"),
            ("{{ partner.contact.name }}", "partner.contact.name"),
            ("{% if absent %}x{% endif %}", "absent"),
            ("{% if partner.siren %}x{% endif %}", "partner.siren"),
            ("{% if not partner.siren %}x{% endif %}", "partner.siren"),
            ("{% if name == 'Léa' and partner.siren %}x{% endif %}", "partner.siren"),
            ("{% if absent == 3 %}x{% endif %}", "absent"),
            ("{% for item in absent %}{{ item }}{% endfor %}", "absent"),
            ("{% for item in partner.sites %}{{ item }}{% empty %}aucun{% endfor %}", "partner.sites"),
            ("{% for item in items %}{{ item.price }}{% endfor %}", "items.0.price"),
            ("{{ items.7 }}", "items.7"),
            ("{% if items.7 %}x{% endif %}", "items.7"),
            ("{% with word=absent %}{{ word }}{% endwith %}", "absent"),
            ("{% firstof absent 'x' %}", "absent"),
            ("{{ name.upper_case }}", "name.upper_case"),
        ],
    )
    def test_is_named(self, fill: Filler, text: str, word: str) -> None:
        """Printed, tested or looped over alike."""
        context = {"partner": {"contact": {}}, "items": [{"label": "a"}], "name": "Léa"}
        with pytest.raises(UndefinedWord) as refusal:
            fill(text, context)
        assert refusal.value.word == word
        assert f"« {word} »" in refusal.value.reason

    def test_empty_is_not_missing(self, fill: Filler) -> None:
        """None, nothing and zero are values."""
        context = {"note": None, "text": "", "count": 0, "items": [], "rubric": {}}
        text = "{% if note or text or count or items or rubric %}x{% else %}vide{% endif %}{{ text }}{{ count }}"
        assert fill(text, context) == "vide0"

    def test_loops_and_dictionaries_work(self, fill: Filler) -> None:
        """What templates normally do still works."""
        text = "{% for key, value in rubric.items %}{{ forloop.counter }}:{{ key }}={{ value }} {% endfor %}"
        assert fill(text, {"rubric": {"a": 1, "b": [2]}}) == "1:a=1 2:b=[2] "


class TestPlainValues:
    """What is frozen comes back from JSON; nothing else may reach a template."""

    @pytest.mark.parametrize(
        ("value", "path"),
        [
            (datetime.date(2014, 6, 12), "signed"),
            (object(), "signed"),
            ({"inner": [1, {2, 3}]}, "signed.inner.1"),
            ({1: "x"}, "signed.1"),
            (b"x", "signed"),
            (mark_safe("<b>x</b>"), "signed"),
        ],
    )
    def test_others_are_refused(self, fill: Filler, value: object, path: str) -> None:
        """With their place, so that the freezing code can be corrected."""
        with pytest.raises(UnsuitableContext) as refusal:
            fill("{{ signed }}", {"signed": value})
        assert refusal.value.path == path

    def test_numbers_print_as_they_are(self, fill: Filler) -> None:
        """Neither the language nor the zone of the process changes a document."""
        assert fill("{{ a }} {{ b }} {{ c }}", {"a": 1234567, "b": 1234.5, "c": True}) == "1234567 1234.5 True"

    def test_text_is_escaped(self, fill: Filler) -> None:
        """A name is never markup."""
        assert "&lt;img" in fill("{{ name }}", {"name": "<img src=x>"})


class TestTemplates:
    """Where templates come from."""

    def test_extends_a_shared_base(self, fill: Filler) -> None:
        """The template folder holds what kinds share."""
        text = '{% extends "base.html" %}{% block body %}{{ word }}{% endblock %}'
        assert fill(text, {"word": "oui"}, base="[{% block body %}{% endblock %}]") == "[oui]"

    def test_an_absent_template_is_told(self, fill: Filler, tmp_path: Path) -> None:
        """With its kind and version."""
        assets = DocumentAssets(root=tmp_path, allowed=(), templates=tmp_path)
        with pytest.raises(TemplateMissing, match="« convention » en version « v9 »"):
            render_template_to_html("convention", "v9", {}, assets=assets)

    @pytest.mark.parametrize("text", ["{% if %}", "{% include 'absent.html' %}", "{{ a|filtre }}", "{% load static %}"])
    def test_a_faulty_template_is_told(self, fill: Filler, text: str) -> None:
        """Syntax, absent pieces, and tags that reach into the portal."""
        with pytest.raises(TemplateFault, match="à corriger"):
            fill(text, {"a": 1})

    def test_french_words_of_documents_are_at_hand(self, fill: Filler) -> None:
        """Without loading anything; a QR code is drawn inline, so nothing is fetched."""
        drawn = fill(
            "{{ siren|business_number }} {{ address|qr_svg }}", {"siren": "356000000", "address": "https://e.invalid/v"}
        )
        assert drawn.startswith("356\u202f000\u202f000 <svg")
        assert "<title>" in drawn
