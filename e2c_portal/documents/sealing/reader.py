"""pyHanko's reader of PDF files, which looks for an object among those packed with it without reading all of them again."""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader


class PackedObjects:
    """An object stream (ISO 32000-1 §7.5.7), unpacked: its bytes, and where each of its objects stands."""

    def __init__(self, stream: generic.StreamObject) -> None:
        self.stream = stream
        self.content = stream.read_data(DecodePurpose.OBJECT_STREAM)
        self._first = int(stream["/First"])
        words = self.content[: self._first].split()
        # Whatever is not a plain table is left to pyHanko, which says what is wrong with it.
        self._plain = len(words) == 2 * int(stream["/N"]) and all(word.isdigit() for word in words)
        self._numbers = [int(word) for word in words[::2]] if self._plain else []
        self._offsets = [int(word) for word in words[1::2]] if self._plain else []

    def place_of(self, number: int, rank: int) -> int | None:
        """Return where the object of this number starts, None unless it stands alone at the rank that the file says."""
        if not 0 <= rank < len(self._numbers) or self._numbers[rank] != number or self._numbers.count(number) != 1:
            return None
        return self._first + self._offsets[rank]


class PortalPdfReader(PdfFileReader):  # type: ignore[misc]  # the library says little of its types
    """Reads what PdfFileReader reads, to the letter, in a time that grows with the objects and not with their square.

    A tagged file packs a thousand objects by the hundred; the library reads the table of a pack again for each object of it, and
    the check of a signature looks at every object in every revision: half of the time of an act of signing.
    """

    def __init__(self, stream: Any, *arguments: Any, **options: Any) -> None:
        # Reading the trailer already asks for objects.
        self._packs: dict[int, PackedObjects] = {}
        super().__init__(stream, *arguments, **options)

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        found = self._unpacked(idnum, stmnum, idx)
        # The library has the last word on all that is not plain: it refuses what it always refused, in its own words.
        return super()._get_object_from_stream(idnum, stmnum, idx) if found is None else found

    def _unpacked(self, number: int, pack_number: int, rank: int) -> Any:
        stream = generic.Reference(pack_number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject) or stream.get("/Type") != "/ObjStm":
            return None
        try:
            pack = self._packs.get(pack_number)
            if pack is None or pack.stream is not stream:
                pack = self._packs[pack_number] = PackedObjects(stream)
            place = pack.place_of(number, rank)
            if place is None:
                return None
            content = BytesIO(pack.content)
            content.seek(place)
            found = generic.read_object(content, generic.Reference(number, 0, self))
        except (PdfError, LookupError, TypeError, ValueError):
            return None
        return None if isinstance(found, (generic.StreamObject, generic.IndirectObject)) else found
