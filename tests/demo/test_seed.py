"""The demonstration tells published facts, leaves empty what no source says, and adds nothing the second time."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.models import Entry
from e2c_portal.demo.personas import DEMO_PASSWORD, PERSONAS
from e2c_portal.demo.seed import archives
from e2c_portal.demo.seed.example_facts import AWAITED_COMPANY, LINK_COMPANY, OPEN_COMPANY, SIGNED_COMPANY
from e2c_portal.demo.seed.on_paper import make_document
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.rendering import render_template_to_html
from e2c_portal.documents.rendering.html_tree import plain_tree
from e2c_portal.kernel.french import typeset
from partnerships import workflows
from partnerships.models import (
    CommitmentDelivery,
    Company,
    CompanyContact,
    ConventionMove,
    Establishment,
    PartnershipConvention,
    SigningEvent,
)
from partnerships.situation import situation_on
from schools.models import Membership, School, Site
from schools.queries import current_network
from schools.scope import scope_of
from tests.demo.conftest import ADDED, Loaded, ready, seed
from tests.documents.test_html_tree import read_by_the_engine, shape
from tests.factories.partnerships import make_move, sign
from tests.factories.signing import envelope_of
from tests.faults.broker import NOWHERE, publishing_to
from trainees.models import Approach, InternshipOffer
from trainees.reads.offers import state_of, with_places

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

OF_2013 = ["Castorama", "EDF", "ERDF", "Orange", "SNCF"]
OF_2014 = ["La Poste", "Kiloutou", "Cofely-INEO-GDF-SUEZ", "Pro BTP"]
COUNTED = (
    User,
    School,
    Site,
    Membership,
    Company,
    Establishment,
    SigningEvent,
    PartnershipConvention,
    ConventionMove,
    Document,
    CommitmentDelivery,
    CompanyContact,
    InternshipOffer,
    Approach,
    Entry,
)


def convention_of(name: str) -> PartnershipConvention:
    return PartnershipConvention.objects.get(company__legal_name=name)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


class TestLoading:
    def test_it_says_what_it_added_to_what_an_interrupted_run_left(self, seeded: Loaded) -> None:
        there = {"+ 8 comptes": "+ 0 compte", "+ 4 conventions d’exemple": "+ 3 conventions d’exemple"}
        assert seeded.said == [there.get(line, line) for line in ADDED]

    def test_it_finishes_what_the_interrupted_run_began(self, seeded: Loaded) -> None:
        assert seeded.half.status == workflows.APPROVED
        seeded.half.refresh_from_db()
        assert seeded.half.status == workflows.SIGNED
        assert PartnershipConvention.objects.count() == 13

    def test_a_second_run_adds_nothing(self) -> None:
        before = counts()
        assert {line.replace("\u00a0", " ")[:3] for line in seed().splitlines()} == {"+ 0"}
        assert counts() == before

    def test_it_refuses_production(self, settings) -> None:
        settings.PORTAL_PRODUCTION = True
        with pytest.raises(CommandError, match="ne se chargent pas en production"):
            seed()

    def test_a_wrong_fact_stops_it_in_french(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def wrong(actor: User) -> int:
            raise ValidationError("Ce SIRET n’est pas valable.")

        monkeypatch.setattr("e2c_portal.demo.management.commands.seed_demo.load_archives", wrong)
        with pytest.raises(CommandError, match="Donnée de démonstration refusée : Ce SIRET"):
            seed()

    def test_nothing_is_said_to_be_done_but_by_the_signed_example(self) -> None:
        rows = CommitmentDelivery.objects.select_related("convention__company")
        assert {row.convention.company.legal_name for row in rows} == {SIGNED_COMPANY}
        assert all("(exemple)" in row.description for row in rows)
        assert sorted(row.status for row in rows) == ["counted", "counted", "counted", "reported"]


class TestHosting:
    def test_offers_stand_open_full_and_to_come(self) -> None:
        rows = with_places(InternshipOffer.objects.all()).order_by("pk")
        assert [(row.places, row.left, state_of(row).label) for row in rows] == [
            (2, 1, "Ouverte"), (1, 0, "Complète"), (2, 2, "Ouverte"), (3, 3, "Ouverte"),
        ]  # fmt: skip
        assert {("company" if row.proposed_by else "school" if row.school else "region") for row in rows} == {
            "company", "school", "region",
        }  # fmt: skip

    def test_each_school_has_something_to_follow_and_one_is_late(self) -> None:
        today = timezone.localdate()
        waiting = Approach.objects.filter(settled_on=None, next_on__isnull=False)
        assert {row.school.slug for row in waiting} == {"nimes", "montpellier"}
        assert sum(row.is_late_on(today) for row in waiting) == 1


class TestNetwork:
    def test_it_is_named(self) -> None:
        network = current_network()
        assert network
        assert network.name.replace("\u00a0", " ") == "Écoles régionales de la 2e chance du Languedoc-Roussillon"

    def test_its_schools_are_those_of_the_sources(self) -> None:
        assert list(School.objects.order_by("slug").values_list("slug", flat=True)) == [
            "ales", "beziers", "carcassonne", "lunel", "mende", "montpellier", "narbonne", "nimes", "perpignan",
        ]  # fmt: skip
        assert Site.objects.count() == 10
        assert not Site.objects.filter(city__icontains="lézignan").exists()

    @pytest.mark.parametrize(
        ("slug", "opened", "operator"),
        [
            ("nimes", 2008, "Peuple et Culture"), ("perpignan", 2009, "CEMEA"), ("ales", 2010, "GRETA-CFA Gard-Lozère"),
            ("narbonne", 2011, "Centre régional de formation professionnelle"), ("carcassonne", 2007, ""), ("mende", None, ""),
        ],
    )  # fmt: skip
    def test_what_is_known_of_each(self, slug: str, opened: int | None, operator: str) -> None:
        school = School.objects.get(slug=slug)
        assert (school.opened_year, school.operator) == (opened, operator)

    def test_places_and_addresses(self) -> None:
        assert Site.objects.get(city="Perpignan").places == 70
        assert Site.objects.get(city="Nîmes").address == "80 avenue Jean-Jaurès"
        assert set(Site.objects.filter(city="Montpellier").values_list("opened_year", flat=True)) == {None}

    def test_no_number_is_invented(self) -> None:
        for school in School.objects.all():
            assert (school.siret, school.uai, school.activity_declaration_number) == ("", "", "")
            assert school.label_starts_on is None
            assert school.sources


class TestArchives:
    def test_they_are_nine(self) -> None:
        names = (
            PartnershipConvention.objects.filter(origin="archive")
            .order_by("number")
            .values_list("company__legal_name", flat=True)
        )
        assert list(names) == OF_2013 + OF_2014

    @pytest.mark.parametrize("name", OF_2013)
    def test_2013(self, name: str) -> None:
        convention = convention_of(name)
        assert (convention.signed_on, convention.starts_on, convention.ends_on) == (
            date(2013, 10, 11), date(2013, 10, 11), date(2016, 10, 10),
        )  # fmt: skip
        assert (convention.deliberation_number, convention.deliberation_date) == ("", None)
        assert convention.signing_event
        assert (convention.signed_place, convention.signing_event.place) == ("Montpellier", "Hôtel de Région")
        assert "déduites" in convention.sources
        assert situation_on(convention, timezone.localdate()).name == "expired"

    @pytest.mark.parametrize("name", OF_2014)
    def test_2014(self, name: str) -> None:
        convention = convention_of(name)
        assert (convention.signed_on, convention.starts_on, convention.ends_on) == (date(2014, 12, 12), None, None)
        assert (convention.deliberation_number, convention.deliberation_date) == ("CR-14/06.540", date(2014, 10, 17))
        assert [row.full_name for row in convention.signatories.filter(side="region").order_by("position")] == [
            "Damien Alary", "Béatrice Négrier", "Karine Chevalier",
        ]  # fmt: skip
        assert [row.full_name for row in convention.signatories.filter(side="company")] == [""]
        assert convention.visas.startswith("le Code général des collectivités territoriales")
        assert situation_on(convention, timezone.localdate()).name == "undated"

    def test_the_printed_name_and_the_corrected_one_are_both_kept(self) -> None:
        convention = convention_of("Pro BTP")
        assert (convention.printed_company_name, convention.shown_company_name) == ("Pro-BOP", "Pro-BOP")

    def test_la_poste_alone_has_known_numbers(self) -> None:
        assert list(Company.objects.exclude(siren="").values_list("legal_name", "siren")) == [("La Poste", "356000000")]
        assert list(Establishment.objects.exclude(siret="").values_list("siret", "is_head_office")) == [
            ("35600000000048", True)
        ]

    def test_the_contradiction_about_gdf_is_told(self) -> None:
        assert "deux sources de 2013 disent ERDF" in convention_of("ERDF").sources
        assert not Company.objects.filter(legal_name="GDF").exists()

    def test_they_went_through_the_real_move(self) -> None:
        for convention in PartnershipConvention.objects.filter(origin="archive"):
            [move] = convention.moves.all()
            assert (move.origin, move.target, move.effective_on) == ("draft", "signed", convention.signed_on)
            assert move.actor.is_active

    def test_no_promise_has_an_invented_figure(self) -> None:
        for convention in PartnershipConvention.objects.filter(origin="archive"):
            assert {row.target for row in convention.commitments.all()} == {None}
            assert {row.period for row in convention.commitments.all()} == {""}

    def test_every_text_is_typeset(self) -> None:
        for convention in PartnershipConvention.objects.all():
            texts = [convention.title, convention.sources, convention.preamble, convention.visas, convention.recitals]
            texts += [article.body for article in convention.articles.all()]
            assert all(text == typeset(text) for text in texts)

    def test_every_convention_says_where_it_comes_from(self) -> None:
        for year in archives.YEARS:
            assert len(year.sources) >= 5
        for convention in PartnershipConvention.objects.filter(origin="archive"):
            assert "Numéro" in convention.sources
            assert "2014" in convention.sources


class TestExamples:
    def test_they_say_that_they_are_examples(self) -> None:
        for name in (OPEN_COMPANY, SIGNED_COMPANY, LINK_COMPANY, AWAITED_COMPANY):
            convention = convention_of(name)
            assert "(exemple)" in convention.title
            assert convention.company.siren == ""
            assert all("xemple" in row.full_name or "Modèle" in row.full_name for row in convention.signatories.all())

    def test_one_is_in_force_through_real_moves(self) -> None:
        convention = convention_of(SIGNED_COMPANY)
        assert situation_on(convention, timezone.localdate()).name == "active"
        assert [move.target for move in convention.moves.order_by("pk")] == [
            "approved",
            "deliberated",
            "to_sign",
            "signed",
        ]
        envelope = convention.signed_envelope()
        assert envelope is not None
        assert {row.method for row in envelope.signatories.all()} == {"paper"}
        assert convention.signed_on == timezone.localdate() - timedelta(days=30)

    def test_two_wait_for_their_signatures(self) -> None:
        for name, people in ((LINK_COMPANY, 3), (AWAITED_COMPANY, 2)):
            envelope = envelope_of(convention_of(name))
            assert [row.method for row in envelope.signatories.all()] == ["electronic"] * people

    def test_a_loading_stopped_midway_does_not_keep_the_next_one_from_making_its_document(self) -> None:
        convention = PartnershipConvention.objects.get(company__legal_name=AWAITED_COMPANY)
        envelope = envelope_of(convention)
        claim = {"status": "building", "claim": uuid4(), "claimed_at": timezone.now(), "attempts": 1}
        assert Document.objects.filter(pk=envelope.document_id, status="queued").update(**claim) == 1
        make_document(envelope)
        assert envelope.document.status == "ready"

    def test_the_other_can_go_all_the_way(self) -> None:
        convention = convention_of(OPEN_COMPANY)
        officer = convention.created_by
        for name in ("open_negotiation", "approve", "record_vote", "send_to_sign"):
            convention = make_move(convention, name, officer)
        assert sign(convention, officer).status == workflows.SIGNED


class TestPeople:
    @pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.key)
    def test_each_can_sign_in(self, persona, rf) -> None:
        user = authenticate(rf.post("/connexion/"), email=persona.email, password=DEMO_PASSWORD)
        assert user == User.objects.get(email=persona.email)
        assert scope_of(user).whole_network is bool(persona.role)
        assert not scope_of(user).empty

    def test_a_password_changed_since_is_left_alone(self) -> None:
        user = User.objects.get(email=PERSONAS[0].email)
        user.set_password("un autre mot de passe, choisi depuis")
        user.save()
        seed()
        user.refresh_from_db()
        assert user.check_password("un autre mot de passe, choisi depuis")

    def test_a_ceremony_to_come_has_the_awaited_one_alone(self) -> None:
        [event] = SigningEvent.objects.filter(held_on__gt=timezone.localdate())
        assert [item.convention for item in event.programme.all()] == [convention_of(AWAITED_COMPANY)]
        assert not PartnershipConvention.objects.filter(signing_event=event).exists()
        assert not SigningEvent.objects.filter(programme__convention__origin="archive").exists()


class TestWhatIsMissing:
    """`demo_ready` says clearly what is missing. The test that needs commits stands in a file of its own."""

    def test_no_worker(self) -> None:
        with pytest.raises(CommandError, match="Aucun ouvrier ne répond"):
            ready(timeout=0.2)

    def test_no_broker(self) -> None:
        with publishing_to(NOWHERE), pytest.raises(CommandError, match="Aucun ouvrier ne répond"):
            ready(timeout=0.2)

    def test_a_failure_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def failed(document: Document) -> None:
            Document.objects.filter(pk=document.pk).update(
                status=Status.BUILDING, claim=document.public_id, claimed_at=document.queued_at
            )
            Document.objects.filter(pk=document.pk).update(
                status=Status.FAILED, failure="Plus de place.", claim=None, claimed_at=None
            )
            original(document)

        original = Document.refresh_from_db
        monkeypatch.setattr(Document, "refresh_from_db", failed)
        with pytest.raises(CommandError, match="Plus de place"):
            ready(timeout=5)


class TestDocuments:
    def test_each_page_is_read_in_the_short_way_as_the_engine_reads_it(self) -> None:
        """One document of each kind: a template written otherwise would be read in twenty times the time."""
        for document in Document.objects.order_by("kind", "-pk").distinct("kind"):
            kind = kind_named(document.kind)
            words = {**document.context, **kind.secrets(document)}
            html = render_template_to_html(kind.template, document.template_version, words)
            tree = plain_tree(html)
            assert tree is not None, document.kind
            assert shape(tree) == shape(read_by_the_engine(html)), document.kind
