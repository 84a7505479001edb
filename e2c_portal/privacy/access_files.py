"""Everything the portal holds about one person, as one ZIP: a page to read in French, the same as JSON, and the files.

Made by a job, whose progress shows; remitted for seven days, then deleted. Each production and each reading is traced.
"""

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import transaction
from django.db.models import F, Model, Q
from django.db.models.functions import Now
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record, subject_of
from e2c_portal.documents import storage
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.privacy.access_content import Part, files_of, page_of, parts_of
from e2c_portal.privacy.closure import closure_of
from e2c_portal.privacy.holds import record_named
from e2c_portal.privacy.models import AccessFile
from e2c_portal.privacy.people import kind_of
from e2c_portal.privacy.permissions import PrivacyPermission

logger = logging.getLogger(__name__)
BUILD = "privacy.build_access_file"
REMITTED_FOR = timedelta(days=7)
LEASE = timedelta(seconds=90)
MAX_ATTEMPTS = 3
NOT_YOURS = "Les dossiers d’accès sont réservés au délégué à la protection des données."
UNDER_WAY = "Un dossier d’accès de cette personne est déjà en cours : ouvrez-le dans la liste."
FAILED = "La fabrication s’est interrompue plusieurs fois. Demandez-le de nouveau ; si cela se répète, prévenez l’exploitant."
GONE = "Cette personne n’est plus dans le portail."
Status = AccessFile.Status


@transaction.atomic
def ask(person: Model, actor: User) -> AccessFile:
    """Ask for the access file of somebody; a job makes it. Raises NotAllowed, Refused when one is under way."""
    if not actor.has_perm(PrivacyPermission.HANDLE_PEOPLE):
        raise NotAllowed(NOT_YOURS)
    if AccessFile.objects.filter(subject=subject_of(person), status__in=AccessFile.UNDER_WAY).exists():
        raise Refused(UNDER_WAY)
    asked = AccessFile.objects.create(subject=subject_of(person), asked_by=actor)
    record(actor, "access_file.asked", person, "Dossier d’accès demandé", access_file=str(asked.public_id))
    enqueue_on_commit(BUILD, access_file_id=asked.pk)
    return asked


def build(access_file_id: int) -> bool:
    """Make one access file, unless another worker does. Returns whether it is ready."""
    claim = _claimed(access_file_id)
    if claim is None:
        return False
    asked = AccessFile.objects.get(pk=access_file_id)
    person = record_named(asked.subject)
    if person is None:
        return _ended(asked, claim, status=Status.FAILED, failure=GONE)
    key, sha256, size = _written(asked, person, lambda done, total: _advance(asked, claim, done, total))
    kept = _ended(
        asked, claim, status=Status.READY, file=key, sha256=sha256, size=size, expires_at=timezone.now() + REMITTED_FOR
    )
    if not kept:
        storage.discard(key)
    return kept


def _claimed(pk: int) -> UUID | None:
    claim = uuid4()
    free = Q(claim=None) | older_than("claimed_at", LEASE)
    taken = AccessFile.objects.filter(free, pk=pk, status__in=AccessFile.UNDER_WAY).update(
        claim=claim, claimed_at=Now(), status=Status.BUILDING, attempts=F("attempts") + 1
    )
    return claim if taken else None


def _advance(asked: AccessFile, claim: UUID, done: int, total: int) -> None:
    AccessFile.objects.filter(pk=asked.pk, claim=claim).update(done=done, total=total, claimed_at=Now())


def _ended(asked: AccessFile, claim: UUID, **values: object) -> bool:
    """Close the work if it is still this worker's."""
    with transaction.atomic():
        held = AccessFile.objects.select_for_update().filter(pk=asked.pk, claim=claim)
        return bool(held.update(claim=None, claimed_at=None, **values)) and values["status"] == Status.READY


def _written(asked: AccessFile, person: Model, advance: Callable[[int, int], None]) -> tuple[str, str, int]:
    kind = kind_of(type(person))
    also = list(kind.also(person)) if kind else []
    found = closure_of([person, *also])
    total = len(found) + 1
    parts: list[Part] = []
    for number, part in enumerate(parts_of(found), 1):
        parts.append(part)
        advance(number, total)
    with tempfile.TemporaryFile() as room:
        with ZipFile(room, "w", ZIP_DEFLATED) as archive:
            files = list(files_of(found))
            archive.writestr("lisez-moi.html", page_of(kind.describe(person) if kind else str(person), parts, files))
            archive.writestr("donnees.json", _json(asked, parts))
            for name, key in files:
                archive.writestr(name, _bytes_of(key))
        room.seek(0)
        content = room.read()
    advance(total, total)
    key = storage.store(f"acces/{asked.public_id}.zip", content)
    return key, hashlib.sha256(content).hexdigest(), len(content)


def _json(asked: AccessFile, parts: list[Part]) -> str:
    facts = {"demande": asked.asked_at.isoformat(), "donnees": [part.as_values() for part in parts]}
    return json.dumps(facts, ensure_ascii=False, indent=1, default=str)


def _bytes_of(key: str) -> bytes:
    try:
        return storage.read(key)
    except storage.StorageFault as fault:
        return fault.message.encode()


def read(asked: AccessFile, actor: User) -> bytes:
    """Return the ZIP and trace who took it. Raises NotAllowed, Refused once it has expired, StorageFault."""
    if not actor.has_perm(PrivacyPermission.HANDLE_PEOPLE):
        raise NotAllowed(NOT_YOURS)
    if asked.status != Status.READY or asked.expires_at is None or asked.expires_at < timezone.now():
        raise Refused("Ce dossier d’accès n’est plus disponible : demandez-en un nouveau.")
    content = storage.read(asked.file, sha256=asked.sha256)
    if (person := record_named(asked.subject)) is not None:
        record(actor, "access_file.taken", person, "Dossier d’accès téléchargé", access_file=str(asked.public_id))
    return content


def expire_old() -> int:
    """Delete the files whose time has passed. Returns how many."""
    over = AccessFile.objects.filter(status=Status.READY, expires_at__lt=timezone.now())
    done = 0
    for asked in over[:200]:
        key = asked.file
        done += AccessFile.objects.filter(pk=asked.pk, status=Status.READY).update(status=Status.EXPIRED, file="")
        storage.discard(key)
    return done


def sweep() -> int:
    """Ask again for the files whose worker died; give up after three tries. Returns how many were mended."""
    lost = older_than("queued_at", LEASE) & (Q(claim=None) | older_than("claimed_at", LEASE))
    mended = 0
    for pk in AccessFile.objects.filter(lost, status__in=AccessFile.UNDER_WAY).values_list("pk", flat=True)[:50]:
        mended += _mend(pk, lost)
    return mended


@transaction.atomic
def _mend(pk: int, lost: Q) -> int:
    asked = AccessFile.objects.select_for_update(skip_locked=True).filter(lost, pk=pk).first()
    if asked is None or not asked.is_under_way:
        return 0
    asked.claim = asked.claimed_at = None
    asked.queued_at = Now()
    if asked.attempts >= MAX_ATTEMPTS:
        asked.status, asked.failure = Status.FAILED, FAILED
    else:
        asked.status = Status.QUEUED
        enqueue_on_commit(BUILD, access_file_id=asked.pk)
    asked.save()
    return 1


def own_files(keys: list[str]) -> set[str]:
    """Return those of the stored files that an access file still names."""
    return set(AccessFile.objects.filter(file__in=keys).values_list("file", flat=True))
