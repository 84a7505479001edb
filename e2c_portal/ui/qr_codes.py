"""QR codes (ISO/IEC 18004), drawn for the page, the document or the message that bears them. Nothing drawn is ever stored."""

import io
import re
from dataclasses import dataclass
from typing import Literal

import zxingcpp
from django.utils.html import format_html
from django.utils.safestring import SafeString
from PIL import Image

Level = Literal["L", "M", "Q", "H"]
# What may be worn or hidden: 7, 15, 25 and 30 hundredths of the code.
LEVELS: tuple[Level, ...] = ("L", "M", "Q", "H")
QUIET_ZONE = 4  # modules of white around the code, without which a phone does not find it
DARK_RUN = re.compile(rb"\x00+")


@dataclass(frozen=True)
class QrCode:
    """A code: its rows of modules, one byte each, 0 where it is dark."""

    rows: tuple[bytes, ...]

    @property
    def side(self) -> int:
        """How many modules a side has."""
        return len(self.rows)

    def path(self, margin: int = 0) -> str:
        """Return the dark modules as one SVG path to stroke, a line one unit thick for each run, after `margin` units of white."""
        return "".join(
            f"M{run.start() + margin} {y}.5h{run.end() - run.start()}"
            for y, row in enumerate(self.rows, margin)
            for run in DARK_RUN.finditer(row)
        )

    def svg(self, css_class: str, *, title: str = "", margin: int = 0) -> SafeString:
        """Return the code as an inline SVG without a size of its own, on white when it has a margin."""
        side = self.side + 2 * margin
        named = format_html("<title>{}</title>", title) if title else ""
        ground = format_html('<path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/>', side) if margin else ""
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" class="{1}">{2}{3}<path stroke="#000" d="{4}"/></svg>',
            side, css_class, named, ground, self.path(margin),
        )  # fmt: skip

    def png(self, pixels: int) -> bytes:
        """Return the code as a picture in its quiet zone, `pixels` a module."""
        drawn = Image.new("1", (self.side + 2 * QUIET_ZONE,) * 2, 1)
        drawn.paste(Image.frombytes("L", (self.side, self.side), b"".join(self.rows)).convert("1"), (QUIET_ZONE,) * 2)
        picture = io.BytesIO()
        drawn.resize((drawn.width * pixels, drawn.height * pixels), Image.Resampling.NEAREST).save(picture, "PNG")
        return picture.getvalue()


def qr_code(text: str, level: Level = "M") -> QrCode:
    """Return the smallest code of a text that withstands `level`, and more when that takes no more room."""
    code = _at(text, level)
    for stronger in LEVELS[LEVELS.index(level) + 1 :]:
        other = _at(text, stronger)
        if other.side > code.side:
            break
        code = other
    return code


def _at(text: str, level: Level) -> QrCode:
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    image = drawn.to_image(scale=1, add_quiet_zones=False)
    side, modules = image.shape[0], memoryview(image).tobytes()
    return QrCode(tuple(modules[at : at + side] for at in range(0, side * side, side)))
