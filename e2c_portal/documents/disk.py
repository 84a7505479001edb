"""A machine whose disk is full cannot even lay a page out: that is no fault of the document, and it passes."""

import errno

from e2c_portal.documents.storage import StorageFault

REFUSALS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})
DISK = (
    "Le disque de la machine n’a plus de place, ou n’accepte plus d’écriture : le document n’a pas pu être fabriqué. "
    "Vérifiez la place disponible puis relancez."
)


FULL_FOR_A_PAGE = "Le portail n’a plus de place pour recevoir de fichier."


def fault_of_the_disk(error: BaseException) -> StorageFault | None:
    """Return the fault to tell when an error comes from a disk that refuses to be written, whoever met it first."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in REFUSALS and not isinstance(error, StorageFault):
            return StorageFault(DISK)
        seen = seen.__cause__ or seen.__context__
    return None
