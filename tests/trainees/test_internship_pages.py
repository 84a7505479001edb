"""The pages of internships: doors, the guided entry that fills itself and says what is refused, the list and its figures."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from partnerships import workflows
from partnerships.counters import Asked, counter_of
from partnerships.models import Company, CompanyContact, Establishment
from partnerships.operations.conventions import Promise
from partnerships.progress import progress_of
from partnerships.sleeping import asleep_among
from schools.models import School
from schools.scope import Scope
from tests.factories.internships import FRIDAY, planned, said_moved, said_signed, said_to_sign, somebody_planned
from tests.factories.network import member_of
from tests.factories.partnerships import convention_at
from tests.factories.timetables import MONDAY, full_weeks
from tests.factories.trainees import host, pathway_of, trade, trainee_in, tutor_at
from trainees.law.timetable import Slot
from trainees.models import Internship, Trainee
from trainees.operations.internships import move_internship
from trainees.operations.school_days import set_week
from trainees.reads.commitments import COUNTER
from trainees.reads.entry import next_monday
from trainees.reads.internship_list import Asking, internships_listed
from trainees.reads.situation import SITUATIONS, in_situation, situation_expression, situation_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
LIST = "/stagiaires/stages/"


@pytest.fixture
def trainee(school: School, coordinator: User) -> Trainee:
    return trainee_in(school, coordinator, last_name="Pons", first_name="Léa")


@pytest.fixture
def client(coordinator: User, client_of: ClientOf) -> Client:
    return client_of(coordinator)


def entry_url(trainee: Trainee, place: Establishment | None = None) -> str:
    url = reverse("trainees:internship_new", args=[trainee.public_id])
    return f"{url}?accueil={place.pk}" if place else url


def sent(page: Any, **changes: Any) -> dict[str, Any]:
    """Return what the browser sends when the page is left as it fills itself, but for some changes."""
    entry = page.context["entry"]
    data: dict[str, Any] = {"establishment": page.context["place"].pk}
    for form in (entry.form, entry.week, entry.exceptions):
        for field in form:
            value = field.value()
            if value not in (None, "", False):
                data[field.html_name] = getattr(value, "isoformat", lambda value=value: value)()
    return data | changes


class TestDoors:
    def test_another_school_finds_nothing(
        self, trainee: Trainee, other_school: School, officer: User, coordinator: User, client_of: ClientOf
    ) -> None:
        internship = planned(trainee, coordinator)
        stranger = client_of(member_of(other_school, officer))
        for url in urls_of(internship):
            assert stranger.get(url).status_code == 404, url
            assert stranger.post(url).status_code in (404, 405), url
        asked = {"situation": "all", "q": "Pons"}
        assert "PONS" not in stranger.get(LIST, asked).content.decode()
        assert b"Pons" not in stranger.get("/exports/stages/csv/", asked).getvalue()
        assert stranger.get(LIST, asked).context["page_obj"].paginator.count == 0

    def test_the_network_reads_and_writes_nothing(
        self, trainee: Trainee, officer: User, auditor: User, coordinator: User, client_of: ClientOf
    ) -> None:
        internship = planned(trainee, coordinator)
        for somebody in (officer, auditor):
            reader = client_of(somebody)
            assert reader.get(internship.get_absolute_url()).status_code == 200
            assert "Modifier le stage" not in reader.get(internship.get_absolute_url()).content.decode()
            for url in urls_of(internship)[1:]:
                assert reader.get(url).status_code == 403, url
                assert reader.post(url).status_code in (403, 405), url

    def test_the_portal_alone_records_a_signature(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        internship = planned(trainee, coordinator, accepted=True)
        assert (
            client.get(reverse("trainees:internship_move", args=[internship.pk, "record_signature"])).status_code == 404
        )


def urls_of(internship: Internship) -> list[str]:
    trainee = internship.trainee
    return [
        internship.get_absolute_url(),
        reverse("trainees:internship_edit", args=[internship.pk]),
        reverse("trainees:internship_move", args=[internship.pk, "cancel"]),
        reverse("trainees:derogation_new", args=[internship.pk]),
        entry_url(trainee),
        reverse("trainees:internship_host", args=[trainee.public_id]),
        reverse("trainees:internship_host_new", args=[trainee.public_id]),
    ]


class TestEntry:
    def test_without_pathway_it_says_what_to_do(self, trainee: Trainee, client: Client) -> None:
        assert "ouvrez d’abord le sien" in client.get(entry_url(trainee)).content.decode().replace("&#x27;", "'")

    def test_without_host_it_asks_for_one(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        pathway_of(trainee, coordinator)
        answer = client.get(entry_url(trainee))
        assert answer.headers["Location"] == reverse("trainees:internship_host", args=[trainee.public_id])

    def test_a_known_trainee_is_saved_as_the_page_fills_itself(
        self, trainee: Trainee, coordinator: User, client: Client
    ) -> None:
        former = planned(trainee, coordinator, skills="Accueillir")
        page = client.get(entry_url(trainee))
        assert page.context["check"].findings == []
        answer = client.post(entry_url(trainee), sent(page, accepted="on"))
        made = Internship.objects.latest("pk")
        assert answer.headers["Location"] == made.get_absolute_url()
        assert made.status == "accepted"
        kept = ("establishment", "tutor", "host_signatory", "trade", "activities", "objectives", "skills", "kind")
        assert all(getattr(made, name) == getattr(former, name) for name in kept)
        assert (made.starts_on.weekday(), made.days.count()) == (0, made.days.count())
        assert made.starts_on > former.ends_on

    def test_a_double_click_makes_one(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        pathway_of(trainee, coordinator)
        url = entry_url(trainee, host())
        data = sent(client.get(url))
        answers = [client.post(url, data).headers["Location"] for _ in range(2)]
        assert answers[0] == answers[1]
        assert Internship.objects.count() == 1

    def test_the_law_is_told_before_and_nothing_typed_is_lost(
        self, trainee: Trainee, coordinator: User, client: Client
    ) -> None:
        pathway_of(trainee, coordinator)
        url = entry_url(trainee, host())
        data = sent(client.get(url), **{"semaine-0-ends_at": "21:30", "activities": "Mon texte à garder"})
        verdict = client.post(url, data | {"verifier": "1"}, headers={"HX-Request": "true"}).content.decode()
        assert "10\xa0h au plus par jour" in verdict
        assert "L6343-2 et L3121-18" in verdict
        assert "<html" not in verdict
        page = client.post(url, data)
        assert page.status_code == 422
        assert "Mon texte à garder" in page.content.decode()
        assert page.context["form"].non_field_errors()
        assert not Internship.objects.exists()

    def test_checking_saves_nothing(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        pathway_of(trainee, coordinator)
        url = entry_url(trainee, host())
        page = client.post(url, sent(client.get(url), verifier="1"))
        assert "Rien ne s’oppose à ce stage" in page.content.decode()
        assert not Internship.objects.exists()

    def test_a_day_in_two_places_and_a_day_off(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        pathway_of(trainee, coordinator, ends_on=date(2027, 6, 30))
        url = entry_url(trainee, host())
        page = client.get(url)
        monday = page.context["form"]["starts_on"].value()
        friday = monday + timedelta(days=4)
        tuesday, wednesday = (str(monday + timedelta(days=number)) for number in (1, 2))
        data = sent(page, ends_on=friday.isoformat())
        data |= {"jour-0-day": tuesday, "jour-0-place": "school", "jour-0-starts_at": "9:00", "jour-0-ends_at": "12:00"}
        data |= {
            "jour-1-day": tuesday,
            "jour-1-place": "company",
            "jour-1-starts_at": "13:00",
            "jour-1-ends_at": "17:00",
        }
        data |= {"jour-2-day": wednesday, "jour-2-place": ""}
        assert client.post(url, data).status_code == 302
        made = Internship.objects.get()
        written = list(made.days.filter(day__range=(monday, friday)).values_list("day", "place"))
        assert (monday + timedelta(days=2), "company") not in written
        assert [place for day, place in written if day == monday + timedelta(days=1)] == ["school", "company"]
        changing = client.get(reverse("trainees:internship_edit", args=[made.pk]))
        assert changing.context["check"].findings == []
        assert client.post(changing.request["PATH_INFO"], sent(changing, activities="Autre")).status_code == 302
        assert list(made.days.filter(day__range=(monday, friday)).values_list("day", "place")) == written

    def test_a_trade_is_found_by_a_word(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        pathway_of(trainee, coordinator)
        trade("G1602", "Personnel de cuisine"), trade("G1604", "Fabrication de crêpes ou pizzas")
        trade("G1601", "Management du personnel de cuisine")
        url = entry_url(trainee, host())
        page = client.get(url)
        assert "crêpes" in client.get(reverse("trainees:internship_trades"), {"trade_text": "crepe"}).content.decode()
        several = client.post(url, sent(page, trade_text="cuisine"))
        assert "choisissez-en un" in several.content.decode()
        assert client.post(url, sent(page, trade_text="crêpes")).status_code == 302
        assert Internship.objects.get().trade.code == "G1604"

    def test_the_words_of_a_trade_are_taken_again(
        self, trainee: Trainee, school: School, coordinator: User, client: Client
    ) -> None:
        somebody_planned(school, coordinator, activities="Éplucher, dresser.")
        pathway_of(trainee, coordinator)
        url = entry_url(trainee, host())
        page = client.post(url, sent(client.get(url), trade_text="G1602", remplir="1"))
        assert "Éplucher, dresser." in page.content.decode()

    def test_a_new_host_with_its_tutor(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        pathway_of(trainee, coordinator)
        url = reverse("trainees:internship_host_new", args=[trainee.public_id])
        data = {
            "legal_name": "Boulangerie du Peyrou", "city": "Montpellier", "tutor_name": "Ana Four", "tutor_email": "ana@four.invalid",
            "form_token": client.get(url).context["form"]["form_token"].value(),
        }  # fmt: skip
        answers = [client.post(url, data) for _ in range(2)]
        place = Establishment.objects.get(company__legal_name="Boulangerie du Peyrou")
        assert [answer.headers["Location"] for answer in answers] == [entry_url(trainee, place)] * 2
        page = client.get(entry_url(trainee, place))
        assert page.context["form"]["tutor"].value() == CompanyContact.objects.get(full_name="Ana Four").pk
        found = client.get(reverse("trainees:internship_host", args=[trainee.public_id]), {"q": "peyrou"})
        assert "Boulangerie du Peyrou" in found.content.decode()

    def test_a_host_alike_is_shown_first(self, trainee: Trainee, client: Client) -> None:
        Company.objects.create(legal_name="Boulangerie du Peyrou")
        url = reverse("trainees:internship_host_new", args=[trainee.public_id])
        data = {"legal_name": "Boulangerie Peyrou", "city": "Montpellier"}
        assert "ressemble" in client.post(url, data).content.decode()
        assert Company.objects.count() == 1


class TestPage:
    def test_it_tells_all_and_a_move_is_made(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        internship = planned(trainee, coordinator)
        text = client.get(internship.get_absolute_url()).content.decode()
        for told in ("Semaine du lundi", "Accueil des clients", "À confirmer par l’entreprise", "Annuler le stage"):
            assert told in text
        url = reverse("trainees:internship_move", args=[internship.pk, "cancel"])
        assert "demande un motif" in client.post(url, {"seen_state": "prospected"}).content.decode()
        assert client.post(url, {"seen_state": "prospected", "reason": "Renoncement"}).status_code == 302
        assert Internship.objects.get().status == "cancelled"

    def test_what_is_signed_is_not_changed_by_hand(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        internship = said_signed(planned(trainee, coordinator, accepted=True))
        url = reverse("trainees:internship_edit", args=[internship.pk])
        assert "ne change plus que par un avenant" in client.get(url, follow=True).content.decode()
        assert client.post(url, {"starts_on": MONDAY}).status_code == 422
        assert Internship.objects.get().ends_on == FRIDAY

    def test_what_changed_since_is_told(self, trainee: Trainee, coordinator: User, client: Client) -> None:
        internship = planned(trainee, coordinator)
        tutor = tutor_at(internship.establishment)
        tutor.left_on = MONDAY
        tutor.save()
        assert "quitte l’entreprise" in client.get(internship.get_absolute_url()).content.decode()

    def test_it_starts_from_the_week_of_the_school_on_its_first_day(
        self, school: School, trainee: Trainee, coordinator: User, client: Client
    ) -> None:
        pathway_of(trainee, coordinator)
        monday = next_monday()
        set_week(school, monday, {0: Slot(time(10), time(12))}, coordinator)
        set_week(school, monday + timedelta(days=1), {1: Slot(time(10), time(12))}, coordinator)
        page = client.get(entry_url(trainee, host()))
        assert page.context["form"]["starts_on"].value() == monday
        lines = page.context["entry"].week.lines()
        assert [line["place"].value() for line in lines] == ["company", *[None] * 5]
        assert lines[0]["moments"][0]["field"].value() == time(10)


@pytest.fixture
def everything(school: School, coordinator: User) -> list[Internship]:
    """One internship in each situation, around today."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    spans = {
        "upcoming": monday + timedelta(days=14), "running": monday, "over": monday - timedelta(days=21),
        "broken": monday - timedelta(days=21), "cancelled": monday, "not_started": monday - timedelta(days=21),
        "prospected": monday + timedelta(days=14), "accepted": monday + timedelta(days=14), "to_sign": monday + timedelta(days=14),
    }  # fmt: skip
    return [_in_situation(name, monday, school, coordinator) for name, monday in spans.items()]


