"""Ask for the reading of a Sirene extract, then for the application of what it would change."""

from dataclasses import dataclass
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from partnerships.models import SireneImport, SireneImportLine
from partnerships.permissions import PartnershipPermission
from partnerships.sirene_file import SireneFile

READ = "partnerships.read_sirene"
APPLY = "partnerships.apply_sirene"


@dataclass(frozen=True)
class SireneOptions:
    """What the officer wants of a file: `scope` is one of SireneImport.Scope."""

    scope: str = SireneImport.Scope.KNOWN
    replaces_names: bool = False


@transaction.atomic
def request_reading(content: File, options: SireneOptions, actor: User) -> SireneImport:
    """Keep the file for the time of its reading and ask for the plan. Nothing of the companies changes yet.

    Raises NotAllowed, Refused for a file that is no Sirene extract, StorageFault.
    """
    _require(actor)
    SireneFile(content)
    content.seek(0)
    public_id = uuid4()
    key = storage.store(f"sirene/{public_id}", content.read())
    asked = SireneImport.objects.create(
        public_id=public_id, file_name=(content.name or "extrait.csv")[-200:], file=key, scope=options.scope,
        replaces_names=options.replaces_names, requested_by=actor,
    )  # fmt: skip
    record(actor, "sirene.read", asked, f"Extrait Sirene déposé : {asked.file_name}")
    enqueue_on_commit(READ, import_id=asked.pk)
    return asked


@transaction.atomic
def request_application(import_id: int, actor: User) -> SireneImport:
    """Ask for the application of a plan, once. Raises NotAllowed, and Refused unless it waits to be applied."""
    _require(actor)
    asked = SireneImport.objects.select_for_update().get(pk=import_id)
    if asked.status in (SireneImport.Status.APPLYING, SireneImport.Status.APPLIED):
        raise Refused("Cet import est déjà appliqué ou en cours d’application.", code="already_applied")
    if asked.status != SireneImport.Status.READY:
        raise Refused("Cet import ne peut pas être appliqué : déposez de nouveau le fichier.")
    if not asked.lines.filter(action__in=SireneImportLine.TO_APPLY).exists():
        raise Refused("Rien à appliquer : ce fichier ne change aucune fiche.")
    asked.status, asked.applied_by = SireneImport.Status.APPLYING, actor
    asked.queued_at, asked.attempts, asked.finished_at = timezone.now(), 0, None
    asked.save(update_fields=["status", "applied_by", "queued_at", "attempts", "finished_at"])
    record(actor, "sirene.applied", asked, f"Extrait Sirene appliqué : {asked.file_name}")
    enqueue_on_commit(APPLY, import_id=asked.pk)
    return asked


def _require(actor: User) -> None:
    if not actor.has_perm(PartnershipPermission.IMPORT_SIRENE):
        raise NotAllowed("Seul un chargé de mission régional peut importer un extrait Sirene.")
