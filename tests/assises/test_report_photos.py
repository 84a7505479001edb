"""The photos of an edition: nobody is shown who did not agree, whatever the way in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assises.models import Edition, Photo, PhotoPerson, Registration
from assises.operations.closing import close_edition, revise
from assises.operations.photos import PhotoText, add_photo, forget_photos_of_people, remove_photo
from assises.reads.report import owned_files
from assises.reads.report_content import compute
from e2c_portal.accounts.models import User
from e2c_portal.documents import storage
from e2c_portal.documents.building import build
from e2c_portal.documents.models import Document
from e2c_portal.documents.received_files import Upload
from e2c_portal.kernel.errors import NotAllowed, Refused
from tests.assises.test_report import deferred, held_today
from tests.documents.test_anew import phone_photo, picture
from tests.factories.assises import edition_open, somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(officer: User) -> Edition:
    return held_today(officer)


def agreeing(edition: Edition, agrees: bool | None = True) -> Registration:
    """Register somebody who answered about photos."""
    return somebody(edition, image_consent=agrees, image_consent_at=None if agrees is None else timezone.now())


def kept(edition: Edition, officer: User, *people: str, **facts: Any) -> Photo:
    text = PhotoText(**({"caption": "La grande salle", "alt_text": "Une salle pleine.", "people": people} | facts))
    return add_photo(edition.pk, text, Upload(picture()), officer)


def test_who_is_on_it_must_be_said_known_and_agreeing(edition: Edition, officer: User, coordinator: User) -> None:
    yes, no, silent = agreeing(edition), agreeing(edition, agrees=False), agreeing(edition, agrees=None)
    with pytest.raises(NotAllowed):
        kept(edition, coordinator, nobody_recognisable=True)
    for facts in ({}, {"people": (yes.full_name,), "nobody_recognisable": True}):
        with pytest.raises(Refused, match="l’un ou l’autre"):
            kept(edition, officer, **facts)
    for person in (no, silent):
        with pytest.raises(Refused) as refused:
            kept(edition, officer, yes.full_name, person.full_name)
        assert refused.value.details == [
            f"« {person.full_name} » n’a pas accepté d’être pris en photo : cette photo ne peut pas paraître."
        ]
    with pytest.raises(Refused) as unknown:
        kept(edition, officer, "Personne Inconnue")
    assert "n’est pas inscrit" in unknown.value.details[0]
    with pytest.raises(Refused, match="sécurité sociale"):
        kept(edition, officer, caption="1 85 05 78 006 084 36", nobody_recognisable=True)
    assert not Photo.objects.exists()
    photo = kept(edition, officer, f"{yes.last_name.upper()} {yes.first_name}", yes.email)
    assert list(photo.people.all()) == [yes]


def test_the_database_refuses_it_by_itself(edition: Edition, officer: User) -> None:
    yes, no = agreeing(edition), agreeing(edition, agrees=False)
    photo = kept(edition, officer, yes.email)
    deferred()
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="n’a pas accepté"), transaction.atomic():
            cursor.execute(
                "INSERT INTO assises_photoperson (photo_id, registration_id) VALUES (%s, %s)", [photo.pk, no.pk]
            )
        for sql in ("DELETE FROM assises_photoperson", "UPDATE assises_photo SET nobody_recognisable = true"):
            with pytest.raises(IntegrityError, match="dites l’un ou l’autre"), transaction.atomic():
                cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")
    other = edition_open(
        officer, year=timezone.localdate().year - 1, held_on=edition.held_on.replace(year=edition.year - 1)
    )
    with pytest.raises(IntegrityError, match="n’a pas accepté"), transaction.atomic():
        PhotoPerson.objects.create(photo=photo, registration=agreeing(other))


def test_a_consent_withdrawn_takes_the_photo_out_of_the_next_version(
    edition: Edition, officer: User, seal_key: object
) -> None:
    person = agreeing(edition)
    kept(edition, officer, nobody_recognisable=True, caption="La foule, de dos")
    photo = kept(edition, officer, person.email, caption="Un entretien")
    report = close_edition(edition.pk, officer)
    with pytest.raises(Refused, match="pas encore scellé"):
        remove_photo(edition.pk, photo.public_id, officer)
    document = Document.objects.get(reference=report.reference)
    assert build(document.pk), Document.objects.get(pk=document.pk).failure
    printed = Document.objects.get(pk=document.pk)
    pdf = storage.read(printed.file)
    assert b"/Interpolate false" in pdf, "photos are printed"
    assert b"/Interpolate true" not in pdf, "PDF/A refuses it"
    Registration.objects.filter(pk=person.pk).update(image_consent=False)
    second = revise(edition.pk, "Une personne ne veut plus paraître.", officer)
    assert [row["caption"] for row in second.content["photos"]] == ["La foule, de dos"]
    assert "Retiré : Photo « Un entretien »." in second.changes
    assert forget_photos_of_people(edition.pk) == 1
    deferred()
    assert [row.caption for row in edition.photos.all()] == ["La foule, de dos"]


def test_the_pages_and_the_file(
    edition: Edition, officer: User, coordinator: User, client: Client, same_query_count: Callable[..., Any],
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    client.force_login(officer)
    address = reverse("assises:photo_new", args=[edition.year])
    page = client.get(address)
    typed = {
        "form_key": page.context["form"]["form_key"].value(),
        "caption": "La salle",
        "alt_text": "Une salle.",
        "people": "",
    }

    def sent(**more: Any) -> int:
        return client.post(address, typed | more | {"file": SimpleUploadedFile("a.exe", phone_photo())}).status_code

    assert sent() == 422, "somebody or nobody must be said"
    assert [sent(nobody_recognisable="on"), sent(nobody_recognisable="on")] == [302, 302], "a double click"
    photo = Photo.objects.get()
    content = storage.read(photo.file, sha256=photo.sha256)
    assert b"Exif" not in content
    assert owned_files([photo.file, "assises/autre.jpg"]) == {photo.file}
    shown = client.get(reverse("assises:photo_file", args=[edition.year, photo.public_id]))
    assert (shown.content, shown["Content-Type"]) == (content, "image/jpeg")
    same_query_count(
        lambda: client.get(reverse("assises:photos", args=[edition.year])),
        lambda: kept(edition, officer, agreeing(edition).email),
    )
    client.force_login(coordinator)
    for name, more in (("photos", []), ("photo_file", [photo.public_id]), ("photo_new", [])):
        assert client.get(reverse(f"assises:{name}", args=[edition.year, *more])).status_code == 403
    client.force_login(officer)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("assises:photo_remove", args=[edition.year, photo.public_id]))
    assert not Photo.objects.filter(pk=photo.pk).exists()
    assert not storage.document_storage().exists(photo.file)
    assert "La salle" not in [row["caption"] for row in compute(edition).content["photos"]]
