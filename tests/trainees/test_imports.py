"""The coordinator’s spreadsheet: what is refused and why, what is created once, undone, taken up again, done by two at once."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from threading import Thread

import pgtrigger
import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import School
from tests.factories.network import member_of
from tests.factories.spreadsheets import PRESCRIBER, applied, checked, csv_file, messy_rows, prescriber, undone, xlsx
from tests.factories.trainees import limits, pathway_of, site_of, trainee_in
from trainees.models import (
    LegalRepresentative,
    Pathway,
    PathwayMove,
    Referral,
    Trainee,
    TraineeImport,
    TraineeImportLine,
)
from trainees.operations import import_retention, import_turns
from trainees.operations.import_applying import apply_import
from trainees.operations.imports import (
    bring_spreadsheet,
    remembered_columns,
    request_application,
    request_check,
    request_undo,
)
from trainees.operations.people import revise_trainee

pytestmark = pytest.mark.django_db
TITLES = ["Nom", "Prénom", "Date de naissance", "Courriel", "Date d’entrée", "Fin prévue", "Ville"]
PONS = ["PONS", "Léa", "12/03/2006", "lea@exemple.invalid", "01/09/2026", "31/03/2027", "Sète"]


@pytest.fixture(autouse=True)
def ready_school(school: School) -> None:
    limits()
    site_of(school)
    prescriber()


def line_of(asked: TraineeImport, number: int = 2) -> TraineeImportLine:
    return asked.lines.get(number=number)


def one(school: School, actor: User, **cells: str) -> TraineeImport:
    """Check a file of one line: that of PONS Léa, with other cells by title."""
    titles = [*TITLES, *(title for title in cells if title not in TITLES)]
    row = [cells.get(title, dict(zip(TITLES, PONS, strict=True)).get(title, "")) for title in titles]
    return checked(csv_file([row], titles), school, actor)


class TestRefusals:
    def test_only_those_who_lead_the_school_bring_a_file(
        self, school: School, other_school: School, officer: User, coordinator: User, auditor: User
    ) -> None:
        referent = member_of(school, officer, role="referent")
        for actor, target in ((referent, school), (auditor, school), (coordinator, other_school), (officer, school)):
            with pytest.raises(NotAllowed):
                bring_spreadsheet(csv_file([PONS], TITLES), target, actor)
        assert not TraineeImport.objects.exists()

    @pytest.mark.parametrize("title", ["NIR", "N° Sécu", "Numéro de sécurité sociale", "Observations"])
    def test_a_column_of_social_security_numbers_refuses_the_file(
        self, title: str, school: School, coordinator: User
    ) -> None:
        content = csv_file([[*PONS, "2 06 03 34 172 123 45"]], [*TITLES, title])
        with pytest.raises(Refused, match="sécurité sociale"):
            bring_spreadsheet(content, school, coordinator)
        assert not TraineeImport.objects.exists()

    def test_a_number_in_one_cell_refuses_its_line_and_is_not_kept(self, school: School, coordinator: User) -> None:
        rows = [[*PONS, "motivée"], ["ROUX", *PONS[1:], "206033417212345"], ["VIDAL", *PONS[1:], "à rappeler"]]
        asked = checked(csv_file(rows, [*TITLES, "Observations"]), school, coordinator)
        assert line_of(asked, 3).action == "refused"
        assert "« Observations »" in line_of(asked, 3).reason
        assert not stored_anywhere("2060334172")

    def test_the_database_refuses_a_number_in_the_stored_lines(self, school: School, coordinator: User) -> None:
        asked = bring_spreadsheet(csv_file([PONS], TITLES), school, coordinator)
        with pytest.raises(IntegrityError, match="without_nir"):
            TraineeImportLine.objects.create(owner=asked, number=9, cells=["2 06 03 34 172 123 45"])

    @pytest.mark.parametrize(
        ("cells", "words"),
        [
            ({"Date de naissance": "31/02/2006"}, "« 31/02/2006 » n’est pas une date"),
            ({"Date de naissance": "12/03/2099"}, "n’est pas possible"),
            ({"Date de naissance": ""}, "Date de naissance : cette colonne est vide"),
            ({"Nom": ""}, "Nom : cette colonne est vide"),
            ({"Date de naissance": "12/03/1998"}, "Enregistrez une dérogation motivée"),
            ({"Date de naissance": "12/03/1980"}, "l’âge maximal est de 29 ans"),
            ({"Fin prévue": "31/08/2026"}, "elle précède la date d’entrée"),
            ({"Fin prévue": ""}, "nécessaire pour ouvrir le parcours"),
            ({"Date d’entrée": ""}, "une fin prévue seule n’ouvre pas"),
            ({"Courriel": "lea"}, "n’est pas une adresse électronique"),
            ({"Téléphone": "12"}, "n’est pas un numéro de téléphone"),
            ({"Code postal": "3400"}, ""),
            ({"Code postal": "34"}, "n’a pas cinq chiffres"),
            ({"Site": "Lune"}, "« Lune » n’est pas un site ouvert de l’école (Site principal)"),
            ({"Référent": "inconnu@ecole.invalid"}, "ne travaille pas dans l’école"),
            ({"Prescripteur": "Inconnu"}, "n’est pas dans la liste du portail"),
            ({"Prescripteur": PRESCRIBER, "Prescrit le": "02/09/2026"}, "elle suit la date d’entrée"),
            ({"Représentant légal": "Anne Pons"}, "dites sa qualité"),
            ({"Représentant légal": "Anne Pons", "Lien": "voisine"}, "« voisine » n’est pas compris"),
            ({"Niveau": "doctorat"}, "« doctorat » n’est pas compris"),
            ({"QPV": "centre-ville"}, "n’est pas un code"),
            ({"Permis": "bientôt"}, "écrivez oui ou non"),
        ],
    )
    def test_each_refusal_is_explained(
        self, cells: dict[str, str], words: str, school: School, coordinator: User
    ) -> None:
        line = line_of(one(school, coordinator, **cells))
        assert (line.action == "refused") == bool(words)
        assert words in line.reason

    def test_columns_are_chosen_before_anything(self, school: School, coordinator: User) -> None:
        asked = bring_spreadsheet(csv_file([PONS], ["A", "B", "C", "D", "E", "F", "G"]), school, coordinator)
        assert asked.mapping == {}
        with pytest.raises(Refused) as refusal:
            request_check(asked.pk, {"0": "last_name", "1": "last_name"}, coordinator)
        assert "Choisissez la colonne « Prénom »." in refusal.value.details
        assert "« Nom » est choisi pour plusieurs colonnes : gardez-en une." in refusal.value.details
        with pytest.raises(Refused, match="rechargez"):
            request_check(asked.pk, {"99": "last_name"}, coordinator)

    def test_each_step_comes_once_and_in_order(self, school: School, coordinator: User) -> None:
        asked = one(school, coordinator)
        with pytest.raises(Refused, match="Seul un import terminé"):
            request_undo(asked.pk, coordinator)
        applied(asked, coordinator)
        with pytest.raises(Refused, match="déjà fait"):
            request_application(asked.pk, coordinator)
        undone(asked, coordinator)
        with pytest.raises(Refused, match="déjà annulé"):
            request_undo(asked.pk, coordinator)


class TestWhatIsWritten:
    def test_one_line_makes_the_whole_file_of_a_person(self, school: School, coordinator: User, officer: User) -> None:
        referent = member_of(school, officer, "Rémi Formateur", role="referent")
        asked = one(
            school, coordinator, **{
                "Sexe": "Mme", "Tél": "612345678", "CP": "9000", "Référent": "RÉMI formateur", "Prescripteur": PRESCRIBER.upper(),
                "Niveau": "CAP", "Permis": "non", "QPV": "qn03401m 2015", "Représentant légal": "Anne Pons", "Lien": "Mère",
            },
        )  # fmt: skip
        assert not Trainee.objects.exists(), "the check writes nothing"
        applied(asked, coordinator)
        trainee = Trainee.objects.get()
        told = (trainee.last_name, trainee.birth_date, trainee.gender, trainee.phone, trainee.postal_code)
        assert told == ("PONS", date(2006, 3, 12), "F", "0612345678", "09000")
        pathway = trainee.pathways.get()
        assert (pathway.status, pathway.entered_on, pathway.trial_ends_on, pathway.referent) == (
            "trial", date(2026, 9, 1), date(2026, 10, 12), referent,
        )  # fmt: skip
        assert (pathway.profile.education_level, pathway.profile.driving_licence, pathway.profile.qpv_vintage) == (
            "niveau_3", False, "2015",
        )  # fmt: skip
        assert trainee.referrals.get().prescriber.name == PRESCRIBER
        assert trainee.representatives.get().get_quality_display() == "Mère"
        assert {entry.actor for entry in trail_of(trainee)} == {coordinator}

    def test_a_known_person_is_completed_and_never_overwritten(self, school: School, coordinator: User) -> None:
        known = trainee_in(
            school, coordinator, last_name="Pons", first_name="Lea", birth_date=date(2006, 3, 12), email="", city="Agde"
        )
        applied(one(school, coordinator), coordinator)
        known.refresh_from_db()
        assert (known.email, known.city, known.last_name, known.pathways.count()) == (
            "lea@exemple.invalid", "Agde", "Pons", 1,
        )  # fmt: skip
        again = one(school, coordinator)
        assert (line_of(again).action, "la fiche garde « Agde »" in line_of(again).reason) == ("unchanged", True)
        with pytest.raises(Refused, match="Rien à importer"):
            request_application(again.pk, coordinator)

    def test_a_person_is_known_by_address_and_birth_date_too(self, school: School, coordinator: User) -> None:
        trainee_in(
            school, coordinator, last_name="Pons-Vidal", birth_date=date(2006, 3, 12), email="lea@exemple.invalid"
        )
        line = line_of(one(school, coordinator))
        assert (line.action, "Reconnue d’après son courriel" in line.reason) == ("complete", True)
        other = line_of(one(school, coordinator, **{"Date de naissance": "13/03/2006"}))
        assert (other.action, "Même courriel que" in other.reason) == ("create", True)

    def test_another_school_is_neither_matched_nor_named(
        self, school: School, other_school: School, coordinator: User, officer: User
    ) -> None:
        elsewhere = member_of(other_school, officer)
        trainee_in(other_school, elsewhere, last_name="PONS", first_name="Léa", birth_date=date(2006, 3, 12), email="lea@exemple.invalid")  # fmt: skip
        line = line_of(one(school, coordinator))
        assert (line.action, line.reason, line.trainee_id) == ("create", "", None)

    def test_an_open_pathway_is_kept(self, school: School, coordinator: User) -> None:
        trainee = trainee_in(school, coordinator, last_name="Pons", first_name="Léa", birth_date=date(2006, 3, 12))
        pathway_of(trainee, coordinator, entered_on=date(2026, 8, 3))
        line = line_of(one(school, coordinator, Courriel=trainee.email, Ville=trainee.city))
        assert (line.action, "déjà ouvert depuis le 3 août 2026" in line.reason.replace("\u00a0", " ")) == (
            "unchanged",
            True,
        )

    def test_the_school_remembers_its_columns(self, school: School, coordinator: User) -> None:
        rows = csv_file([PONS[:3]], ["Patronyme", "Petit nom", "J"])
        asked = bring_spreadsheet(rows, school, coordinator)
        request_check(asked.pk, {"0": "last_name", "1": "first_name", "2": "birth_date"}, coordinator)
        again = bring_spreadsheet(csv_file([PONS[2::-1]], ["J", "PETIT  NOM", "patronyme"]), school, coordinator)
        assert again.mapping == {"0": "birth_date", "1": "first_name", "2": "last_name"}
        assert remembered_columns(school)["patronyme"] == "last_name"


@pytest.mark.django_db(transaction=True)
def test_a_messy_file_twice_then_undone(school: School, coordinator: User) -> None:
    """Real commits: what the database checks at the end of each line is checked here as in the worker."""
    rows = messy_rows(120)
    asked = checked(xlsx(rows), school, coordinator)
    actions = Counter(asked.lines.values_list("action", flat=True))
    assert actions == {"create": 99, "refused": 21}
    assert not asked.lines.filter(action="refused", reason="").exists()
    assert "Même personne que la ligne 11" in line_of(asked, 41).reason
    applied(asked, coordinator)
    assert asked.figures["was_done"] == Trainee.objects.count() == Pathway.objects.filter(status="trial").count() == 99
    again = checked(csv_file(rows, encoding="cp1252"), school, coordinator)
    assert Counter(again.lines.values_list("action", flat=True)) == {"unchanged": 99, "refused": 21}
    undone(asked, coordinator)
    assert asked.figures["was_undone"] == 99
    for model in (Trainee, Pathway, PathwayMove, Referral, LegalRepresentative):
        assert not model.objects.exists()


class TestUndoing:
    def two(self, school: School, actor: User) -> TraineeImport:
        rows = [PONS, ["ROUX", "Noé", "04/05/2005", "noe@exemple.invalid", *PONS[4:]]]
        return applied(checked(csv_file(rows, TITLES), school, actor), actor)

    def test_what_changed_since_is_kept_with_its_reason(self, school: School, coordinator: User) -> None:
        asked = self.two(school, coordinator)
        trainee = Trainee.objects.get(last_name="PONS")
        trainee.phone = "0600000001"
        revise_trainee(trainee, trainee.revision, coordinator)
        undone(asked, coordinator)
        assert [row.last_name for row in Trainee.objects.all()] == ["PONS"]
        assert "la fiche a été modifiée" in line_of(asked, 2).told
        assert (line_of(asked, 3).outcome, line_of(asked, 3).trainee_id) == ("undone", None)

    def test_what_was_used_since_is_kept_with_its_reason(self, school: School, coordinator: User) -> None:
        asked = self.two(school, coordinator)
        trainee = Trainee.objects.get(last_name="ROUX")
        LegalRepresentative.objects.create(trainee=trainee, full_name="Paul Roux", quality="father")
        Trainee.objects.get(last_name="PONS").pathways.get().phases.create(
            kind="integration", starts_on=date(2026, 9, 1)
        )
        undone(asked, coordinator)
        assert "1\u00a0phase en dépend" in line_of(asked, 2).told
        assert "1\u00a0représentant légal en dépend" in line_of(asked, 3).told
        assert Trainee.objects.count() == 2

    def test_only_what_the_import_filled_is_emptied(self, school: School, coordinator: User) -> None:
        known = trainee_in(school, coordinator, last_name="PONS", first_name="Léa", birth_date=date(2006, 3, 12), email="", city="Agde")  # fmt: skip
        asked = applied(one(school, coordinator), coordinator)
        undone(asked, coordinator)
        known.refresh_from_db()
        assert (known.email, known.city, known.pathways.count()) == ("", "Agde", 0)
        assert "ajouts retirés" in trail_of(known)[0].summary


class TestTurns:
    def test_a_killed_worker_is_followed_by_another_and_nothing_is_done_twice(
        self, school: School, coordinator: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = checked(xlsx(messy_rows(12)), school, coordinator)
        monkeypatch.setattr(import_turns, "TURN_SECONDS", -1)
        request_application(asked.pk, coordinator)
        assert not apply_import(asked.pk)
        assert Trainee.objects.count() == 1
        claim = import_turns.take(asked.pk, "applying")  # a worker that dies here
        assert claim is not None
        assert not apply_import(asked.pk), "somebody holds it"
        past = timezone.now() - timedelta(minutes=5)
        TraineeImport.objects.filter(pk=asked.pk).update(claimed_at=past, queued_at=past)
        assert import_turns.sweep() == 1
        while not apply_import(asked.pk):
            pass
        assert Trainee.objects.count() == asked.lines.filter(outcome="done").count() == 10
        with pytest.raises(import_turns.ClaimLost), import_turns.held(asked.pk, claim):
            pytest.fail("the first worker came back")

    def test_a_check_that_kills_its_workers_is_given_up(self, school: School, coordinator: User) -> None:
        asked = bring_spreadsheet(csv_file([PONS], TITLES), school, coordinator)
        request_check(asked.pk, asked.mapping, coordinator)
        past = timezone.now() - timedelta(minutes=5)
        TraineeImport.objects.filter(pk=asked.pk).update(queued_at=past, attempts=5)
        assert import_turns.sweep() == 1
        asked.refresh_from_db()
        assert (asked.status, "plusieurs fois" in asked.failure) == ("failed", True)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_people_at_once_make_them_once(school: School, coordinator: User) -> None:
    files = [checked(xlsx(messy_rows(20)), school, coordinator) for _ in range(2)]
    for asked in files:
        request_application(asked.pk, coordinator)

    def run(asked: TraineeImport) -> None:
        try:
            apply_import(asked.pk)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(asked,)) for asked in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes = Counter(TraineeImportLine.objects.exclude(outcome="").values_list("outcome", flat=True))
    assert outcomes["done"] == outcomes["refused"] == Trainee.objects.count() > 15


def test_lines_go_after_thirty_days_and_the_head_stays(school: School, coordinator: User) -> None:
    asked, waiting = applied(one(school, coordinator), coordinator), one(school, coordinator)
    with pgtrigger.ignore("trainees.TraineeImport:asked_once"):
        TraineeImport.objects.update(requested_at=timezone.now() - timedelta(days=31))
    assert import_retention.purge() == 2
    waiting.refresh_from_db()
    assert (waiting.status, TraineeImport.objects.count(), asked.figures["was_done"]) == ("expired", 2, 1)
    with pytest.raises(Refused, match="plus de 30 jours"):
        request_undo(asked.pk, coordinator)


def stored_anywhere(text: str) -> bool:
    """Say whether a text stands in any column of any table of the portal."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        return any(_holds(cursor, name, text) for (name,) in cursor.fetchall())


def _holds(cursor, table: str, text: str) -> Iterator[bool]:
    cursor.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}" t WHERE t::text LIKE %s)', [f"%{text}%"])
    return cursor.fetchone()[0]
