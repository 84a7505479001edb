"""Two officers at the same instant: one succeeds, the other reads why, nothing is written twice."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.requesting import request_document
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.models import Job
from partnerships import workflows
from partnerships.documents import convention_order
from partnerships.models import PartnershipConvention
from partnerships.operations.conventions import revise_convention
from partnerships.operations.moves import move_convention
from partnerships.operations.sealing import seal_convention, seal_conventions
from tests.concurrency.together import at_once
from tests.factories.partnerships import convention_at, make_move, text_of

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def officers(transactional_db: None, officer: User, second_officer: User) -> list[User]:
    return [officer, second_officer]


def approve(convention: PartnershipConvention, person: User) -> Callable[[], PartnershipConvention]:
    return lambda: move_convention(convention.pk, "approve", person, seen_state=workflows.DRAFT)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_same_button_pressed_twice(officers: list[User], _round: int) -> None:
    convention = convention_at(workflows.DRAFT, officers[0])
    outcomes = at_once([approve(convention, person) for person in officers])
    [loser] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    winner = officers[1 - outcomes.index(loser)]
    assert isinstance(loser, Overtaken)
    assert f"{winner} l’a fait passer à « Projet validé »" in loser.message
    convention.refresh_from_db()
    assert convention.status == workflows.APPROVED
    assert [move.actor for move in convention.moves.all()] == [winner]


def test_without_the_state_of_the_page_the_second_is_told_all_the_same(officers: list[User]) -> None:
    convention = convention_at(workflows.DRAFT, officers[0])
    outcomes = at_once([lambda p=person: move_convention(convention.pk, "approve", p) for person in officers])
    [loser] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(loser, Overtaken)
    assert "rechargez la page" in loser.message
    assert convention.moves.count() == 1


def test_two_different_buttons(officers: list[User]) -> None:
    convention = convention_at(workflows.APPROVED, officers[0])
    outcomes = at_once([
        lambda: make_move(convention, "record_vote", officers[0]),
        lambda: make_move(convention, "shelve", officers[1]),
    ])  # fmt: skip
    convention.refresh_from_db()
    # Voted then shelved is legal; shelved then voted is not: either way the history is one of the table's.
    history = list(convention.moves.order_by("pk").values_list("origin", "target"))
    assert set(history) <= set(workflows.CONVENTION_LIFE.pairs())
    assert convention.status == history[-1][1] == workflows.SHELVED
    assert sum(isinstance(outcome, Overtaken) for outcome in outcomes) == 3 - len(history)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_same_text_saved_twice(officers: list[User], _round: int) -> None:
    convention = convention_at(workflows.DRAFT, officers[0])
    text = text_of(convention.company)
    outcomes = at_once([
        lambda p=person: revise_convention(convention.pk, 1, replace(text, title=f"Texte de {p}"), p)
        for person in officers
    ])  # fmt: skip
    [loser] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(loser, Overtaken)
    convention.refresh_from_db()
    assert (convention.title, convention.revision) == (f"Texte de {officers[1 - outcomes.index(loser)]}", 2)


def test_a_text_is_not_settled_while_it_is_saved(officers: list[User]) -> None:
    convention = convention_at(workflows.DRAFT, officers[0])
    outcomes = at_once([
        approve(convention, officers[0]),
        lambda: revise_convention(convention.pk, 1, text_of(convention.company, articles=[]), officers[1]),
    ])  # fmt: skip
    convention.refresh_from_db()
    if convention.status == workflows.APPROVED:
        assert convention.articles.count() == 2, "a settled text has its articles"
    assert any(isinstance(outcome, Refused) for outcome in outcomes)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_double_click_makes_one_document(officers: list[User], _round: int) -> None:
    convention = convention_at(workflows.APPROVED, officers[0])
    outcomes = at_once([lambda p=person: seal_convention(convention, p) for person in officers * 2])
    assert {type(outcome) for outcome in outcomes} == {Document}
    assert len({outcome.pk for outcome in outcomes}) == 1
    assert Document.objects.get().status == Status.QUEUED
    assert Job.objects.filter(task="documents.build").count() == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_asking_twice_without_holding_the_convention_makes_one_document(officers: list[User], _round: int) -> None:
    """Whoever asks for a document need not hold its record: the request itself goes one at a time."""
    order = convention_order(convention_at(workflows.APPROVED, officers[0]).pk)
    outcomes = at_once([lambda p=person: request_document(order, p) for person in officers * 2])
    assert {type(outcome) for outcome in outcomes} == {Document}
    assert Document.objects.count() == 1


def test_two_batches_of_the_same_conventions_do_not_lock_each_other(officers: list[User]) -> None:
    rows = [convention_at(workflows.APPROVED, officers[0]) for _ in range(6)]
    outcomes = at_once([
        lambda: seal_conventions(rows, officers[0]),
        lambda: seal_conventions(list(reversed(rows)), officers[1]),
    ])  # fmt: skip
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Document.objects.count() == 6


def test_two_conventions_of_one_company_signed_together(officers: list[User]) -> None:
    """Each may be signed alone; together they overlap, and only one goes through."""
    first = convention_at(workflows.DRAFT, officers[0], archive=True)
    second = convention_at(workflows.DRAFT, officers[0], first.company, archive=True)
    outcomes = at_once(
        [lambda c=convention: make_move(c, "record_archive", officers[0]) for convention in (first, second)]
    )
    [loser] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(loser, Refused)
    assert PartnershipConvention.objects.filter(status=workflows.SIGNED).count() == 1
