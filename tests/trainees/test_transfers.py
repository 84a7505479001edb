"""A trainee goes to another school: asked, answered once, the file changes hands, nothing is lost on the way."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Overtaken, PortalError, Refused
from e2c_portal.mailing.models import Mail
from schools.models import Membership, School
from schools.scope import scope_of
from tests.factories.network import member_of
from tests.factories.trainees import pathway_of, site_of, trainee_in
from tests.trainees.test_pathway_life import internship_of
from trainees.life import pathways as life
from trainees.models import FollowUp, Pathway, Trainee, TraineeTransfer
from trainees.operations.pathway_parts import record_contract
from trainees.operations.pathways import move_pathway, open_pathway
from trainees.operations.transfers import accept_transfer, ask_transfer, refuse_transfer, withdraw_transfer
from trainees.reads.visible import pathways_visible_to, trainee_known_to

TODAY = timezone.localdate()
DAY = timedelta(days=1)


@pytest.fixture
def receiver(other_school: School, officer: User) -> User:
    return member_of(other_school, officer, "Karim Accueil")


@pytest.fixture
def nina(school: School, coordinator: User) -> Trainee:
    trainee = trainee_in(school, coordinator, last_name="Lefèvre", first_name="Nina")
    pathway_of(trainee, coordinator, entered_on=TODAY - 40 * DAY, ends_on=TODAY + 90 * DAY)
    return trainee


def asked(trainee: Trainee, to_school: School, actor: User, **facts: object) -> TraineeTransfer:
    known = {"leaves_on": TODAY, "reason": "Déménagement à Nîmes"} | facts
    return ask_transfer(TraineeTransfer(trainee=trainee, to_school=to_school, **known), actor)


def planned(trainee: Trainee) -> Pathway:
    """Return a pathway that would begin tomorrow, not saved."""
    days = {"entered_on": TODAY + DAY, "trial_ends_on": TODAY + 9 * DAY, "planned_ends_on": TODAY + 90 * DAY}
    return Pathway(trainee=trainee, site=site_of(trainee.school), **days)


@pytest.mark.django_db
def test_who_asks_and_what_is_refused(
    nina: Trainee, school: School, other_school: School, coordinator: User, receiver: User, officer: User
) -> None:
    teacher = member_of(school, officer, "Rémi Prof", Membership.Role.REFERENT)
    for actor in (teacher, receiver, officer):
        with pytest.raises(NotAllowed):
            asked(nina, other_school, actor)
    with pytest.raises(ValidationError, match="autre école"):
        asked(nina, school, coordinator)
    with pytest.raises(Refused, match="précéder l’entrée"):
        asked(nina, other_school, coordinator, leaves_on=TODAY - 41 * DAY)
    internship = internship_of(nina.pathways.get(), coordinator, until=TODAY + 5 * DAY)
    with pytest.raises(Refused, match="Un stage court"):
        asked(nina, other_school, coordinator)
    assert asked(nina, other_school, coordinator, leaves_on=internship.last_day).waits
    with pytest.raises(ValidationError, match="déjà demandé"):
        asked(nina, other_school, coordinator, leaves_on=internship.last_day)


@pytest.mark.django_db
def test_accepting_hands_the_file_over(
    nina: Trainee,
    school: School,
    other_school: School,
    coordinator: User,
    receiver: User,
    client_of: Callable[[User], Client],
) -> None:
    pathway = nina.pathways.get()
    record_contract(pathway.pk, {"signed_on": TODAY - 20 * DAY, "objectives": "Cuisine"}, None, coordinator)
    move_pathway(pathway.pk, "confirm", coordinator)
    transfer = asked(nina, other_school, coordinator)
    there, here = client_of(receiver), client_of(coordinator)
    assert there.get(nina.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    page = there.get(transfer.get_absolute_url()).content.decode()
    assert "Nina Lefèvre" in page
    assert nina.get_absolute_url() not in page
    for step in ("accept", "refuse"):
        assert here.post(reverse(f"trainees:transfer_{step}", args=[transfer.pk])).status_code == HTTPStatus.FORBIDDEN
    assert there.post(reverse("trainees:transfer_accept", args=[transfer.pk])).status_code == HTTPStatus.FOUND
    pathway.refresh_from_db()
    assert (pathway.status, pathway.ended_on, pathway.school) == (life.INTERRUPTED, TODAY, school)
    assert pathway.moves.latest("at").reason == "Transfert vers l’École de Nîmes"
    assert not FollowUp.objects.exists()
    assert here.get(nina.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND
    assert here.get(reverse("trainees:pathway_move", args=[pathway.pk, "reopen"])).status_code == HTTPStatus.NOT_FOUND
    assert list(pathways_visible_to(scope_of(coordinator))) == [pathway]
    page = there.get(nina.get_absolute_url()).content.decode()
    assert "Interrompu" in page
    assert "Rouvrir" not in page
    with pytest.raises(Refused):
        move_pathway(pathway.pk, "reopen", coordinator, reason="Erreur")
    opened = open_pathway(planned(Trainee.objects.get(pk=nina.pk)), receiver)
    assert (opened.school, opened.status) == (other_school, life.PLANNED)


@pytest.mark.django_db
@pytest.mark.parametrize(("arrives", "status"), [(True, life.LEFT_IN_TRIAL), (False, life.NO_SHOW)])
def test_what_was_not_confirmed_ends_as_it_was(
    school: School, other_school: School, coordinator: User, receiver: User, *, arrives: bool, status: str
) -> None:
    trainee = trainee_in(school, coordinator)
    if arrives:
        pathway_of(trainee, coordinator, entered_on=TODAY - 9 * DAY, ends_on=TODAY + 90 * DAY)
    else:
        open_pathway(planned(trainee), coordinator)
    accept_transfer(asked(trainee, other_school, coordinator).pk, receiver)
    assert trainee.pathways.get().status == status
    assert trainee_known_to(scope_of(receiver), trainee.public_id)


@pytest.mark.django_db
def test_an_answer_is_given_once_and_by_the_right_people(
    nina: Trainee, other_school: School, coordinator: User, receiver: User, officer: User
) -> None:
    transfer = asked(nina, other_school, coordinator)
    for actor in (coordinator, officer):
        with pytest.raises(NotAllowed):
            accept_transfer(transfer.pk, actor)
    with pytest.raises(Refused, match="motivé"):
        refuse_transfer(transfer.pk, " ", receiver)
    assert refuse_transfer(transfer.pk, "Plus de place", receiver).answer == "Plus de place"
    for again in (lambda: accept_transfer(transfer.pk, receiver), lambda: withdraw_transfer(transfer.pk, coordinator)):
        with pytest.raises(Overtaken):
            again()
    later = asked(nina, other_school, coordinator, leaves_on=TODAY + 3 * DAY)
    with pytest.raises(Refused, match="acceptez à partir de ce jour"):
        accept_transfer(later.pk, receiver)
    assert not withdraw_transfer(later.pk, coordinator).waits


@pytest.mark.django_db
def test_messages_name_no_trainee(nina: Trainee, other_school: School, coordinator: User, receiver: User) -> None:
    refuse_transfer(asked(nina, other_school, coordinator).pk, "Plus de place", receiver)
    assert {(mail.email, mail.kind) for mail in Mail.objects.all()} == {
        (receiver.email, "trainees.transfer_asked"), (coordinator.email, "trainees.transfer_answered"),
    }  # fmt: skip
    assert "Lefèvre" not in "".join(str(mail.context) + mail.subject_line for mail in Mail.objects.all())


@pytest.mark.django_db
def test_the_database_moves_nobody_without_a_transfer(nina: Trainee, other_school: School) -> None:
    with pytest.raises(IntegrityError, match="transfert accepté"), transaction.atomic():
        Trainee.objects.filter(pk=nina.pk).update(school=other_school)


@pytest.mark.django_db(transaction=True)
def test_two_accept_at_once(
    nina: Trainee, other_school: School, coordinator: User, receiver: User, officer: User
) -> None:
    transfer = asked(nina, other_school, coordinator)
    both = [receiver, member_of(other_school, officer, "Direction")]
    start, told = Barrier(2), []

    def accept(actor: User) -> None:
        start.wait()
        try:
            accept_transfer(transfer.pk, actor)
            told.append("accepted")
        except PortalError as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [Thread(target=accept, args=[actor]) for actor in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["accepted", "overtaken"]
    assert nina.pathways.get().moves.filter(target=life.LEFT_IN_TRIAL).count() == 1
