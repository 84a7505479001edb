"""The campaign of assessments: what is late first, nobody else's, as many queries for many, several companies reminded at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from schools.scope import scope_of
from tests.factories.decisions import stay_begun
from tests.factories.network import member_of
from tests.factories.skills import assessment_of, framework, level, said_submitted
from trainees.models import CompanyAssessment, SkillFramework, TraineeAnswer
from trainees.reads.assessment_list import COUNTED, Asking, assessments_listed, tab_counts
from trainees.sheets.assessment_list import assessments_waiting

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
URL = "/stagiaires/evaluations/"
TODAY = timezone.localdate()


def asked(school: School, actor: User, due_in: int = 5, **facts: object) -> CompanyAssessment:
    """Return an assessment that a company owes, late when `due_in` days is negative."""
    return assessment_of(stay_begun(school, actor), due_on=TODAY + timedelta(days=due_in), **facts)


def sent(school: School, actor: User, frame: SkillFramework, **facts: object) -> CompanyAssessment:
    return said_submitted(asked(school, actor), {frame.skills.first(): level(frame, 3)}, **facts)  # type: ignore[dict-item]


@pytest.fixture
def frame(coordinator: User) -> SkillFramework:
    return framework(coordinator)


@pytest.fixture
def client(coordinator: User, client_of: ClientOf) -> Client:
    return client_of(coordinator)


def words_of(page: HttpResponse) -> str:
    """Return the text of a page with plain spaces."""
    return page.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").replace("\u202f", " ")


def shown(client: Client, tab: str = "", **more: str) -> list[CompanyAssessment]:
    page = client.get(URL, ({"onglet": tab} if tab else {}) | more)
    return [line.assessment for line in page.context["lines"]]


def test_each_stands_in_its_tab_and_the_most_urgent_comes_first(
    school: School, coordinator: User, frame: SkillFramework, client: Client
) -> None:
    awaited, late = asked(school, coordinator), asked(school, coordinator, -2)
    later, to_ask = asked(school, coordinator, -9), asked(school, coordinator, 3, asked_at=None)
    to_read, to_decide, returned, done, nothing = (sent(school, coordinator, frame) for _ in range(5))
    TraineeAnswer.objects.create(assessment=to_decide, agrees=True)
    say(returned, "returned")
    say(done, "validated", decided_by=coordinator, decided_at=timezone.now())
    for name, rows in (
        ("en-retard", [later, late]), ("attendues", [awaited]), ("a-demander", [to_ask]), ("a-lire", [to_read, nothing]),
        ("a-decider", [to_decide]), ("renvoyees", [returned]), ("validees", [done]), ("sans-objet", []),
    ):  # fmt: skip
        assert shown(client, name) == rows, name
    assert shown(client)[:3] == [later, late, to_ask]
    assert done not in shown(client)
    assert len(shown(client, "toutes")) == 9
    counts = tab_counts(scope_of(coordinator), None)
    assert counts == {"en-retard": 2, "a-decider": 1, "a-lire": 2, "a-demander": 1, "attendues": 1, "renvoyees": 1}
    assert "en retard de 9 jours" in words_of(client.get(URL))
    waiting = assessments_waiting(scope_of(coordinator), school.pk)
    assert [(one.label, one.count) for one in waiting] == [
        ("Évaluations à valider", "1"), ("Évaluations en retard", "2"), ("Évaluations à demander", "1"),
    ]  # fmt: skip
    assert client.get(waiting[1].url).status_code == 200


def say(assessment: CompanyAssessment, status: str, **facts: object) -> None:
    CompanyAssessment.objects.filter(pk=assessment.pk).update(status=status, **facts)


def test_search_by_trainee_or_company(
    school: School, coordinator: User, client: Client, officer: User, client_of: ClientOf
) -> None:
    wanted, other = asked(school, coordinator, -1), asked(school, coordinator, -1)
    trainee, company = wanted.internship.trainee.last_name, wanted.internship.establishment.company.legal_name
    for words in (trainee, company):
        assert shown(client, q=words) == [wanted]
        assert shown(client_of(officer), q=words) == [wanted]
    assert shown(client, q=f"{trainee} {other.internship.trainee.last_name}") == []
    assert "Aucune évaluation ne correspond" in client.get(URL, {"q": "introuvable"}).content.decode()


def test_nobody_of_another_school_sees_or_reminds(
    school: School, other_school: School, coordinator: User, officer: User, client_of: ClientOf, stranger: User
) -> None:
    late = asked(school, coordinator, -3, asked_at=None)
    neighbour = client_of(member_of(other_school, officer))
    name = late.internship.trainee.last_name
    assert shown(neighbour) == []
    assert name not in neighbour.get(URL, {"onglet": "en-retard"}).content.decode()
    assert name not in neighbour.get(URL, {"ecole": str(school.pk)}).content.decode()
    assert name.encode() not in neighbour.get("/exports/evaluations-entreprise/csv/").getvalue()
    answer = neighbour.post(reverse("trainees:assessments_remind"), {"evaluation": [late.pk]}, follow=True)
    assert "Cochez d’abord" in answer.content.decode()
    late.refresh_from_db()
    assert late.asked_at is None
    assert client_of(stranger).get(URL).status_code == 404
    # The network reads all, and asks nobody.
    reader = client_of(officer)
    assert shown(reader, "en-retard") == [late]
    assert "Relancer les entreprises" not in reader.get(URL, {"onglet": "en-retard"}).content.decode()
    assert reader.post(reverse("trainees:assessments_remind"), {"evaluation": [late.pk]}).status_code == 403


def test_late_ones_are_reminded_together_and_each_refusal_is_told(
    school: School, coordinator: User, client: Client
) -> None:
    good, mute = asked(school, coordinator, -2, asked_at=None), asked(school, coordinator, -4, respondent=None)
    page = client.get(URL, {"onglet": "en-retard"}).content.decode()
    assert page.count('name="evaluation"') == 2
    told = client.post(reverse("trainees:assessments_remind"), {"evaluation": [good.pk, mute.pk, "x"]}, follow=True)
    good.refresh_from_db()
    assert good.asked_at is not None
    assert "1 entreprise relancée." in words_of(told)
    assert f"{mute.internship.trainee.sorted_name} :" in words_of(told)


def test_what_is_over_is_read_one_school_at_a_time(
    school: School, coordinator: User, officer: User, frame: SkillFramework, client_of: ClientOf
) -> None:
    done = sent(school, coordinator, frame)
    say(done, "validated", decided_by=coordinator, decided_at=timezone.now())
    reader = client_of(officer)
    assert "Choisissez une école" in reader.get(URL, {"onglet": "validees"}).content.decode()
    assert shown(reader, "validees", ecole=str(school.pk)) == [done]
    assert shown(client_of(coordinator), "validees") == [done]


def test_as_many_queries_for_many(
    school: School, coordinator: User, frame: SkillFramework, client: Client, same_query_count: Callable[..., int]
) -> None:
    sent(school, coordinator, frame)
    same_query_count(lambda: client.get(URL), lambda: sent(school, coordinator, frame))


def test_the_file_says_what_the_page_shows(school: School, coordinator: User, client: Client) -> None:
    late = asked(school, coordinator, -1)
    text = client.get("/exports/evaluations-entreprise/csv/", {"onglet": "en-retard"}).getvalue().decode()
    assert late.reference in text
    assert "En retard" in text
    assert (
        late.reference
        not in client.get("/exports/evaluations-entreprise/csv/", {"onglet": "attendues"}).getvalue().decode()
    )


@pytest.mark.parametrize("tab", COUNTED)
def test_the_network_reads_the_small_index(officer: User, tab: str) -> None:
    """What is under way is read by its own index: the query says what the index holds."""
    rows = assessments_listed(scope_of(officer), Asking(tab=tab))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = rows[:25].explain()
    assert "assessment_in_progress" in plan or "assessment_waiting" in plan, plan