def _in_situation(name: str, monday: date, school: School, actor: User) -> Internship:
    sunday = monday + timedelta(days=6)
    internship = somebody_planned(
        school, actor, accepted=name != "prospected", starts_on=monday, ends_on=sunday,
        stints=full_weeks(monday, monday),
    )  # fmt: skip
    if name == "to_sign":
        said_to_sign(internship)
    if name in ("upcoming", "running", "over", "broken", "not_started"):
        said_signed(internship, signed_on=monday + timedelta(days=1) if name == "over" else None)
    if name == "broken":
        said_moved(internship, "broken", ended_early_on=monday, broken_by="host")
    if name in ("cancelled", "not_started"):
        said_moved(internship, name)
    internship.expected = name  # type: ignore[attr-defined]
    return internship


class TestSituation:
    def test_python_and_the_database_agree(self, everything: list[Internship]) -> None:
        today = timezone.localdate()
        for day in (today, today - timedelta(days=21), today + timedelta(days=60)):
            rows = Internship.objects.annotate(found=situation_expression(day))
            found = {row.pk: row.found for row in rows}
            assert found == {row.pk: situation_of(row, day).name for row in rows}
            for name in SITUATIONS:
                kept = set(in_situation(Internship.objects.all(), name, day).values_list("pk", flat=True))
                assert kept == {pk for pk, one in found.items() if one == name}
        assert {row.expected for row in everything} == set(SITUATIONS)
        assert all(situation_of(row, today).name == row.expected for row in everything)

    def test_the_list_is_narrowed(self, everything: list[Internship], client: Client) -> None:
        counts = {
            name: client.get(LIST, {"situation": name}).context["page_obj"].paginator.count
            for name in (*SITUATIONS, "current", "late", "done", "all")
        }
        assert counts == dict.fromkeys(SITUATIONS, 1) | {"current": 5, "late": 1, "done": 3, "all": 9}
        name = everything[0].trainee.last_name.upper()
        assert client.get(LIST, {"situation": "all", "q": name}).context["page_obj"].paginator.count >= 1

    def test_the_list_asks_as_much_for_three(
        self, school: School, coordinator: User, client: Client, same_query_count: Callable
    ) -> None:
        add = lambda: somebody_planned(school, coordinator)  # noqa: E731
        add()
        assert same_query_count(lambda: client.get(LIST, {"situation": "all"}), add) < 16
        answer = client.get("/exports/stages/csv/", {"situation": "all"})
        assert answer.getvalue().count(b"ST-") == 3


