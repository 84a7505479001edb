"""Deliveries: what is refused first, by the operations and by the database alone; then what is kept of each."""

import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.documents import storage
from e2c_portal.documents.received_files import LIMIT_BYTES, Upload, mime_of, without_metadata
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from partnerships.delivery_reads import owned_files
from partnerships.models import CommitmentDelivery, PartnershipConvention
from partnerships.operations import deliveries as operations
from partnerships.operations.companies import record_departure
from partnerships.operations.conventions import Promise
from partnerships.operations.deliveries import (
    cancel_delivery,
    confirm_delivery,
    declare_delivery,
    report_delivery,
    set_aside_delivery,
)
from tests.factories.deliveries import ago, contact_at, declared, delivered, photo, promised, reported, today
from tests.factories.partnerships import convention_at
from tests.partnerships.sql import refused, run

pytestmark = pytest.mark.django_db
TABLE = "partnerships_commitmentdelivery"
Add = Callable[[PartnershipConvention, User], CommitmentDelivery]


@pytest.fixture
def convention(officer: User) -> PartnershipConvention:
    return promised(Promise("internships", "Découverte", 12, "stages", "par an", "yearly"), actor=officer)


class TestRefusals:
    def test_only_an_officer_decides(
        self, convention: PartnershipConvention, officer: User, auditor: User, coordinator: User, stranger: User
    ) -> None:
        waiting, counted = reported(convention, officer), declared(convention, officer)
        for person in (auditor, coordinator, stranger):
            for act in (
                lambda p: declare_delivery(convention.pk, 1, delivered(), p), lambda p: confirm_delivery(waiting.pk, p),
                lambda p: set_aside_delivery(waiting.pk, "Non", p), lambda p: cancel_delivery(counted.pk, "Non", p),
            ):  # fmt: skip
                with pytest.raises(NotAllowed):
                    act(person)

    def test_only_somebody_of_the_company_who_is_there_reports(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        elsewhere = contact_at(promised(Promise("visits"), actor=officer), officer)
        gone = contact_at(convention, officer)
        record_departure(gone.pk, today(), officer)
        for contact in (elsewhere, gone):
            with pytest.raises(NotAllowed, match="Seul un contact de l’entreprise"):
                report_delivery(convention.pk, 1, delivered(), contact.pk)

    def test_a_wrong_one_is_refused_beside_its_field(self, convention: PartnershipConvention, officer: User) -> None:
        for wrong, field, words in (
            ({"on": ago(-1)}, "delivered_on", "une fois qu’elle a eu lieu"),
            ({"on": ago(4000)}, "delivered_on", "corrigez la date"),
            ({"quantity": 0}, "quantity", "supérieure ou égale à 1"),
            ({"description": "  "}, "description", "vide"),
            ({"key": 2}, "delivered_on", "n’était pas dans la convention"),
        ):
            with pytest.raises(ValidationError, match=words) as refusal:
                declared(convention, officer, **wrong)
            assert field in refusal.value.message_dict
        assert not CommitmentDelivery.objects.exists()

    def test_a_draft_or_a_convention_without_dates(self, officer: User) -> None:
        with pytest.raises(Refused, match="une fois la convention signée"):
            declared(convention_at("draft", officer), officer)
        undated = convention_at("signed", officer, archive=True, starts_on=None, ends_on=None)
        with pytest.raises(Refused, match="ne sont pas connues"):
            declared(undated, officer)

    def test_a_proof_that_is_no_picture_and_no_pdf_or_too_large(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        for content in (b"<html>", b"%PDF-1.7 broken", b"\x89PNG\r\n\x1a\nx", b""):
            with pytest.raises(Refused, match="ni un PDF ni une photo"):
                declared(convention, officer, proof=Upload(content))
        with pytest.raises(Refused, match="dépasse 10 Mo"):
            declared(convention, officer, proof=Upload(b"%PDF-" + b"0" * LIMIT_BYTES))
        assert not CommitmentDelivery.objects.exists()
        assert list(storage.every_key()) == []

    def test_no_decision_without_a_reason_and_none_twice(
        self, convention: PartnershipConvention, officer: User, second_officer: User
    ) -> None:
        waiting = reported(convention, officer)
        with pytest.raises(Refused, match="pourquoi"):
            set_aside_delivery(waiting.pk, " ", officer)
        confirm_delivery(waiting.pk, officer)
        assert confirm_delivery(waiting.pk, officer).status == "counted"
        with pytest.raises(Overtaken, match="déjà comptée par Claire Garrigue"):
            confirm_delivery(waiting.pk, second_officer)
        with pytest.raises(Overtaken):
            set_aside_delivery(waiting.pk, "Trop tard", second_officer)
        with pytest.raises(Refused, match="pourquoi"):
            cancel_delivery(waiting.pk, "", officer)

    def test_a_link_in_wrong_hands_does_not_fill_the_storage(
        self, convention: PartnershipConvention, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(operations, "WAITING_AT_MOST", 1)
        contact = contact_at(convention, officer)
        report_delivery(convention.pk, 1, delivered(), contact.pk)
        with pytest.raises(Refused, match="attendent déjà"):
            report_delivery(convention.pk, 1, delivered(), contact.pk)


class TestKept:
    def test_sent_twice_it_is_written_once(self, convention: PartnershipConvention, officer: User) -> None:
        text = delivered(quantity=3)
        first = declare_delivery(convention.pk, 1, text, officer)
        assert declare_delivery(convention.pk, 1, text, officer) == first
        with pytest.raises(Refused, match="a déjà servi"):
            declare_delivery(convention.pk, 1, replace(text, quantity=4), officer)
        assert CommitmentDelivery.objects.get().quantity == 3
        assert trail_of(convention).filter(action="delivery.declared").count() == 1

    def test_the_company_reports_and_the_region_confirms(
        self, convention: PartnershipConvention, officer: User
    ) -> None:
        row = reported(convention, officer, quantity=2, description="Deux accueils")
        assert (row.status, row.told_by) == ("reported", "Ana Exemple, pour l’entreprise")
        row = confirm_delivery(row.pk, officer)
        assert (row.status, row.decided_by) == ("counted", officer)
        told = {entry.action: entry for entry in trail_of(convention)}
        assert told["delivery.reported"].actor is None
        assert told["delivery.reported"].summary.startswith(
            "Réalisation signalée par Ana Exemple, pour l’entreprise : Deux"
        )
        assert told["delivery.counted"].actor == officer

    def test_a_mistake_stays_with_its_reason(self, convention: PartnershipConvention, officer: User) -> None:
        row = cancel_delivery(declared(convention, officer).pk, "Compté deux fois", officer)
        assert cancel_delivery(row.pk, "Encore", officer).reason == "Compté deux fois"
        assert (row.status, row.cancelled_by, row.decided_by) == ("cancelled", officer, None)

    def test_the_first_and_the_last_day_count(self, officer: User) -> None:
        convention = promised(Promise("visits", "", 1, "visites"), months_ago=13, months=12, actor=officer)
        for day in (convention.starts_on, convention.ends_on):
            assert declared(convention, officer, on=day).status == "counted"
        with pytest.raises(ValidationError, match="corrigez la date"):
            declared(convention, officer, on=convention.ends_on + timedelta(days=1))


class TestProofs:
    def test_a_picture_loses_what_it_says_of_its_author(self, convention: PartnershipConvention, officer: User) -> None:
        exif = Image.Exif()
        exif[0x013B], exif[0x0112] = "Jeanne Secret", 6
        sent = photo(exif=exif, comment=b"43.61, 3.87")
        assert b"Jeanne Secret" in sent.content
        row = declared(convention, officer, proof=sent)
        kept = storage.read(row.proof, sha256=row.proof_sha256)
        assert (row.proof_mime, row.proof_size) == ("image/jpeg", len(kept))
        assert b"Jeanne" not in kept
        assert b"43.61" not in kept
        with Image.open(io.BytesIO(kept)) as picture:
            assert picture.size == (60, 40), "turned the way it was taken"
        assert owned_files([row.proof, "ailleurs.pdf"]) == {row.proof}

    def test_a_drawing_keeps_its_transparency(self) -> None:
        content = io.BytesIO()
        Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(content, "PNG")
        cleaned = without_metadata(content.getvalue(), "image/png")
        with Image.open(io.BytesIO(cleaned)) as picture:
            assert picture.convert("RGBA").getpixel((0, 0))[3] == 0

    def test_several_views_in_one_file_are_a_photograph(self) -> None:
        content = io.BytesIO()
        view = Image.new("RGB", (8, 8), "white")
        view.save(content, "MPO", save_all=True, append_images=[view])
        assert mime_of(content.getvalue()) == "image/jpeg"
        assert mime_of(without_metadata(content.getvalue(), "image/jpeg")) == "image/jpeg"


class TestDatabase:
    """What PostgreSQL refuses, whoever writes."""

    def insert(self, convention: PartnershipConvention, officer: User, **columns: object) -> None:
        values = {
            "public_id": uuid.uuid4(), "convention_id": convention.pk, "key": 1, "delivered_on": ago(7), "quantity": 1,
            "description": "Fait", "proof": "", "proof_mime": "", "proof_sha256": "", "status": "counted", "reason": "",
            "declared_by_id": officer.pk, **columns,
        }  # fmt: skip
        names, places = ", ".join(values), ", ".join(["%s"] * len(values))
        run(f"INSERT INTO {TABLE} ({names}) VALUES ({places})", *values.values())

    def test_a_wrong_row(self, convention: PartnershipConvention, officer: User) -> None:
        for columns, words in (
            ({"quantity": 0}, "delivery_is_something"),
            ({"description": ""}, "delivery_says_what"),
            ({"key": 2}, "pas dans la convention"),
            ({"delivered_on": ago(-1)}, "jour à venir|en vigueur"),
            ({"delivered_on": ago(4000)}, "en vigueur"),
            ({"status": "cancelled", "reason": "x"}, "attend d’être confirmée"),
            ({"status": "reported"}, "attend d’être confirmée"),
            ({"declared_by_id": None}, "delivery_told_by_one_person"),
            ({"reason": "x"}, "delivery_not_counted_says_why"),
            ({"proof": "realisations/x.pdf"}, "delivery_proof_is_stored"),
            ({"status": "perdue"}, "attend d’être confirmée|delivery_status_known"),
            ({"cancelled_by_id": officer.pk}, "delivery_cancelling_is_whole"),
        ):
            with refused(words):
                self.insert(convention, officer, **columns)

    def test_a_draft_or_a_contact_of_another_company(self, convention: PartnershipConvention, officer: User) -> None:
        with refused("une fois la convention signée"):
            self.insert(convention_at("draft", officer), officer)
        other = contact_at(promised(Promise("visits"), actor=officer), officer)
        with refused("autre entreprise"):
            self.insert(convention, officer, declared_by_id=None, reported_by_contact_id=other.pk, status="reported")

    def test_what_was_declared_never_changes(self, convention: PartnershipConvention, officer: User) -> None:
        row = declared(convention, officer)
        for column in ("quantity", "key", "convention_id", "proof_size"):
            with refused("figées"):
                run(f"UPDATE {TABLE} SET {column} = 9 WHERE id = %s", row.pk)
        for change in ("description = 'x'", "proof = 'x'", "delivered_on = delivered_on - 1", "declared_by_id = NULL"):
            with refused("figées"):
                run(f"UPDATE {TABLE} SET {change} WHERE id = %s", row.pk)
        with refused("Suppression refusée"):
            run(f"DELETE FROM {TABLE} WHERE id = %s", row.pk)

    def test_what_waits_is_decided_by_somebody(self, convention: PartnershipConvention, officer: User) -> None:
        row = reported(convention, officer)
        for change, words in (
            ("status = 'counted'", "delivery_decision_is_whole"),
            ("status = 'cancelled'", "Passage interdit"),
            (
                f"status = 'set_aside', decided_by_id = {officer.pk}, decided_at = now()",
                "delivery_not_counted_says_why",
            ),
        ):
            with refused(words):
                run(f"UPDATE {TABLE} SET {change} WHERE id = %s", row.pk)

    def test_what_is_over_stays_so(self, convention: PartnershipConvention, officer: User) -> None:
        row = cancel_delivery(declared(convention, officer).pk, "Erreur", officer)
        for change in ("status = 'counted'", "reason = 'autre'", "cancelled_by_id = NULL"):
            with refused("interdit|figées"):
                run(f"UPDATE {TABLE} SET {change} WHERE id = %s", row.pk)
