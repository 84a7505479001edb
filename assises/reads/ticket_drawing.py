"""A ticket drawn as a QR code: for a page, and for a message. Nothing drawn is ever stored."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe

QUIET_ZONE = 4  # modules of white around the code, without which a phone does not find it (ISO/IEC 18004)
PIXELS = 8  # of each module, in the picture of a message


def code_of(ticket: str) -> segno.QRCode:
    """Return the code of a ticket. It still reads with a quarter of it worn or hidden by a reflection."""
    return segno.make(ticket, error="q", micro=False)


def drawing_of(ticket: str) -> SafeString:
    """Return the code as an inline SVG, sized by the class `ticket-code`. What stands around it names it."""
    drawing = code_of(ticket).svg_inline(
        omitsize=True, border=QUIET_ZONE, svgclass="ticket-code", lineclass=None, light="#fff"
    )
    return mark_safe(drawing)  # noqa: S308  drawn from bits alone


def picture_of(ticket: str) -> bytes:
    """Return the code as a PNG."""
    picture = io.BytesIO()
    code_of(ticket).save(picture, kind="png", border=QUIET_ZONE, scale=PIXELS)
    return picture.getvalue()
