"""Each object of a file is turned into bytes once, and what is packed is packed with the usual effort.

The library that writes files asks for the bytes of every object twice when the file bears an identifier (PDF/A wants one):
once to write them, once for the digest that the identifier is. It packs pages and fonts with the greatest effort, which takes
twice as long as the usual one for a hundredth less. Together they took a twentieth of a document.
"""

import zlib

import pydyf

ENDS = b"\nendstream"


class _Written(pydyf.Object):
    """An object that will not change any more, as bytes, at the number that the others know it by."""

    def __init__(self, finished: pydyf.Object) -> None:
        super().__init__()
        self.number, self.generation, self.free = finished.number, finished.generation, finished.free
        self._compressible = finished.compressible
        self._data = _packed(finished) if isinstance(finished, pydyf.Stream) and finished.compress else finished.data

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def compressible(self) -> bool:
        return self._compressible


def write_each_object_once(pdf: pydyf.PDF) -> None:
    """Turn the objects of a finished file into bytes, in place: nothing may change one afterwards."""
    pdf.objects[:] = [kept if kept.free == "f" else _Written(kept) for kept in pdf.objects]


def _packed(stream: pydyf.Stream) -> bytes:
    content = pydyf.Stream(stream.stream).data.partition(b"stream\n")[2].removesuffix(ENDS)
    return pydyf.Stream([zlib.compress(content)], {**stream.extra, "Filter": "/FlateDecode"}).data
