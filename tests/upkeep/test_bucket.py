"""Documents kept by an S3 service: made, read, swept, backed up, restored into an empty bucket, and told when it is away."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import time_machine
from django.conf import settings as portal_settings
from django.core.files.base import ContentFile
from django.core.management.base import CommandError
from django.utils import timezone

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.sweeping import delete_orphan_files
from e2c_portal.settings.storages import in_a_bucket
from e2c_portal.upkeep.backup.layout import FILES, backups_in
from tests.documents.notices.fixtures import seal
from tests.upkeep.bucket import in_bucket, s3_service

__all__ = ["in_bucket", "s3_service"]

Run = Callable[..., tuple[int, str]]


@pytest.mark.django_db(transaction=True)
def test_a_bucket_is_backed_up_and_given_back_into_an_empty_one(
    in_bucket: Callable[[], str], sealed_notice: Callable[..., Document], new_database: Callable[[], str], run_command: Run,
    tmp_path: Path,
) -> None:  # fmt: skip
    in_bucket()
    first, second = sealed_notice(), sealed_notice()
    assert set(storage.every_key()) == {first.file, second.file}
    code, said = run_command("backup", tmp_path / "sauvegardes")
    assert code == 0, said
    [backup] = backups_in(tmp_path / "sauvegardes")
    assert (backup / FILES / first.file).read_bytes() == storage.read(first.file, sha256=first.sha256)

    with pytest.raises(CommandError, match="contient déjà des fichiers"):
        run_command("restore", backup, "--database", new_database(), "--configured-storage")
    in_bucket()
    code, said = run_command("restore", backup, "--database", new_database(), "--configured-storage")
    assert (code, "Tout est là, tout est vérifié." in said) == (0, True), said
    assert "2 documents scellés" in said
    for document in (first, second):
        assert storage.read(document.file, sha256=document.sha256)


def test_a_file_that_nobody_owns_leaves_the_bucket_and_the_others_stay(
    in_bucket: Callable[[], str], sealed_notice: Callable[..., Document]
) -> None:
    in_bucket()
    kept = sealed_notice()
    storage.document_storage().save("2026/perdu/orphelin.pdf", ContentFile(b"%PDF-"))
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        delete_orphan_files()
    assert set(storage.every_key()) == {kept.file}


def test_a_bucket_is_walked_by_the_thousand_and_from_any_key(in_bucket: Callable[[], str]) -> None:
    in_bucket()
    keys = ["2026/a/1.pdf", "2026/a/2.pdf", "2026/b.pdf", "2027/c/3.pdf"]
    for key in reversed(keys):
        storage.document_storage().save(key, ContentFile(b"%PDF-"))
    assert list(storage.every_key()) == keys
    assert list(storage.every_key(after=keys[1])) == keys[2:]
    assert list(storage.every_key("2026")) == keys[:3]
    assert list(storage.every_key("2026", after="a/1.pdf")) == keys[1:3]


def test_a_service_that_is_away_or_refuses_is_told_soon_and_the_document_comes_later(
    in_bucket: Callable[[], str], notice: Callable[..., Document], settings: Any
) -> None:
    in_bucket()
    there, waiting = portal_settings.STORAGES, notice()
    nowhere = in_a_bucket("documents", endpoint="http://127.0.0.1:9", region="eu-west-3")
    for broken in (
        nowhere,
        {**there["documents"], "OPTIONS": {**there["documents"]["OPTIONS"], "bucket_name": "absent"}},
    ):
        settings.STORAGES = {**there, "documents": broken}
        began = monotonic()
        with pytest.raises(storage.StorageFault, match="ne peut pas être lu pour le moment"):
            storage.read("2026/un.pdf")
        failed = seal(waiting)
        assert "n’a pas pu enregistrer le document" in failed.failure
        assert "réessaie aussi tout seul" in failed.failure
        # Two tries at each of the two calls, no minute of silence.
        assert monotonic() - began < 20
        Document.objects.update(status="queued", failure="", retry_at=None)
    settings.STORAGES = there
    assert seal(waiting).is_sealed
