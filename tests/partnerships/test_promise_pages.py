"""The pages of promises: rights, what a refusal gives back, proofs, filters, files, partners asleep, query counts."""

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pgtrigger
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from partnerships.agreement import YEARLY
from partnerships.calendar import add_months
from partnerships.models import CommitmentDelivery, CompanyExchange, PartnershipConvention
from partnerships.operations.companies import note_exchange
from partnerships.operations.conventions import Promise
from partnerships.operations.deliveries import set_aside_delivery
from partnerships.sleeping import asleep_among
from tests.factories.deliveries import ago, amend, declared, photo, promised, reported, today
from tests.factories.partnerships import convention_at, make_move

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
LIST, WAITING = "/conventions/engagements/", "/conventions/engagements/a-confirmer/"
TWELVE = Promise("internships", "Découverte", 12, "stages", "par an", YEARLY)
VISITS = Promise("visits", "", 1, "visites")


@pytest.fixture
def convention(officer: User) -> PartnershipConvention:
    return promised(TWELVE, VISITS, actor=officer)


def page(convention: PartnershipConvention, key: int = 1) -> str:
    return reverse("partnerships:promise", args=[convention.pk, key])


def act(row: CommitmentDelivery, name: str) -> str:
    return reverse(f"partnerships:delivery_{name}", args=[row.convention_id, row.key, row.public_id])


def typed(**changes: object) -> dict[str, object]:
    return {"delivered_on": ago(3), "quantity": 2, "description": "Deux stages", "public_id": uuid4(), **changes}


