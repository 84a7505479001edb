"""Keep the photos of an edition, with the people on them, and remove them. A photo is made anew before it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID, uuid4

from django.db import transaction

from assises.models import Edition, Photo, PhotoPerson, Registration
from assises.operations.editions import require_preparing
from assises.reads.report import papers_of, registered_as, reports_of
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import Upload, store_to_show
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.nir import refuse_nir
from trainees.operations.moving import save_or_refuse

FOLDER = "assises"
PHOTOS_AT_MOST = 12
FULL = (
    f"Il y a déjà {PHOTOS_AT_MOST} photos, le plus qu’un bilan en montre : retirez-en une avant d’en ajouter une autre."
)
NOT_A_PHOTO = "Ce fichier est un PDF : envoyez une photo (JPEG, PNG ou WebP)."
ONE_OR_THE_OTHER = (
    "Dites que personne n’est reconnaissable, ou nommez chaque personne que l’on reconnaît : l’un ou l’autre."
)


@dataclass(frozen=True)
class PhotoText:
    """What is typed about a photo. `people` are names or addresses, as registered; empty when nobody can be recognised."""

    caption: str
    alt_text: str
    people: Sequence[str] = ()
    nobody_recognisable: bool = False
    public_id: UUID = field(default_factory=uuid4)


def add_photo(edition_id: int, text: PhotoText, upload: Upload, actor: User) -> Photo:
    """Keep a photo of an edition. The same page sent twice keeps it once.

    Raises NotAllowed, Refused when somebody on it is not known or did not agree, for a file that is no photo, or beyond twelve.
    """
    with transaction.atomic():
        edition = _held(edition_id, actor)
        if before := edition.photos.filter(public_id=text.public_id).first():
            return before
        _refuse_when_full(edition)
        _people_of(edition, text)
    # Reading somebody's file may take seconds: nobody waits meanwhile.
    file = store_to_show(FOLDER, upload)
    if not file.mime.startswith("image/"):
        storage.discard(file.key)
        raise Refused(NOT_A_PHOTO, code="not_a_photo")
    with transaction.atomic():
        edition = _held(edition_id, actor)
        if before := edition.photos.filter(public_id=text.public_id).first():
            storage.discard(file.key)
            return before
        _refuse_when_full(edition)
        photo = Photo(
            public_id=text.public_id, edition=edition, file=file.key, mime=file.mime, sha256=file.sha256, size=file.size,
            caption=text.caption.strip(), alt_text=text.alt_text.strip(), nobody_recognisable=text.nobody_recognisable,
            added_by=actor,
        )  # fmt: skip
        save_or_refuse(photo)
        people = _people_of(edition, text)
        PhotoPerson.objects.bulk_create(PhotoPerson(photo=photo, registration=row) for row in people)
        record(actor, "photo.added", edition, "Photo ajoutée au bilan", photo=photo.pk, people=len(people))
    return photo


@transaction.atomic
def remove_photo(edition_id: int, public_id: UUID, actor: User) -> None:
    """Remove a photo and its file; the reports already sealed keep what they printed. Removed twice, it is removed once.

    Raises NotAllowed, Refused while a report that prints it is being made.
    """
    edition = _held(edition_id, actor)
    photo = Photo.objects.select_for_update().filter(edition=edition, public_id=public_id).first()
    if photo is None:
        return
    reports = reports_of(edition)
    papers = papers_of(reports).values()
    if any(not paper.is_sealed for paper in papers) and _is_printed(photo, [report.content for report in reports]):
        raise Refused(
            "Le bilan qui montre cette photo n’est pas encore scellé : attendez, ou relancez-le s’il est en échec.",
            code="awaited",
        )
    record(actor, "photo.removed", edition, "Photo retirée du bilan", photo=photo.pk)
    key = photo.file
    photo.delete()
    transaction.on_commit(lambda: storage.discard(key), robust=True)


@transaction.atomic
def forget_photos_of_people(edition_id: int) -> int:
    """Remove the photos on which somebody is recognised, their files too: called when the names of an edition are erased.

    Nobody acts but the clock. Photos on which nobody is recognised stay. Returns how many were removed.
    """
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    photos = list(edition.photos.select_for_update().filter(nobody_recognisable=False))
    for photo in photos:
        record(None, "photo.forgotten", edition, "Photo effacée avec les noms", photo=photo.pk)
        transaction.on_commit(partial(storage.discard, photo.file), robust=True)
        photo.delete()
    return len(photos)


def _is_printed(photo: Photo, contents: Sequence[dict]) -> bool:
    return any(photo.sha256 == printed["sha256"] for content in contents for printed in content["photos"])


def _held(edition_id: int, actor: User) -> Edition:
    require_preparing(actor)
    edition: Edition = Edition.objects.select_for_update().get(pk=edition_id)
    return edition


def _refuse_when_full(edition: Edition) -> None:
    if edition.photos.count() >= PHOTOS_AT_MOST:
        raise Refused(FULL, code="full")


def _people_of(edition: Edition, text: PhotoText) -> list[Registration]:
    """Return who is on a photo. Raises Refused naming the line to correct."""
    typed = [line.strip() for line in text.people if line.strip()]
    for words in (text.caption, text.alt_text, *typed):
        refuse_nir(words)
    if text.nobody_recognisable == bool(typed):
        raise Refused(ONE_OR_THE_OTHER, code="nobody_or_somebody")
    found: dict[int, Registration] = {}
    details: list[str] = []
    for line in typed:
        rows = registered_as(edition, line)
        if len(rows) == 1 and rows[0].image_consent is True:
            found[rows[0].pk] = rows[0]
        elif len(rows) == 1:
            details.append(f"« {line} » n’a pas accepté d’être pris en photo : cette photo ne peut pas paraître.")
        elif rows:
            details.append(f"Plusieurs inscriptions portent le nom « {line} » : écrivez l’adresse électronique.")
        else:
            details.append(f"« {line} » n’est pas inscrit à cette édition : vérifiez le nom, ou écrivez l’adresse.")
    if details:
        raise Refused("Cette photo n’est pas gardée.", details=details, code="people")
    return list(found.values())
