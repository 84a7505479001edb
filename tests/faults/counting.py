"""Count what a fault lost or doubled: rows, files and signatures, each looked at one by one."""

import hashlib
from collections import Counter
from pathlib import Path

from e2c_portal.documents.folder import DRAFT
from e2c_portal.documents.models import Document, Revision, Status


def sealed() -> int:
    return Document.objects.filter(status=Status.SEALED).count()


def lost_documents(folder: Path) -> int:
    """Return how many documents are not sealed, or whose file is not there with its very bytes."""
    return sum(document.status != Status.SEALED or not _is_there(folder, document) for document in _all())


def doubled_documents(folder: Path) -> int:
    """Return how many records have two sealed documents of one content, and how many documents share a file."""
    rows = list(_all())
    contents = Counter((row.kind, row.subject, row.content_sha256) for row in rows if row.is_sealed)
    files = Counter(row.file for row in rows if row.file)
    return sum(number - 1 for number in (*contents.values(), *files.values()))


def half_files(folder: Path) -> list[Path]:
    """Return the files that have the name of a document and are not the bytes of any: a draft never has such a name."""
    whole = {row.sha256 for row in (*_all(), *Revision.objects.all())}
    found = [path for path in folder.rglob("*.pdf") if not path.name.endswith(DRAFT)]
    owned = {row.file for row in (*_all(), *Revision.objects.all())}
    return [
        path for path in found
        if str(path.relative_to(folder)) in owned and hashlib.sha256(path.read_bytes()).hexdigest() not in whole
        or not path.read_bytes().rstrip().endswith(b"%%EOF")
    ]  # fmt: skip


def _all() -> list[Document]:
    return list(Document.objects.order_by("pk"))


def _is_there(folder: Path, document: Document) -> bool:
    path = folder / document.file
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == document.sha256
