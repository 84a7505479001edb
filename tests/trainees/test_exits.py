"""Exits judged by a dated rule, and the calls that follow."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from schools.models import School
from tests.factories.network import member_of
from tests.factories.trainees import pathway_of, trainee_in
from trainees.law.exits import is_positive
from trainees.law.follow_up_days import months_after
from trainees.models import Exit, LegalParameter, Pathway
from trainees.operations.exits import answer_follow_up, record_exit
from trainees.operations.limits import add_limit
from trainees.operations.pathways import move_pathway

TODAY = timezone.localdate()
NINETY = Decimal(90)


@pytest.mark.parametrize(
    ("category", "contract", "days", "positive"),
    [
        ("qualifying_training", "", None, True), ("work_study", "", None, True), ("initial_training", "", None, True),
        ("other_active", "", None, False), ("none", "", None, False),
        ("job", "cdi", None, True), ("job", "cdd", 89, False), ("job", "cdd", 90, False), ("job", "cdd", 91, True),
        ("job", "interim", 90, False), ("job", "interim", 91, True),
        ("job", "subsidised", 90, False), ("job", "subsidised", 91, True), ("job", "subsidised", None, False), ("job", "", 400, False),
    ],
)  # fmt: skip
def test_what_counts_as_positive(category: str, contract: str, days: int | None, *, positive: bool) -> None:
    assert is_positive(category, contract, days, NINETY) is positive


@pytest.mark.parametrize(
    ("day", "months", "due"),
    [
        (date(2026, 11, 30), 3, date(2027, 2, 28)), (date(2027, 11, 30), 3, date(2028, 2, 29)), (date(2026, 12, 31), 6, date(2027, 6, 30)),
        (date(2026, 3, 31), 9, date(2026, 12, 31)), (date(2028, 2, 29), 12, date(2029, 2, 28)), (date(2026, 10, 1), 3, date(2027, 1, 1)),
    ],
)  # fmt: skip
def test_the_same_day_of_a_later_month(day: date, months: int, due: date) -> None:
    assert months_after(day, months) == due


@pytest.fixture
def ended(school: School, coordinator: User) -> Pathway:
    pathway = pathway_of(
        trainee_in(school, coordinator),
        coordinator,
        entered_on=TODAY - timedelta(days=200),
        ends_on=TODAY + timedelta(days=9),
    )
    return move_pathway(
        pathway.pk, "leave_trial", coordinator, reason="Emploi", facts={"ended_on": TODAY - timedelta(days=100)}
    )


JOB = {"category": "job", "contract": "cdd", "contract_days": 91, "employer": "Le Fournil", "evidence": "contract"}


@pytest.mark.django_db
def test_the_rule_of_the_last_day_is_kept(ended: Pathway, coordinator: User) -> None:
    row = record_exit(ended.pk, JOB, None, coordinator)
    assert row.positive
    assert row.rule.value == 90
    with pytest.raises(Overtaken):
        record_exit(ended.pk, JOB, None, coordinator)
    assert not record_exit(ended.pk, JOB | {"contract_days": 90}, row.revision, coordinator).positive


@pytest.mark.django_db
def test_a_new_threshold_judges_later_exits_alone(ended: Pathway, coordinator: User, officer: User) -> None:
    add_limit(
        LegalParameter(
            key="positive_contract_days", value=180, starts_on=TODAY + timedelta(days=1), source="Délibération"
        ),
        officer,
    )
    assert record_exit(ended.pk, JOB, None, coordinator).positive


@pytest.mark.django_db
def test_a_contract_of_a_length_says_it(ended: Pathway, coordinator: User) -> None:
    for contract in ("cdd", "interim", "subsidised"):
        with pytest.raises(ValidationError, match="durée"):
            record_exit(ended.pk, JOB | {"contract": contract, "contract_days": None}, None, coordinator)


@pytest.mark.django_db
def test_the_database_judges_by_itself(ended: Pathway, coordinator: User, school: School) -> None:
    row = record_exit(ended.pk, JOB, None, coordinator)
    with pytest.raises(IntegrityError, match="seuil"), transaction.atomic():
        Exit.objects.filter(pk=row.pk).update(positive=False)
    running = pathway_of(trainee_in(school, coordinator), coordinator)
    with pytest.raises(IntegrityError, match="terminé"), transaction.atomic():
        Exit.objects.create(
            pathway=running,
            category="none",
            evidence="declared",
            positive=False,
            rule=row.rule,
            recorded_by=coordinator,
        )


@pytest.mark.django_db
def test_an_open_pathway_has_no_exit(school: School, coordinator: User) -> None:
    with pytest.raises(Refused, match="terminé"):
        record_exit(pathway_of(trainee_in(school, coordinator), coordinator).pk, JOB, None, coordinator)


@pytest.mark.django_db
def test_the_page_prints_the_rule(ended: Pathway, coordinator: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(coordinator)
    address = reverse("trainees:pathway_exit", args=[ended.pk])
    assert "90" in client.get(address).content.decode()
    bad = client.post(
        address,
        {"category": "job", "contract": "cdd", "evidence": "contract", "rncp_code": "?", "employer": "Le Fournil"},
    )
    assert bad.status_code == HTTPStatus.OK
    assert 'value="Le Fournil"' in bad.content.decode()
    assert (
        client.post(address, {"category": "job", "contract": "cdi", "evidence": "contract"}).status_code
        == HTTPStatus.FOUND
    )
    page = client.get(ended.trainee.get_absolute_url()).content.decode()
    assert "Sortie positive" in page
    assert "strictement" in page or "plus de 90" in page


@pytest.mark.django_db
def test_follow_ups_are_answered_once(ended: Pathway, coordinator: User, client_of: Callable[[User], Client]) -> None:
    first = ended.follow_ups.get(months=3)
    client = client_of(coordinator)
    assert "En retard" in client.get("/stagiaires/suivis/?retard=on").content.decode()
    address = reverse("trainees:follow_up", args=[first.pk])
    form = {"situation": "job", "done_on": TODAY.isoformat(), "note": "CDI confirmé", "seen_done_on": ""}
    for wrong in (
        {"done_on": ""},
        {"situation": ""},
        {"done_on": (TODAY + timedelta(days=1)).isoformat()},
        {"note": "2 06 01 34 172 123 45"},
    ):
        assert client.post(address, form | wrong).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, wrong
    assert client.post(address, form).status_code == HTTPStatus.FOUND
    assert "a déjà noté ce suivi" in client.post(address, form).content.decode()
    assert "0\N{NO-BREAK SPACE}suivi" in client.get("/stagiaires/suivis/").content.decode()


@pytest.mark.django_db
def test_a_stranger_answers_nothing(ended: Pathway, officer: User, other_school: School) -> None:
    facts = {"situation": "job", "done_on": TODAY, "note": ""}
    for actor in (officer, member_of(other_school, officer)):
        with pytest.raises(NotAllowed):
            answer_follow_up(ended.follow_ups.get(months=3).pk, facts, None, actor)
