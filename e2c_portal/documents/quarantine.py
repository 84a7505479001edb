"""Files refused by the antivirus: set apart, opened by nobody, told to staff, and destroyed at their term."""

import hashlib
import logging
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.models import QuarantinedFile
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.removing import removal
from e2c_portal.kernel.scanning import threat_in

if TYPE_CHECKING:
    # Who acts stands on a floor above: named for the types alone.
    from e2c_portal.accounts.models import User

logger = logging.getLogger(__name__)

FOLDER = "quarantaine"
DANGEROUS = (
    "Ce fichier a été refusé par l’antivirus et mis à l’écart : il n’a pas été enregistré. Vérifiez votre appareil, puis envoyez un "
    "autre fichier, par exemple une photo ou une nouvelle numérisation du papier."
)
NOT_READ = "L’antivirus a refusé ce fichier : il n’a été ni vérifié ni conservé. Tapez plutôt le code imprimé en bas du document."


def refuse_if_dangerous(file: UploadedFile, *, kept_apart: bool = True) -> None:
    """Ask the antivirus about a file and set it apart when it finds something. Raises Refused, or ScannerAway.

    The file can be read again from its start afterwards.
    """
    threat = threat_in(file.chunks())
    file.seek(0)
    if not threat:
        return
    if kept_apart:
        set_apart(file, threat)
    else:
        logger.warning("file refused by the antivirus")
    raise Refused(DANGEROUS if kept_apart else NOT_READ, code="dangerous_file")


def set_apart(file: UploadedFile, threat: str) -> QuarantinedFile:
    """Keep the bytes where nobody opens them, and say what was found. The name given to the file is not kept."""
    file.seek(0)
    content = file.read()
    key = storage.store(f"{FOLDER}/{timezone.now():%Y}/{uuid4()}.bin", content)
    kept = QuarantinedFile.objects.create(
        threat=threat[:200], file=key, sha256=hashlib.sha256(content).hexdigest(), size=len(content)
    )
    logger.warning("file %s set apart by the antivirus", kept.pk)
    return kept


@transaction.atomic
def destroy(kept: QuarantinedFile, actor: "User") -> None:
    """Destroy a file set apart before its term; the trail says who did."""
    record(actor, "quarantine.destroyed", kept, f"Fichier mis à l’écart détruit ({kept.threat}).")
    with removal("Fichier mis à l’écart, détruit", actor, models=[QuarantinedFile]) as act:
        QuarantinedFile.objects.filter(pk=kept.pk).delete()
        act.counts = {QuarantinedFile._meta.label: 1}
    transaction.on_commit(lambda: storage.discard(kept.file))


def set_apart_files() -> QuerySet[QuarantinedFile]:
    """Return the files set apart, latest first."""
    return QuarantinedFile.objects.all()


def own_files(keys: list[str]) -> set[str]:
    """Return those of these keys of the storage that are files set apart."""
    return set(QuarantinedFile.objects.filter(file__in=keys).values_list("file", flat=True))
