"""The yearly activity report: who prepares it, what it freezes, what it never tells, what anybody may download and verify."""

import io
import random
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.db.utils import IntegrityError, InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.figures.annual.content import compute
from e2c_portal.figures.annual.models import KIND, AnnualReport
from e2c_portal.figures.annual.operations import MOVED, SAY_WHY, publish, write_introduction
from e2c_portal.figures.annual.small import Branch, hidden_places
from e2c_portal.figures.core import INDICATORS, Figure
from e2c_portal.figures.places import Kind, Place
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.documents import seal
from tests.factories.network import member_of, school_named
from tests.factories.trainees import pathway_of, trainee_in
from trainees.models import Pathway, Trainee

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


@pytest.fixture
def year() -> int:
    return timezone.localdate().year - 1


@pytest.fixture
def people(school: School, other_school: School, officer: User, year: int) -> list[Pathway]:
    """Six people in one school, two in the other, during the last complete year."""
    found = []
    for where, count in ((school, 6), (other_school, 2)):
        actor = member_of(where, officer)
        for number in range(count):
            trainee = trainee_in(
                where,
                actor,
                last_name=f"Secret{number}",
                gender=Trainee.Gender.WOMAN if number % 2 else Trainee.Gender.MAN,
            )
            found.append(pathway_of(trainee, actor, entered_on=date(year, 3, 2), ends_on=date(year, 11, 30)))
    return found


def published(year: int, actor: User, **more: str) -> AnnualReport:
    return publish(year, compute(year, more.pop("introduction", "")).data_sha256, actor, **more)


def words_of(content: dict, section: str, label: str) -> list[str]:
    found = next(one for one in content["sections"] if one["key"] == section)
    return [cell["words"] for line in found["lines"] if line["label"] == label for cell in line["cells"]]


def test_only_the_region_prepares_and_publishes(
    people: list[Pathway], coordinator: User, auditor: User, data_officer: User, year: int, client_of: ClientOf
) -> None:
    page, act = reverse("figures:report", args=[year]), reverse("figures:report_publish", args=[year])
    for user in (coordinator, auditor, data_officer):
        assert client_of(user).get(page).status_code == 403
        assert client_of(user).post(act).status_code == 403
        with pytest.raises(NotAllowed):
            published(year, user)
        with pytest.raises(NotAllowed):
            write_introduction(year, "Bonjour", None, user)
    assert Client().get(page).status_code == 302
    assert not AnnualReport.objects.exists()


def test_a_year_that_is_not_over_has_no_report(
    people: list[Pathway], officer: User, officer_client: Client, year: int
) -> None:
    for other in (year + 1, 1999):
        assert officer_client.get(reverse("figures:report", args=[other])).status_code == 404
        with pytest.raises(Refused):
            published(other, officer)
    with pytest.raises((IntegrityError, InternalError), match="quand elle est finie"):
        AnnualReport.objects.create(year=year + 1, number=1, content={}, data_sha256="0" * 64, made_by=officer)


