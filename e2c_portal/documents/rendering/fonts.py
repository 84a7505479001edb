"""Only the fonts shipped with the template may print: the fonts of a machine differ, and some lack characters."""

import os
import unicodedata
from typing import Any

from weasyprint import Document
from weasyprint.text.fonts import FontConfiguration

from e2c_portal.documents.rendering.errors import MissingGlyphs, TemplateFault

# Private use, surrogates and unassigned characters have no agreed meaning: PDF/A-3a refuses them in text.
MEANINGLESS = frozenset({"Co", "Cs", "Cn"})


class DeclaredFonts(FontConfiguration):  # type: ignore[misc]  # the engine is not typed
    """Remembers the font families that the template's style sheets declare."""

    def __init__(self) -> None:
        self._process = os.getpid()
        super().__init__()
        self.families: set[str] = set()

    def __del__(self) -> None:
        """Remove the engine's temporary files, unless they are those of the process that we were copied from."""
        if self._process == os.getpid():
            super().__del__()

    def add_font_face(self, rule_descriptors: dict[str, Any], url_fetcher: Any) -> None:
        """Declare a family, then load it."""
        self.families.add(rule_descriptors["font_family"])
        super().add_font_face(rule_descriptors, url_fetcher)


def refuse_unprintable_characters(document: Document, fonts: DeclaredFonts) -> None:
    """Raise MissingGlyphs for characters that no declared font can print, TemplateFault if no font is declared."""
    if not fonts.families:
        raise TemplateFault("il ne déclare aucune police (@font-face).")
    unprintable: set[str] = set()
    for font in document.fonts.values():
        unprintable.update(chr(point) for point in font.missing)
        printed = {character for text in font.to_unicode.values() for character in text}
        if font.family not in fonts.families:
            # The engine fell back on a font of this machine: another machine would print something else.
            unprintable.update(printed)
        unprintable.update(character for character in printed if unicodedata.category(character) in MEANINGLESS)
    if unprintable:
        # The space after a missing character follows it into the other font: naming it would puzzle the reader.
        raise MissingGlyphs({character for character in unprintable if not character.isspace()} or unprintable)
