"""A PDF made anew: its pages and nothing that acts, hides or tells of its author. A form or a signature becomes plain pages."""

import io
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from e2c_portal.documents.anew import words
from e2c_portal.documents.anew.words import Made, NotMade

GREATEST_PAGES = 50
# One picture of a scanned page at 600 points an inch holds 100 million bytes.
GREATEST_STREAM_BYTES = 200 * 1024 * 1024
GREATEST_TOTAL_BYTES = 600 * 1024 * 1024
PIECE_BYTES = 1024 * 1024

# What acts when the file opens, what it carries inside, what tells of its author.
LEFT_BEHIND = (
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/AF", "/EF", "/Metadata", "/PieceInfo", "/XFA", "/AcroForm",
    "/Collection", "/Perms", "/Legal", "/RichMediaContent", "/RichMediaSettings", "/Thumb",
)  # fmt: skip
ACTING = (
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/ResetForm", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute",
    "/GoToE", "/GoToR", "/GoTo3DView", "/Hide",
)  # fmt: skip
ACTING_ANNOTATIONS = ("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/Widget")
PACKED, PHOTO = ("/FlateDecode", "/Fl"), ("/DCTDecode", "/DCT")


def pdf_anew(content: bytes) -> Made:
    """Return the PDF made anew. Raises NotMade when it is protected, broken, too long or made to swell."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise NotMade(words.PROTECTED)
            if not pdf.pages:
                raise NotMade(words.BROKEN)
            if len(pdf.pages) > GREATEST_PAGES:
                raise NotMade(words.TOO_MANY_PAGES)
            return Made("application/pdf", _made(pdf))
    except pikepdf.PasswordError as error:
        raise NotMade(words.PROTECTED) from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError, zlib.error, ValueError, TypeError, KeyError) as error:
        raise NotMade(words.BROKEN) from error


def _made(pdf: pikepdf.Pdf) -> bytes:
    for page in pdf.pages:
        _keep_quiet_annotations(page.obj)
    swelling = 0
    for item in list(pdf.objects):
        for part in _parts_of(item):
            _leave_behind(part)
        if isinstance(item, Stream):
            swelling += _unpacked_bytes(item)
            if swelling > GREATEST_TOTAL_BYTES:
                raise NotMade(words.SWOLLEN)
            _clean_photo(item)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    made = io.BytesIO()
    # What nothing leads to any more is not written; nothing is unpacked to be written.
    pdf.save(
        made, object_stream_mode=pikepdf.ObjectStreamMode.generate, stream_decode_level=pikepdf.StreamDecodeLevel.none,
        fix_metadata_version=False,
    )  # fmt: skip
    return made.getvalue()


def _keep_quiet_annotations(page: Any) -> None:
    notes = page.get("/Annots")
    if isinstance(notes, Array):
        quiet = [
            note for note in notes if isinstance(note, Dictionary) and note.get("/Subtype") not in ACTING_ANNOTATIONS
        ]
        page["/Annots"] = Array(quiet)


def _parts_of(item: Any) -> Iterator[Any]:
    """Walk the dictionaries written inside one object; the objects that it names are walked for themselves."""
    waiting = [item]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Dictionary | Stream):
            yield part
            waiting += [value for value in _dictionary_of(part).values() if _is_inside(value)]
        elif isinstance(part, Array):
            waiting += [value for value in part if _is_inside(value)]


def _is_inside(value: Any) -> bool:
    return isinstance(value, Dictionary | Array) and not value.is_indirect


def _dictionary_of(part: Any) -> dict[str, Any]:
    return {name: part[name] for name in list(part.keys())}


def _leave_behind(part: Any) -> None:
    if part.get("/S") in ACTING or part.get("/Type") == Name.EmbeddedFile:
        _empty(part)
    for name in LEFT_BEHIND:
        if name in part:
            del part[name]


def _empty(part: Any) -> None:
    for name in list(part.keys()):
        if name != "/Length":
            del part[name]
    if isinstance(part, Stream):
        part.write(b"")


def _filters_of(stream: Stream) -> list[str]:
    found = stream.get("/Filter")
    return [str(name) for name in found] if isinstance(found, Array) else [str(found)] if found is not None else []


def _unpacked_bytes(stream: Stream) -> int:
    """Return how many bytes a packed stream holds. Raises NotMade when it holds far more than any page needs."""
    filters = _filters_of(stream)
    if not filters or filters[0] not in PACKED:
        return 0
    if len(filters) > 1 and filters[1] in PACKED:
        raise NotMade(words.SWOLLEN)
    count, unpacker, rest = 0, zlib.decompressobj(), stream.read_raw_bytes()
    while rest and not unpacker.eof:
        try:
            count += len(unpacker.decompress(rest, PIECE_BYTES))
        except zlib.error:
            # Readers show what they can of a stream with a faulty end.
            return count
        if count > GREATEST_STREAM_BYTES:
            raise NotMade(words.SWOLLEN)
        rest = unpacker.unconsumed_tail
    return count


def _clean_photo(stream: Stream) -> None:
    """Leave out of a photo on a page the place and the device that its camera wrote: its points are not touched."""
    filters = _filters_of(stream)
    if len(filters) == 1 and filters[0] in PHOTO:
        settings: Any = stream.get("/DecodeParms")
        stream.write(without_notes(stream.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=settings)


def without_notes(jpeg: bytes) -> bytes:
    """Return a JPEG without its notes (EXIF, XMP, comments); what gives its colours is kept. Unknown bytes come back as they are."""
    if jpeg[:2] != b"\xff\xd8":
        return jpeg
    kept, at = [jpeg[:2]], 2
    while jpeg[at : at + 1] == b"\xff" and at + 4 <= len(jpeg) and jpeg[at + 1] != 0xDA:
        marker, end = jpeg[at + 1], at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        # 0xE0 says how it is read, 0xE2 the colours, 0xEE the order of the colours; the other notes and comments go.
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker in (0xE2, 0xEE):
            kept.append(jpeg[at:end])
        at = end
    return b"".join([*kept, jpeg[at:]])
