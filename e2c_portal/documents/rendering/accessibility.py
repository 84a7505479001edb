"""What the engine leaves out of a tagged PDF and PDF/UA-1 (ISO 14289-1) asks for, added before the file is written."""

from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint import Document
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder

from e2c_portal.documents.rendering.errors import TemplateFault

# 72 PDF points for 96 CSS pixels.
POINTS_PER_PIXEL = 0.75
ROW_SCOPES = frozenset({"row", "rowgroup"})

# PDF/A refuses unknown XMP properties: pdfuaid has to be described beside being set (ISO 19005-3 §6.6.2.3).
UNIVERSAL_ACCESSIBILITY_XMP = b"""
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>
  <rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def make_universally_accessible(document: Document, pdf: pydyf.PDF) -> None:
    """Complete the tagged PDF in place. Raises TemplateFault when the template cannot be made accessible."""
    declare_universal_accessibility(pdf)
    add_header_scopes(document)
    complete_figures(pdf)
    turn_margin_boxes_into_artifacts(document, pdf)


def declare_universal_accessibility(pdf: pydyf.PDF) -> None:
    """Say PDF/UA-1 in the XMP packet, with the extension schema that PDF/A wants."""
    packet = pdf.objects[_number(pdf.catalog["Metadata"])]
    (content,) = packet.stream
    if content.count(b"</rdf:RDF>") != 1:
        raise TemplateFault("ses métadonnées ne peuvent pas être complétées.")
    packet.stream = [content.replace(b"</rdf:RDF>", UNIVERSAL_ACCESSIBILITY_XMP)]


def add_header_scopes(document: Document) -> None:
    """Tell of each table header whether it heads a row or a column (PDF/UA-1 §7.5)."""
    for page in document.pages:
        for box in _descendants(page._page_box):
            # The engine leaves the structure element of a table cell on its box.
            element = getattr(box, "mark", None)
            if element is not None and element["S"] == "/TH":
                scope = (box.element.get("scope") or "col").lower()
                element["A"]["Scope"] = "/Row" if scope in ROW_SCOPES else "/Column"


def complete_figures(pdf: pydyf.PDF) -> None:
    """Give figures their place in points from the bottom of the page: the engine writes CSS pixels from the top.

    Raises TemplateFault for a figure that says nothing to those who cannot see it (PDF/UA-1 §7.3).
    """
    for element in _structure_elements(pdf):
        if element["S"] == "/Figure":
            if "Alt" not in element:
                raise TemplateFault("une image n’a pas de texte de remplacement (alt, ou title dans un SVG).")
            height = pdf.objects[_number(element["Pg"])]["MediaBox"][3]
            left, top, right, bottom = (value * POINTS_PER_PIXEL for value in element["A"]["BBox"])
            element["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))


def turn_margin_boxes_into_artifacts(document: Document, pdf: pydyf.PDF) -> None:
    """Mark headers and footers as pagination artifacts (PDF/UA-1 §7.8): the engine leaves them tagged but outside the tree."""
    outside = _elements_outside_tree(pdf)
    parents = _parents_by_page(pdf)
    for index, page in enumerate(document.pages):
        content = pdf.objects[_number(pdf.objects[_number(pdf.page_references[index])]["Contents"])]
        marks = _marks_of_page(pdf, outside, index)
        places = list(_margin_contents(page))
        if len(marks) != len(places):
            raise TemplateFault("ses en-têtes et pieds de page ne peuvent pas être balisés.")
        openings = _openings(content)
        for mark, place in zip(marks, places, strict=True):
            _open_artifact(content, openings.get(mark), place)
            parents[index][mark] = b"null"
    for element in outside.values():
        element.clear()


def _openings(content: pydyf.Stream) -> dict[int, int]:
    """Return where each marked content begins, by its number: the page is walked once, however many there are."""
    return {
        item["MCID"]: position
        for position, item in enumerate(content.stream)
        if isinstance(item, pydyf.Dictionary) and "MCID" in item
    }


def _open_artifact(content: pydyf.Stream, position: int | None, place: str) -> None:
    if position is None:
        raise TemplateFault("un contenu de marge n’est pas retrouvé dans la page.")
    content.stream[position - 1] = b"/Artifact"
    content.stream[position] = pydyf.Dictionary({"Type": "/Pagination", "Subtype": f"/{place}"})


def _marks_of_page(pdf: pydyf.PDF, outside: dict[int, pydyf.Dictionary], index: int) -> list[int]:
    # In the order in which the engine made them, which is the order of the boxes in the margins.
    page = pdf.page_references[index]
    marks = []
    for element in outside.values():
        for kid in element["K"]:
            if isinstance(kid, bytes) and pdf.objects[_number(kid)].get("Type") == "/OBJR":
                raise TemplateFault("un en-tête ou un pied de page ne peut pas contenir de lien.")
            if isinstance(kid, int) and element["Pg"] == page:
                marks.append(kid)
    return marks


def _margin_contents(page: Any) -> Iterator[str]:
    for margin_box in page._page_box.children:
        if isinstance(margin_box, boxes.MarginBox):
            place = "Header" if margin_box.at_keyword.startswith("@top") else "Footer"
            for box in _descendants(margin_box):
                if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
                    yield place


def _elements_outside_tree(pdf: pydyf.PDF) -> dict[int, pydyf.Dictionary]:
    elements = {element.number: element for element in _structure_elements(pdf)}
    waiting = [_number(kid) for kid in pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["K"]]
    while waiting:
        element = elements.pop(waiting.pop(), None)
        if element is not None:
            waiting.extend(_number(kid) for kid in element["K"] if isinstance(kid, bytes))
    return elements


def _parents_by_page(pdf: pydyf.PDF) -> dict[int, pydyf.Array]:
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    numbers = pdf.objects[_number(root["ParentTree"])]["Nums"]
    return dict(zip(numbers[::2], numbers[1::2], strict=True))


def _structure_elements(pdf: pydyf.PDF) -> Iterator[pydyf.Dictionary]:
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem":
            yield item


def _descendants(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        if isinstance(child, AbsolutePlaceholder):
            child = child._box
        yield child
        yield from _descendants(child)


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