class TestRights:
    def test_who_works_nowhere_finds_nothing(
        self, convention: PartnershipConvention, officer: User, stranger: User, client_of: ClientOf
    ) -> None:
        row = reported(convention, officer, proof=photo())
        client = client_of(stranger)
        doors = [LIST, WAITING, page(convention), *(act(row, name) for name in ("proof", "set_aside", "cancel"))]
        assert {client.get(door).status_code for door in doors} == {404}
        assert client.post(page(convention), typed()).status_code == 404
        assert client.post(act(row, "confirm")).status_code == 404

    def test_a_school_reads_and_writes_nothing(
        self, convention: PartnershipConvention, officer: User, coordinator: User, client_of: ClientOf
    ) -> None:
        row = reported(convention, officer, proof=photo())
        client = client_of(coordinator)
        text = client.get(page(convention)).content.decode()
        assert "Un justificatif est joint" in text
        assert not re.search(r"<form[^>]*method=\"post\"(?![^>]*deconnexion)", text)
        assert "Confirmer" not in client.get(WAITING).content.decode()
        assert client.get(LIST).status_code == 200
        assert client.post(page(convention), typed()).status_code == 403
        for name in ("proof", "set_aside", "cancel"):
            assert client.get(act(row, name)).status_code == 403
        assert client.post(act(row, "confirm")).status_code == 403
        row.refresh_from_db()
        assert (row.status, CommitmentDelivery.objects.count()) == ("reported", 1)

    def test_an_auditor_reads_the_proof_and_leaves_a_trace(
        self, convention: PartnershipConvention, officer: User, auditor: User, client_of: ClientOf
    ) -> None:
        row = declared(convention, officer, proof=photo("PNG"))
        answer = client_of(auditor).get(act(row, "proof"))
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="justificatif-{row.public_id}.png"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert [(entry.action, entry.actor) for entry in trail_of(row)] == [("delivery.proof_read", auditor)]

    def test_a_row_is_reached_by_its_own_promise_alone(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        row = declared(convention, officer, proof=photo())
        for pk, key in ((convention.pk, 2), (promised(TWELVE, actor=officer).pk, 1)):
            address = reverse("partnerships:delivery_proof", args=[pk, key, row.public_id])
            assert officer_client.get(address).status_code == 404
        assert officer_client.get(page(convention, 9)).status_code == 404
        assert officer_client.get(page(convention_at("draft", officer))).status_code == 404


class TestActs:
    def test_a_refusal_gives_back_what_was_typed(
        self, convention: PartnershipConvention, officer_client: Client
    ) -> None:
        answer = officer_client.post(page(convention), typed(delivered_on=ago(-5), description="Visite du dépôt"))
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "une fois qu’elle a eu lieu" in text
        assert "Visite du dépôt" in text
        bad = SimpleUploadedFile("facture.pdf", b"<html>")
        answer = officer_client.post(page(convention), typed(proof=bad, description="Visite du dépôt"))
        assert answer.status_code == 422
        assert "ni un PDF ni une photo" in answer.content.decode()
        assert not CommitmentDelivery.objects.exists()

    def test_it_is_declared_once_however_often_it_is_sent(
        self, convention: PartnershipConvention, officer_client: Client
    ) -> None:
        text = typed(proof=SimpleUploadedFile("photo.jpg", photo().content))
        assert officer_client.post(page(convention), text).status_code == 302
        assert officer_client.post(page(convention), typed(public_id=text["public_id"])).status_code == 302
        answer = officer_client.post(page(convention), typed(public_id=text["public_id"], quantity=3))
        assert answer.status_code == 422
        assert str(text["public_id"]) not in answer.context["form"]["public_id"].value()
        row = CommitmentDelivery.objects.get()
        assert (row.quantity, row.proof_mime) == (2, "image/jpeg")
        shown = officer_client.get(page(convention)).content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert "2 sur 12 stages" in shown
        assert act(row, "proof") in shown

    def test_what_the_company_reported_is_confirmed_or_set_aside(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        first, second = reported(convention, officer), reported(convention, officer)
        assert "2\N{NO-BREAK SPACE}réalisations à confirmer" in officer_client.get("/").content.decode()
        assert act(second, "confirm") in officer_client.get(WAITING).content.decode()
        officer_client.post(act(first, "confirm"))
        assert officer_client.post(act(second, "set_aside"), {"reason": " "}).status_code == 422
        assert officer_client.post(act(second, "set_aside"), {"reason": "Déjà comptée"}).status_code == 302
        answer = officer_client.post(act(second, "confirm"), follow=True)
        assert "déjà écartée" in str(list(answer.context["messages"])[-1])
        assert officer_client.post(act(first, "cancel"), {"reason": "Erreur"}).status_code == 302
        states = dict(CommitmentDelivery.objects.values_list("pk", "status"))
        assert states == {first.pk: "cancelled", second.pk: "set_aside"}
        assert "Déjà comptée" in officer_client.get(page(convention)).content.decode()
        assert "Rien à confirmer" in officer_client.get(WAITING).content.decode()


class TestPast:
    def test_a_promise_that_an_amendment_removed_keeps_its_page(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        declared(convention, officer, on=ago(60), quantity=2)
        with pgtrigger.ignore():
            amend(convention, officer, [((ago(30) - convention.starts_on).days, 0)], action="remove")
        text = officer_client.get(page(convention)).content.decode()
        assert "Cet engagement a été supprimé" in text
        assert "2 sur 12 stages" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert [key for _, key in TestList().rows(officer_client)] == [2]
        answer = officer_client.post(page(convention), typed())
        assert "n’était pas dans la convention" in answer.content.decode()
        assert officer_client.post(page(convention), typed(delivered_on=ago(40))).status_code == 302

    def test_what_came_after_an_early_end_counts_no_more(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        declared(convention, officer, on=ago(3))
        make_move(convention, "terminate", officer, ended_on=ago(10))
        text = officer_client.get(page(convention)).content.decode()
        assert "Hors de la durée de la convention" in text
        assert TestList().rows(officer_client) == []


class TestList:
    def rows(self, client: Client, **asked: str) -> list[tuple[str, int]]:
        found = client.get(LIST, asked).context["page_obj"]
        return [(row.progress.convention.number, row.progress.key) for row in found]

    def test_it_is_narrowed(self, convention: PartnershipConvention, officer: User, officer_client: Client) -> None:
        other = promised(TWELVE, VISITS, Promise("tutors"), actor=officer)
        declared(other, officer, quantity=12, on=today())
        reported(other, officer, key=2)
        name = other.company.legal_name
        assert len(self.rows(officer_client)) == 5
        assert self.rows(officer_client, q=name.upper(), engagement="visits") == [(other.number, 2)]
        assert self.rows(officer_client, entreprise=str(convention.company_id)) == [
            (convention.number, 1),
            (convention.number, 2),
        ]
        assert self.rows(officer_client, etat="temps") == [(convention.number, 2), (other.number, 1), (other.number, 2)]
        assert self.rows(officer_client, etat="retard") == [(convention.number, 1)]
        assert (other.number, 1) not in self.rows(officer_client, etat="rien")
        assert self.rows(officer_client, etat="sans-chiffre") == [(other.number, 3)]
        assert self.rows(officer_client, etat="a-confirmer") == [(other.number, 2)]
        assert self.rows(officer_client, sommeil="oui") == [(convention.number, 1), (convention.number, 2)]
        assert len(self.rows(officer_client, etat="inconnu", entreprise="x")) == 5

    def test_the_file_holds_what_is_on_screen(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        declared(convention, officer, quantity=3)
        text = officer_client.get(LIST, {"engagement": "internships"}).content.decode()
        address = f"{reverse('exports:export', args=['engagements', 'csv'])}?engagement=internships"
        assert address.replace("&", "&amp;") in text
        body = b"".join(officer_client.get(address).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        titles, row = csv.reader(io.StringIO(body, newline=""), delimiter=";")
        told = dict(zip(titles, row, strict=True))
        assert (told["Convention"], told["Cible"], told["Réalisé"], told["Dont déclaré"]) == (
            convention.number,
            "12",
            "3",
            "3",
        )
        assert (told["Taux (%)"], told["Se compte"], told["Partenaire en sommeil"]) == (
            "25",
            "par année de convention",
            "non",
        )

    def test_what_was_done_of_one_promise_leaves_as_a_file(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        first, second = declared(convention, officer, quantity=3), reported(convention, officer)
        declared(convention, officer, key=2)
        address = f"/exports/realisations/csv/?convention={convention.pk}&engagement=1"
        assert address.replace("&", "&amp;") in officer_client.get(page(convention)).content.decode()
        waiting = "/exports/realisations-a-confirmer/csv/"
        assert waiting in officer_client.get(WAITING).content.decode()

        def told(path: str) -> list[dict[str, str]]:
            body = b"".join(officer_client.get(path)).decode("utf-8-sig")
            return list(csv.DictReader(io.StringIO(body, newline=""), delimiter=";"))

        assert sorted((row["Quantité"], row["Compte"]) for row in told(address)) == [("1", "non"), ("3", "oui")]
        assert [row["Dit par"] for row in told(waiting)] == [second.told_by]
        assert first.told_by != second.told_by
        for wrong in ("convention=9999999999999&engagement=1", f"convention={convention.pk}&engagement=99", ""):
            assert officer_client.get(f"/exports/realisations/csv/?{wrong}").status_code == 404

    def test_the_queries_do_not_grow(
        self, convention: PartnershipConvention, officer: User, officer_client: Client, same_query_count: Callable
    ) -> None:
        def add() -> None:
            reported(promised(TWELVE, VISITS, actor=officer), officer)

        add()
        assert same_query_count(lambda: officer_client.get(LIST), add) < 14
        assert same_query_count(lambda: officer_client.get(WAITING), add) < 8
        assert same_query_count(
            lambda: officer_client.get(page(convention)), lambda: declared(convention, officer, proof=photo())
        ) < 14  # fmt: skip


class TestSleeping:
    def shown(self, client: Client, convention: PartnershipConvention) -> set[bool]:
        """Return what each place says of the partner: they must agree."""
        name = convention.company.legal_name
        companies = client.get("/entreprises/", {"sommeil": "on"}).context["page_obj"]
        conventions = client.get("/conventions/", {"situation": "asleep"}).context["page_obj"]
        return {
            "Partenaire en sommeil" in client.get(convention.company.get_absolute_url()).content.decode(),
            name in {company.legal_name for company in companies},
            convention in conventions,
            "En sommeil" in client.get("/conventions/").content.decode(),
            "partenaire en sommeil" in client.get("/").content.decode(),
            bool(asleep_among([convention.company_id])),
        }

    def test_every_place_says_the_same(
        self, convention: PartnershipConvention, officer: User, officer_client: Client
    ) -> None:
        assert self.shown(officer_client, convention) == {True}
        waiting = reported(convention, officer)
        set_aside_delivery(reported(convention, officer).pk, "Non", officer)
        assert self.shown(officer_client, convention) == {True}, "what is not confirmed counts for nothing"
        officer_client.post(act(waiting, "confirm"))
        assert self.shown(officer_client, convention) == {False}

    def test_the_limits(self, officer: User) -> None:
        young = promised(TWELVE, months_ago=5, actor=officer)
        old = promised(TWELVE, months_ago=6, actor=officer)
        over = promised(TWELVE, months_ago=20, months=12, actor=officer)
        met, forgotten = (promised(TWELVE, months_ago=20, actor=officer) for _ in range(2))
        once = promised(TWELVE, months_ago=20, actor=officer)
        last = add_months(timezone.localdate(), -12)
        for row, day in ((met, last), (forgotten, last - (today() - ago(1)))):
            note_exchange(CompanyExchange(company=row.company, held_on=day, kind="call"), officer)
        declared(once, officer, on=last - (today() - ago(1)))
        companies = [row.company_id for row in (young, old, over, met, forgotten, once)]
        assert asleep_among(companies) == {old.company_id, forgotten.company_id, once.company_id}


def test_a_photo_of_an_iphone_is_refused_with_what_to_do_there(
    convention: PartnershipConvention, officer_client: Client
) -> None:
    page = reverse("partnerships:promise", args=[convention.pk, 1])
    asked = re.search(r'<input type="file"[^>]*name="proof"[^>]*>', officer_client.get(page).content.decode())
    # An iPhone that is asked for these turns its own photos into JPEG before it sends them.
    assert asked
    assert 'accept="application/pdf,image/jpeg,image/png"' in asked[0]
    proof = SimpleUploadedFile("IMG_0042.HEIC", b"\0\0\0\x18ftypheic" + bytes(400), "image/heic")
    sent = {"delivered_on": timezone.localdate(), "quantity": 1, "description": "Trois stages", "proof": proof}
    answer = officer_client.post(page, sent | {"public_id": uuid4()})
    told = answer.content.decode().replace("&gt;", ">").replace("\N{NO-BREAK SPACE}", " ")
    assert answer.status_code == 422
    assert "Réglages > Appareil photo > Formats > « Le plus compatible »" in told
    assert "Trois stages" in told
    assert not convention.deliveries.exists()


def test_a_proof_too_heavy_is_told_beside_its_field(
    convention: PartnershipConvention, officer_client: Client, settings: Any
) -> None:
    settings.UPLOAD_LIMIT_BYTES = 4000
    proof = SimpleUploadedFile("preuve.pdf", b"%PDF-" + b" " * 5000, "application/pdf")
    sent = {"delivered_on": timezone.localdate(), "quantity": 1, "description": "Trois stages", "proof": proof}
    answer = officer_client.post(reverse("partnerships:promise", args=[convention.pk, 1]), sent)
    assert answer.status_code == 422
    assert "trop lourd" in answer.content.decode()
    assert "Trois stages" in answer.content.decode()
    assert not convention.deliveries.exists()