class TestCommitments:
    def test_a_promise_counts_what_was_really_done_and_opens_it(
        self, everything: list[Internship], officer: User, client_of: ClientOf, client: Client
    ) -> None:
        company = everything[0].establishment.company
        Establishment.objects.update(company=company, is_head_office=False)
        today = timezone.localdate()
        promise = Promise("internships", "Découverte", 12, "stages", "par an", "yearly")
        convention = convention_at(
            workflows.SIGNED, officer, company, starts_on=today - timedelta(days=200), commitments=[promise]
        )
        assert counter_of("internships") == COUNTER
        span = progress_of([convention])[convention.pk][0].spans[-1]
        assert span.counted == 3
        listed = client_of(officer).get(span.counted_url)
        assert listed.context["page_obj"].paginator.count == 3
        assert {row.situation for row in listed.context["page_obj"]} == {"running", "over", "broken"}
        assert client.get(span.counted_url).context["page_obj"].paginator.count == 3
        assert asleep_among([company.pk]) == set()

    def test_those_of_another_convention_or_day_do_not_count(
        self, school: School, coordinator: User, officer: User
    ) -> None:
        past = timezone.localdate() - timedelta(days=28)
        monday = past - timedelta(days=past.weekday())
        internship = _in_situation("over", monday, school, coordinator)
        company = internship.establishment.company
        mine, other = (convention_at(workflows.DRAFT, officer, company) for _ in range(2))
        asked = [
            Asked(company.pk, mine.pk, monday, monday), Asked(company.pk, mine.pk, monday + timedelta(days=1), date(2099, 1, 1)),
            Asked(company.pk + 1, mine.pk, monday, monday),
        ]  # fmt: skip
        assert [COUNTER.count(asked)[one].number for one in asked] == [1, 0, 0]
        Internship.objects.filter(pk=internship.pk).update(partnership_convention=other)
        assert COUNTER.count(asked[:1])[asked[0]].number == 0


def test_a_cancelled_internship_leaves_the_current_list(trainee: Trainee, coordinator: User) -> None:
    internship = planned(trainee, coordinator, starts_on=MONDAY, ends_on=FRIDAY)
    move_internship(internship.pk, "cancel", coordinator, reason="Renoncement")
    assert not internships_listed(Scope(whole_network=True), Asking()).exists()
