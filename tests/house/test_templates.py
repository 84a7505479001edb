"""Templates: nothing inline (the pages' security policy refuses it), nothing unused, labels and links in order."""

import re

import pytest

from tests.house.source import ROOT, files, python_files, shown

FORBIDDEN = {
    "an inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an inline handler": re.compile(r"<[^>]+\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "something from elsewhere": re.compile(r"(?:src|<link[^>]+href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "text marked safe": re.compile(r"\|\s*safe\b|{%\s*autoescape off"),
}
# Rendered offline into a PDF or a message, where no policy of pages applies.
NOT_PAGES = ("templates/documents/", "templates/emails/")
# Named by a library or by Django, never by us.
FOUND_BY_NAME = (
    "templates/admin/", "templates/account/", "templates/bootstrap5/", "templates/errors/", "templates/emails/", "templates/mfa/",
    "templates/socialaccount/",
)  # fmt: skip


def pages() -> list:
    return [path for path in files("templates", ".html") if not shown(path).startswith(NOT_PAGES)]


def faults_of(text: str) -> list[str]:
    text = re.sub(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}", "", text, flags=re.DOTALL)
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_pages_hold_nothing_that_their_policy_refuses() -> None:
    found = {shown(path): faults_of(path.read_text(encoding="utf-8")) for path in pages()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">', "<style>p{}</style>", "<script>alert(1)</script>", '<a onclick="x()">', '<a href="javascript:x">',
        '<script src="https://ailleurs.exemple/x.js"></script>', '<link rel="stylesheet" href="//ailleurs.exemple/x.css">',
        "{{ text|safe }}", "<script type='module'>",
    ],
)  # fmt: skip
def test_the_check_sees_the_usual_faults(bad: str) -> None:
    assert faults_of(bad)


@pytest.mark.parametrize(
    "good",
    [
        "<script src=\"{% static 'js/x.js' %}\" defer></script>",
        "{# style= #}",
        '<a href="https://exemple.fr">',
        "{{ text }}",
    ],
)
def test_the_check_lets_the_right_ways_pass(good: str) -> None:
    assert faults_of(good) == []


def test_no_template_is_unused() -> None:
    sources = python_files("e2c_portal", "schools", "partnerships", "trainees", "assises", "tests")
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*sources, *files("templates", ".html", ".txt")])
    unused = [
        name
        for path in files("templates", ".html", ".txt", ".css")
        if not (name := shown(path)).startswith(FOUND_BY_NAME)
        and path.relative_to(ROOT / "templates").as_posix() not in text
        and path.name not in text
    ]
    assert unused == []


def test_every_style_and_script_of_ours_is_used() -> None:
    sources = [
        *files("templates", ".html"),
        *python_files("e2c_portal", "schools", "partnerships", "trainees", "assises"),
        *files("static", ".css"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    ours = [*files("static/css", ".css"), *files("static/js", ".js")]
    assert [shown(path) for path in ours if path.name not in text] == []


def unclosed(sheet: str) -> bool:
    """Say whether a block of a style sheet is never closed: all that follows would then hold inside it alone."""
    plain = re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", "", sheet, flags=re.DOTALL)
    return plain.count("{") != plain.count("}")


def test_every_block_of_a_style_sheet_is_closed() -> None:
    sheets = [*files("static/css", ".css"), *files("templates", ".css")]
    assert len(sheets) > 30
    assert [shown(path) for path in sheets if unclosed(path.read_text(encoding="utf-8"))] == []
    assert unclosed("@media print { a { color: red; } b { color: blue; }")
