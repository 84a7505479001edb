"""The quick reader gives what the library's gives, object by object, and refuses what it refuses, in the same words."""

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from e2c_portal.documents.sealing import reader as quick
from e2c_portal.documents.sealing.reader import PackedObjects, PortalPdfReader
from tests.documents.sealing_fixtures import Scene, scene

__all__ = ["scene"]

NUMBERS = 400
TABLE = re.compile(rb"stream\r?\n((?:\d+ \d+\s+)+)")


# What the library's null objects show of themselves.
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def told(kind: type[PdfFileReader], pdf: bytes) -> list[str]:
    """Return every object of a file as a reader gives it, or why it does not."""
    said = []
    try:
        reader = kind(io.BytesIO(pdf))
        said += [_one(reader, number) for number in range(1, NUMBERS)]
    except (PdfError, ValueError, LookupError) as error:
        said.append(f"{type(error).__name__} {error}")
    return said


def _one(reader: PdfFileReader, number: int) -> str:
    try:
        found: Any = reader.get_object(Reference(number, 0, reader))
    except (PdfError, ValueError, LookupError) as error:
        return f"{number} {type(error).__name__} {error}"
    return f"{number} {type(found).__name__} {ADDRESS.sub('', repr(found))}"


def packed() -> bytes:
    """Return a small file whose objects stand together, their table readable as it is."""
    made = pikepdf.new()
    made.Root.Various = pikepdf.Array([made.make_indirect(pikepdf.Dictionary(Rank=rank)) for rank in range(12)])
    out = io.BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=False, deterministic_id=True)
    return out.getvalue()


def _swapped(table: bytes) -> bytes:
    words = table.split(b" ")
    return table.replace(words[0] + b" ", b"9" * len(words[0]) + b" ", 1)


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda table: table,
    "a number that is no number": lambda table: b"x" + table[1:],
    "an object of another number": _swapped,
    "the same number twice": lambda table: re.sub(rb"^(\d+)( \d+\s)\d+", rb"\1\2\1", table)[: len(table)],
    "a table cut short": lambda table: table[: len(table) // 2].ljust(len(table)),
    "an offset out of the stream": lambda table: re.sub(rb"\d(\s+)$", rb"9\1", table),
}


@pytest.mark.parametrize("how", SPOILED)
def test_a_pack_is_read_or_refused_as_the_library_does(how: str) -> None:
    whole = packed()
    found = TABLE.search(whole)
    assert found
    table = SPOILED[how](found[1])
    assert len(table) == len(found[1])
    pdf = whole[: found.start(1)] + table + whole[found.end(1) :]
    assert told(PortalPdfReader, pdf) == told(PdfFileReader, pdf)


def test_a_sealed_file_is_read_alike_and_each_pack_unpacked_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = scene.sealed("B-LT").content
    unpacked: list[int] = []

    class Counted(PackedObjects):
        def __init__(self, stream: Any) -> None:
            unpacked.append(id(stream))
            super().__init__(stream)

    monkeypatch.setattr(quick, "PackedObjects", Counted)
    assert told(PortalPdfReader, sealed) == told(PdfFileReader, sealed)
    assert len(unpacked) == len(set(unpacked)) == sealed.count(b"/ObjStm")
