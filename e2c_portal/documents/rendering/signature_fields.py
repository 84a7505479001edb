"""Invisible signature fields, made while the file is drawn so that signing later never changes a page.

Field and widget are one object of zero size with a readable name: the one layout that veraPDF (PDF/A-3a and PDF/UA-1),
pyHanko's difference analysis and pdfsig accept together.
"""

from collections.abc import Sequence

import pydyf

from e2c_portal.documents.rendering.description import SignatureField

# Annotation flags, ISO 32000-1 §12.5.3: PDF/A wants Print; Locked keeps readers from moving the field.
PRINT = 1 << 2
LOCKED = 1 << 7


def add_signature_fields(pdf: pydyf.PDF, fields: Sequence[SignatureField]) -> None:
    """Add empty signature fields to the last page of the file, in place."""
    if not fields:
        return
    reference = pdf.page_references[-1]
    page = pdf.objects[int(reference.split()[0])]
    page.setdefault("Annots", pydyf.Array())
    form = pydyf.Dictionary({"Fields": pydyf.Array()})
    pdf.add_object(form)
    pdf.catalog["AcroForm"] = form.reference
    for field in fields:
        widget = _field(field, reference)
        pdf.add_object(widget)
        page["Annots"].append(widget.reference)
        form["Fields"].append(widget.reference)


def _field(field: SignatureField, page: bytes) -> pydyf.Dictionary:
    return pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String(field.name),
            "TU": pydyf.String(field.label),
            "Rect": pydyf.Array((0, 0, 0, 0)),
            "F": PRINT | LOCKED,
            "P": page,
        }
    )
