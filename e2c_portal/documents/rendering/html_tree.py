"""Read the HTML of a document: in a twentieth of the time when it is written as XML is, which our templates do.

The engine reads HTML with a parser written in Python, which mends what browsers mend. A page that needs no mending, and says
nothing that HTML and XML understand in two ways, gives the same tree through the parser of the standard library; any doubt
sends it the engine's way. Tests compare the two trees, and the files drawn from them.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, fromstring

from cssselect2 import ElementWrapper
from weasyprint import HTML

from e2c_portal.documents.rendering.assets import ClosedFetcher

SVG = "{http://www.w3.org/2000/svg}"
# The only name beside those of XML that our words use; the others send the page the engine's way.
DOCTYPE = '<!DOCTYPE html [<!ENTITY nbsp "&#160;">]>'
BEGINNING = re.compile(r"\s*<!doctype html>\s*(?=<html)", re.IGNORECASE)
NEVER_CLOSED = re.compile(r"<(meta|link|br|img|hr|col|wbr)\b([^<>]*?)/?>")
# Comments, instructions, marked sections and a second doctype; an element of HTML closed at once, which HTML leaves open; a
# value on several lines, which XML puts on one.
READ_IN_TWO_WAYS = re.compile(
    r'<[!?]|<(?!(?:meta|link|br|img|hr|col|wbr|path|rect|circle|ellipse|line|polyline|polygon|use|stop)\b)[^<>]*/>|="[^"<>]*[\n\t\r]'
)
DRAWING = f"{SVG}svg"
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
EMPTY = frozenset({"meta", "link", "br", "img", "hr", "col", "wbr"})
MARKS = frozenset({
    "a", "abbr", "b", "bdi", "cite", "code", "em", "i", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
})  # fmt: skip
PHRASES = MARKS | {"br", "img", "wbr", DRAWING}
BOXES = frozenset({"address", "article", "aside", "blockquote", "figure", "footer", "header", "main", "nav", "section"})
FLOW = PHRASES | BOXES | HEADINGS | {"div", "dl", "hr", "ol", "p", "table", "ul"}
# What each element may hold: with nothing else in it, HTML closes and adds no element by itself.
HOLDS = {
    "html": frozenset({"head", "body"}),
    "head": frozenset({"meta", "title", "link"}),
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd", "div"}),
    "table": frozenset({"caption", "colgroup", "thead", "tbody", "tfoot"}),
    "colgroup": frozenset({"col"}),
    "tr": frozenset({"th", "td"}),
    "div": FLOW | {"figcaption", "dt", "dd"},
    **dict.fromkeys({"thead", "tbody", "tfoot"}, frozenset({"tr"})),
    **dict.fromkeys(EMPTY | {"title"}, frozenset[str]()),
    **dict.fromkeys(MARKS | HEADINGS | {"p"}, PHRASES),
    **dict.fromkeys(BOXES | {"body", "figcaption", "li", "dt", "dd", "th", "td", "caption"}, FLOW | {"figcaption"}),
}
# Text there is moved or dropped by HTML.
WITHOUT_TEXT = frozenset({"html", "head", "table", "colgroup", "thead", "tbody", "tfoot", "tr"})


class ReadHTML(HTML):
    """A page whose tree is read already, as the engine's own class holds it once it has read one."""

    def __init__(self, tree: Element, fetcher: ClosedFetcher) -> None:
        self.base_url, self.url_fetcher, self.media_type = fetcher.base_url, fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def page_of(html: str, fetcher: ClosedFetcher) -> HTML:
    """Return the page as the engine takes it."""
    tree = plain_tree(html)
    if tree is None:
        return HTML(string=html, base_url=fetcher.base_url, url_fetcher=fetcher)
    return ReadHTML(tree, fetcher)


def plain_tree(html: str) -> Element | None:
    """Return the tree of a page that HTML and XML read alike, None for any other."""
    beginning = BEGINNING.match(html)
    if beginning is None or READ_IN_TWO_WAYS.search(html, beginning.end()):
        return None
    words, ending, after = html[beginning.end() :].rpartition("</html>")
    try:
        # Our own template wrote the page: no name is declared in it, as a second doctype is refused above.
        tree = fromstring(DOCTYPE + NEVER_CLOSED.sub(r"<\1\2/>", words) + ending)  # noqa: S314
    except ParseError:
        return None
    _name_drawings(tree)
    shaped = [child.tag for child in tree] == ["head", "body"] and len(tree[1]) > 0 and not after.strip()
    if not shaped or not _all_plain(tree, ""):
        return None
    _place_spaces(tree, after)
    return tree


def _name_drawings(tree: Element) -> None:
    """Give the elements of a drawing their namespace, as HTML does without being told."""
    for drawing in list(tree.iter("svg")):
        for element in drawing.iter():
            element.tag = f"{SVG}{element.tag}"


def _all_plain(element: Element, inside: str) -> bool:
    """Say whether HTML would close and add nothing by itself in an element and in what it holds, drawings aside."""
    if element.tag == DRAWING:
        return True
    return _is_plain(element, inside) and all(_all_plain(child, element.tag) for child in element)


def _is_plain(element: Element, inside: str) -> bool:
    held = HOLDS.get(element.tag)
    if held is None or any(child.tag not in held for child in element):
        return False
    if element.tag == "div" and inside != "dl" and any(child.tag in ("dt", "dd") for child in element):
        return False
    if element.tag == "a" and any(inner is not element for inner in element.iter("a")):
        return False
    if element.tag in WITHOUT_TEXT and any(text and not text.isspace() for text in _own_texts(element)):
        return False
    return all(name == name.lower() for name in element.attrib)


def _own_texts(element: Element) -> Iterator[str | None]:
    yield element.text
    for child in element:
        yield child.tail


def _place_spaces(tree: Element, after: str) -> None:
    """Move the spaces that HTML moves: none before the head, and those after the body at its end."""
    body = tree[1]
    tree.text = None
    body[-1].tail = (body[-1].tail or "") + (body.tail or "") + after
    body.tail = None
