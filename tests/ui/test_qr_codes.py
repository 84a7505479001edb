"""QR codes: what a reader finds in them, how much may be worn, what stands around them."""

import io
import re

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from e2c_portal.ui.qr_codes import LEVELS, QUIET_ZONE, QrCode, qr_code

ADDRESS = "https://portail.exemple.fr/verifier/ABCDE-FGHJK/"
TICKET = "E2C-2026-7QKD-9XWM-4"
PIXELS = 8


def picture_of(code: QrCode) -> Image.Image:
    return Image.open(io.BytesIO(code.png(PIXELS)))


def drawn_from(path: str, side: int) -> Image.Image:
    """Draw an SVG path of horizontal lines as a reader would see it printed, in its white zone."""
    image = Image.new("L", ((side + 2 * QUIET_ZONE) * PIXELS,) * 2, 255)
    pen = ImageDraw.Draw(image)
    runs = re.findall(r"M(\d+) (\d+)\.5h(\d+)", path)
    assert "".join(f"M{x} {y}.5h{wide}" for x, y, wide in runs) == path
    for x, y, wide in ([int(number) for number in run] for run in runs):
        left, top = (x + QUIET_ZONE) * PIXELS, (y + QUIET_ZONE) * PIXELS
        pen.rectangle((left, top, left + wide * PIXELS - 1, top + PIXELS - 1), fill=0)
    return image


@pytest.mark.parametrize("text", [ADDRESS, TICKET, "Élève n° 3 – « été »"])
@pytest.mark.parametrize("level", LEVELS)
def test_what_is_drawn_is_read_back_whichever_way_it_is_drawn(text: str, level: str) -> None:
    code = qr_code(text, level)
    for image in (picture_of(code), drawn_from(code.path(), code.side)):
        read = zxingcpp.read_barcode(image)
        assert (read.format, read.text) == (zxingcpp.BarcodeFormat.QRCode, text)
        assert LEVELS.index(read.ec_level) >= LEVELS.index(level)


def test_a_ticket_reads_with_a_fifth_of_it_hidden() -> None:
    """Level Q promises a quarter of the words of the code: a spot on the data, not on the three marks of the corners."""
    image = picture_of(qr_code(TICKET, "Q"))
    middle, half = image.width // 2, image.width // 8
    ImageDraw.Draw(image).rectangle((middle, middle, middle + half, middle + half), fill=1)
    assert zxingcpp.read_barcode(image).text == TICKET


def test_the_strength_that_takes_no_more_room_is_taken() -> None:
    for asked in LEVELS:
        code = qr_code(ADDRESS, asked)
        stronger = zxingcpp.read_barcode(picture_of(code)).ec_level
        for level in LEVELS[LEVELS.index(stronger) + 1 :]:
            assert qr_code(ADDRESS, level).side > code.side


def test_a_picture_stands_in_its_quiet_zone() -> None:
    image = picture_of(qr_code(TICKET)).convert("L")
    zone = QUIET_ZONE * PIXELS
    for around in (
        (0, 0, image.width, zone),
        (0, 0, zone, image.height),
        (0, image.height - zone, image.width, image.height),
        (image.width - zone, 0, image.width, image.height),
    ):
        assert image.crop(around).getextrema() == (255, 255)


def test_a_drawing_escapes_its_words_and_is_white_around_only_when_asked() -> None:
    bare, framed = qr_code(TICKET).svg("qr-code"), qr_code(TICKET).svg("ticket-code", title="a<b", margin=QUIET_ZONE)
    assert "<title>" not in bare
    assert "#fff" not in bare
    assert "<title>a&lt;b</title>" in framed
    assert 'fill="#fff"' in framed
    side = qr_code(TICKET).side + 2 * QUIET_ZONE
    assert f'viewBox="0 0 {side} {side}" class="ticket-code"' in framed
