"""A ticket drawn as a QR code: for a page, and for a message. Nothing drawn is ever stored."""

from django.utils.safestring import SafeString

from e2c_portal.ui.qr_codes import QUIET_ZONE, QrCode, qr_code

PIXELS = 8  # of each module, in the picture of a message


def code_of(ticket: str) -> QrCode:
    """Return the code of a ticket. It still reads with a quarter of it worn or hidden by a reflection."""
    return qr_code(ticket, "Q")


def drawing_of(ticket: str) -> SafeString:
    """Return the code as an inline SVG, sized by the class `ticket-code`. What stands around it names it."""
    return code_of(ticket).svg("ticket-code", margin=QUIET_ZONE)


def picture_of(ticket: str) -> bytes:
    """Return the code as a PNG."""
    return code_of(ticket).png(PIXELS)