def test_it_is_previewed_frozen_sealed_and_given_to_anybody(
    people: list[Pathway], officer: User, officer_client: Client, year: int, seal_key: None
) -> None:
    page = reverse("figures:report", args=[year])
    answer = officer_client.post(page, {"introduction": "Une année dense.\n\nMerci à tous."}, follow=True)
    assert "Une année dense." in answer.content.decode()
    seen = answer.context["sheet"].data_sha256
    anonymous = Client()
    assert anonymous.get(reverse("figures:report_paper", args=[year])).status_code == 404
    assert "Aucun rapport n’est encore publié" in anonymous.get(reverse("figures:reports")).content.decode()
    assert officer_client.post(reverse("figures:report_publish", args=[year]), {"seen": seen}).status_code == 302
    document = seal(Document.objects.get(kind=KIND))
    assert document.is_sealed, document.failure
    given = anonymous.get(reverse("figures:report_paper", args=[year]))
    assert (given["Content-Type"], given.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"Secret" not in given.content
    book = openpyxl.load_workbook(io.BytesIO(anonymous.get(reverse("figures:report_workbook", args=[year])).content))
    assert book.sheetnames[0] == "Ensemble"
    assert "Secret" not in str([list(sheet.values) for sheet in book])
    assert [row[:2] for row in book["Ensemble"].values if row[0] == "Stagiaires accueillis"] == [
        ("Stagiaires accueillis", 8)
    ]
    listed = anonymous.get(reverse("figures:reports")).content.decode()
    assert document.printed_code in listed
    verdict = anonymous.get(reverse("documents:verdict", args=[document.printed_code])).content.decode()
    assert "Fait foi" in verdict
    assert officer_client.get(page).status_code == 200


def test_small_numbers_are_hidden_before_they_are_written(people: list[Pathway], year: int) -> None:
    content = compute(year).content
    assert words_of(content, "schools", "École de Nîmes")[0] == "non publié"
    # The other school would give it away: the total of the network is told.
    assert words_of(content, "schools", "École de Montpellier")[0] == "non publié"
    assert "Secret" not in str(content)
    summary = {one["key"]: one["words"] for one in content["summary"]}
    assert summary["accueillis"].replace("\xa0", " ") == "8"


def test_a_correction_is_a_new_version_that_says_what_changes(
    people: list[Pathway], school: School, officer: User, officer_client: Client, year: int
) -> None:
    first = published(year, officer)
    with pytest.raises(Refused, match="Rien n’a changé"):
        published(year, officer, reason="Relecture")
    pathway_of(
        trainee_in(school, member := member_of(school, officer)),
        member,
        entered_on=date(year, 4, 1),
        ends_on=date(year, 12, 1),
    )
    with pytest.raises(Overtaken, match=MOVED[:20]):
        publish(year, first.data_sha256, officer, reason="Saisie oubliée")
    with pytest.raises(Refused, match=SAY_WHY[:20]):
        published(year, officer)
    shown = officer_client.get(reverse("figures:report", args=[year])).content.decode()
    assert "Les chiffres ont bougé" in shown
    second = published(year, officer, reason="Saisie oubliée")
    assert second.number == 2
    assert "Ensemble, stagiaires accueillis : 9 au lieu de 8." in second.changes
    paper = Document.objects.filter(kind=KIND, subject__endswith=f":{first.pk}").get()
    assert kind_named(KIND).standing(paper, timezone.localdate()).state == "superseded"
    with pytest.raises((IntegrityError, InternalError), match="ne peu"):
        AnnualReport.objects.filter(pk=first.pk).update(reason="x")


def test_the_preview_costs_the_same_whatever_the_schools(people: list[Pathway], officer: User, year: int) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            compute(year)
        return len(asked)

    before = queries()
    for number in range(3):
        school_named(f"École {number}", officer)
    assert queries() == before


def test_what_is_hidden_cannot_be_worked_out_from_the_totals() -> None:
    """Whatever the numbers: the hidden schools of a department, and the hidden departments, are two at least and stand for five."""
    draw = random.Random(20261128)  # noqa: S311  the same trials each time
    for _ in range(300):
        tree, figures = _network(draw)
        hidden = hidden_places(tree, figures)
        count = {code: figure.numerator or 0 for code, figure in figures.items()}
        for branch in tree:
            codes = [one.code for one in branch.schools]
            away = [code for code in codes if code in hidden]
            if branch.department and branch.department.code in hidden:
                assert away == codes
            elif away and sum(count[code] for code in codes) >= 5 and len(codes) > 1:
                assert len(away) > 1
                assert sum(count[code] for code in away) >= 5
            assert all(code in hidden for code in codes if 0 < count[code] < 5)
        gone = [branch for branch in tree if branch.department and branch.department.code in hidden]
        assert len(gone) != 1 or len(tree) == 1


def _network(draw: random.Random) -> tuple[list[Branch], dict[str, Figure]]:
    tree, figures, number = [], {}, 0
    for rank in range(draw.randint(1, 4)):
        schools = []
        for _ in range(draw.randint(1, 4)):
            number += 1
            place = Place(Kind.SCHOOL, f"s{number}", f"École {number}", frozenset([number]))
            figures[place.code] = Figure(
                INDICATORS["accueillis"], 2025, place, numerator=draw.choice((0, 1, 2, 4, 6, 9, 30))
            )
            schools.append(place)
        department = Place(Kind.DEPARTMENT, f"d{rank}", f"Département {rank}", frozenset(range(number)))
        tree.append(Branch(department, tuple(schools)))
    return tree, figures
