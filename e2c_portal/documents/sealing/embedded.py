"""Reading back the files that a document carries: its frozen context, or another one by its name."""

import io
import zlib

import pikepdf

CONTEXT_MIME = "application/json"
LIMIT_BYTES = 5 * 1024 * 1024


def embedded_context(pdf: bytes, *, limit_bytes: int = LIMIT_BYTES) -> bytes | None:
    """Return the JSON file that `pdf` carries as its source, or None when it carries none that can be read.

    For files already found authentic. A file that would grow past `limit_bytes` is not read.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            for item in document.attachments.values():
                if _is_context(item):
                    return _content(item.get_file().obj, limit_bytes)
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, zlib.error):
        return None
    return None


def embedded_file(pdf: bytes, name: str, *, limit_bytes: int = LIMIT_BYTES) -> bytes | None:
    """Return the file of that name that an authentic `pdf` carries, or None. One that grows past `limit_bytes` is not read."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            item = document.attachments.get(name)
            return _content(item.get_file().obj, limit_bytes) if item is not None else None
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, zlib.error):
        return None


def _is_context(item: pikepdf.AttachedFileSpec) -> bool:
    return item.obj.get("/AFRelationship") == "/Source" and item.get_file().mime_type == CONTEXT_MIME


def _content(stream: pikepdf.Object, limit_bytes: int) -> bytes | None:
    raw = stream.read_raw_bytes()
    if "/Filter" not in stream:
        return raw if len(raw) <= limit_bytes else None
    if stream["/Filter"] != "/FlateDecode":
        return None
    inflater = zlib.decompressobj()
    content = inflater.decompress(raw, limit_bytes)
    return None if inflater.unconsumed_tail else content
