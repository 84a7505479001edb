"""The short way to read a page: the tree is the engine's own, or the page goes the engine's way."""

from xml.etree.ElementTree import Element

import pytest
import tinyhtml5

from e2c_portal.documents.rendering import DocumentAssets, engine
from e2c_portal.documents.rendering.html_tree import ReadHTML, page_of, plain_tree
from tests.documents import convention_contexts
from tests.documents.rich_sample import sample_html
from tests.documents.test_convention_template import html_of
from tests.documents.test_rendering import ASSETS, draw

NAMESPACE = "{http://www.w3.org/2000/xmlns/}xmlns"


def shape(element: Element) -> object:
    """Return all that a tree says. The engine's parser keeps the name of a drawing's namespace as an attribute, which says nothing."""
    attributes = {name: value for name, value in element.attrib.items() if name != NAMESPACE}
    return element.tag, attributes, element.text or "", element.tail or "", [shape(child) for child in element]


def read_by_the_engine(html: str) -> Element:
    """Return the tree that the engine reads."""
    return tinyhtml5.parse(html, namespace_html_elements=False)


def page(body: str, head: str = "<title>Essai</title>") -> str:
    """Return a whole page."""
    return f'<!doctype html>\n<html lang="fr"><head>{head}</head>\n<body>{body}</body>\n</html>\n'


@pytest.mark.parametrize("name", ["convention", "rich"])
def test_a_template_gives_the_same_tree_and_the_same_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    html, where = {
        "convention": (html_of(convention_contexts.example()), DocumentAssets.from_settings()),
        "rich": (sample_html(), ASSETS.for_template("rich", "v1")),
    }[name]
    tree = plain_tree(html)
    assert tree is not None
    assert shape(tree) == shape(read_by_the_engine(html))
    short = draw(html, where)
    monkeypatch.setattr("e2c_portal.documents.rendering.html_tree.plain_tree", lambda _: None)
    assert short == draw(html, where)


@pytest.mark.parametrize(
    "body",
    [
        "<main><h1>Un&nbsp;: deux</h1><p>Trois<br>quatre <em>cinq</em></p></main>",
        '<p>l&#x27;eau &amp; « feu » &lt;b&gt; &quot;</p><img src="/x.png" alt="a"><hr>',
        "<ul> <li>un</li> <li><ul><li>deux</li></ul></li></ul>",
        "<table><caption>T</caption><colgroup><col><col></colgroup><thead><tr><th>a</th></tr></thead><tbody><tr><td><p>b</p></td></tr></tbody></table>",
        "<dl><dt>a</dt><dd>b</dd><div><dt>c</dt><dd>d</dd></div></dl>",
        '<div><svg viewBox="0 0 2 2"><title>Carré</title><path d="M0 0h1"/></svg></div> fin',
        "<p>Espaces\t et\nlignes  </p>\n\n",
    ],
)
def test_plain_pages_are_read_as_the_engine_reads_them(body: str) -> None:
    tree = plain_tree(page(body))
    assert tree is not None
    assert shape(tree) == shape(read_by_the_engine(page(body)))


@pytest.mark.parametrize(
    "html",
    [
        page("<p>un<p>deux"),
        page("<p>un<div>deux</div></p>"),
        page("<table><tr><td>sans corps</td></tr></table>"),
        page("<table>texte<tbody><tr><td>a</td></tr></tbody></table>"),
        page('<a href="#x">un <span><a href="#y">deux</a></span></a>'),
        page("<div><dt>hors liste</dt></div>"),
        page("<span/>suite"),
        page("<p>un <!-- mot --> deux</p>"),
        page("<p>&eacute;</p>"),
        page('<p title="deux\nlignes">x</p>'),
        page('<p TITLE="majuscules">x</p>'),
        page("<pre>\nun</pre>"),
        page("<style>p { color: red }</style><p>x</p>"),
        page('<!DOCTYPE x [<!ENTITY y "z">]><p>&y;</p>'),
        page("<p>x</p>").replace("</body>", "") + "encore",
        page("seulement du texte"),
        "<p>sans page</p>",
    ],
)
def test_any_doubt_sends_a_page_the_engines_way(html: str) -> None:
    assert plain_tree(html) is None


def test_the_engine_is_given_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the template written otherwise one day, this would say that the time is lost."""
    given = list[type]()
    monkeypatch.setattr(engine, "page_of", lambda *args: given.append(type(made := page_of(*args))) or made)
    draw(html_of(convention_contexts.example()), DocumentAssets.from_settings())
    assert given == [ReadHTML]
