"""Where sealed bytes rest: a private folder or an S3-compatible bucket, written once and read back before it counts."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from storages.backends.s3 import S3Storage

from e2c_portal.kernel.errors import PortalError

# A folder and a bucket fail in their own words.
FAULTS = (OSError, BotoCoreError, ClientError)


class StorageFault(PortalError):
    """The storage did not keep, or did not give back, the bytes."""

    code = "storage"
    transient = True


# Told of each refusal of the storage, whatever is then done of it: upkeep keeps count for whoever operates the portal.
_witnesses: list[Callable[[StorageFault], None]] = []
_instead: ContextVar[Storage | None] = ContextVar("documents_kept_in", default=None)


def register_witness(witness: Callable[[StorageFault], None]) -> None:
    """Have somebody told, in the process that met it, of each time the storage fails to take or to give."""
    if witness not in _witnesses:
        _witnesses.append(witness)


def tell(fault: StorageFault) -> StorageFault:
    """Tell the witnesses of a fault, and return it to be raised."""
    for witness in _witnesses:
        witness(fault)
    return fault


def document_storage() -> Storage:
    """Return the storage of sealed documents."""
    return _instead.get() or storages["documents"]


@contextmanager
def kept_in(other: Storage) -> Iterator[None]:
    """Keep documents in another storage while the block lasts: that of a backup being restored."""
    token = _instead.set(other)
    try:
        yield
    finally:
        _instead.reset(token)


def store(key: str, content: bytes) -> str:
    """Write the bytes once under `key` and read them back. Returns the key really used. Raises StorageFault."""
    name = ""
    try:
        name = document_storage().save(key, ContentFile(content))
        with document_storage().open(name) as stored:
            kept = stored.read()
    except FAULTS as error:
        _forget(name)
        raise tell(
            StorageFault(
                "L’espace de stockage n’a pas pu enregistrer le document. Vérifiez la place disponible puis relancez."
            )
        ) from error
    if hashlib.sha256(kept).digest() != hashlib.sha256(content).digest():
        _forget(name)
        raise StorageFault("L’espace de stockage n’a pas rendu le document à l’identique. Relancez la fabrication.")
    return name


def read(key: str, *, sha256: str = "") -> bytes:
    """Return the stored bytes. Raises StorageFault when they cannot be read or are not those of `sha256`, if given."""
    try:
        with document_storage().open(key) as stored:
            content = stored.read()
    except FAULTS as error:
        raise tell(
            StorageFault("Le document ne peut pas être lu pour le moment. Réessayez dans quelques minutes.")
        ) from error
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise StorageFault(
            "Le fichier conservé n’est plus celui qui a été scellé : il n’est pas remis. Prévenez l’exploitant, qui le "
            "rétablira depuis une sauvegarde.",
            code="storage_altered",
        )
    return content


def _forget(name: str) -> None:
    """Remove what was just stored and cannot be trusted; a storage that refuses this too leaves it to the daily clean-up."""
    if name:
        with suppress(*FAULTS):
            discard(name)


def discard(key: str) -> None:
    """Remove bytes that no document owns."""
    document_storage().delete(key)


def every_key(folder: str = "", after: str = "") -> Iterator[str]:
    """Walk the keys of a folder of the storage (all of them by default), in an order that stays; from the one that follows `after`.

    `after` is a key as seen from the folder: a long walk goes on from it, even once it is gone.
    """
    kept = document_storage()
    walk = _keys_of_a_bucket if isinstance(kept, S3Storage) else _keys_of_a_folder
    yield from walk(kept, folder, after)


def _keys_of_a_bucket(kept: S3Storage, folder: str, after: str) -> Iterator[str]:
    # A bucket has no folders: asking for them one by one would cost a call for each document.
    start = f"{folder}/" if folder else ""
    asked = {"Prefix": start} | ({"Marker": f"{start}{after}"} if after else {})
    yield from (item.key for item in kept.bucket.objects.filter(**asked))


def _keys_of_a_folder(kept: Storage, folder: str, after: str) -> Iterator[str]:
    try:
        folders, files = kept.listdir(folder)
    except FileNotFoundError:
        return
    head, _, rest = after.partition("/")
    for name, is_folder in sorted([*((name, True) for name in folders), *((name, False) for name in files)]):
        path = f"{folder}/{name}".lstrip("/")
        if is_folder and name >= head:
            yield from _keys_of_a_folder(kept, path, rest if name == head else "")
        elif name > head:
            yield path
