"""What the database itself says of people and pathways: the age bounds, one pathway at a time, the school of the person."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import NotAllowed, Refused
from schools.models import School
from schools.scope import scope_of
from tests.factories.trainees import ENTRY, pathway_of, trainee_in
from trainees.models import Pathway, Trainee
from trainees.operations.pathways import Derogation, move_pathway
from trainees.operations.people import register_trainee
from trainees.reads.visible import trainee_known_to


def test_a_trainee_belongs_to_one_school(school: School, other_school: School, coordinator: User) -> None:
    trainee = trainee_in(school, coordinator)
    assert trainee_known_to(scope_of(coordinator), trainee.public_id) == trainee
    with pytest.raises(NotAllowed):
        trainee_in(other_school, coordinator)


def test_too_old_is_refused_without_a_derogation(school: School, coordinator: User) -> None:
    trainee = trainee_in(school, coordinator, birth_date=date(1999, 1, 1))
    with pytest.raises(Refused, match="27 ans"):
        pathway_of(trainee, coordinator)
    pathway = pathway_of(trainee, coordinator, derogation=Derogation("Projet confirmé", ENTRY))
    assert pathway.age_derogation.reason == "Projet confirmé"


@pytest.mark.django_db(transaction=True)
def test_the_database_checks_the_age_by_itself(school: School, coordinator: User) -> None:
    pathway = pathway_of(trainee_in(school, coordinator), coordinator)
    with pytest.raises(IntegrityError, match="bornes légales"):
        _born_and_entered(pathway, "1980-01-01", "2026-09-02")


def _born_and_entered(pathway: Pathway, born: str, entered: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE trainees_trainee SET birth_date = %s WHERE id = %s", [born, pathway.trainee_id])
        cursor.execute("UPDATE trainees_pathway SET entered_on = %s WHERE id = %s", [entered, pathway.pk])


def test_one_open_pathway_at_a_time(school: School, coordinator: User) -> None:
    trainee = trainee_in(school, coordinator)
    pathway_of(trainee, coordinator)
    with pytest.raises(Refused) as refusal:
        pathway_of(trainee, coordinator, entered_on=date(2026, 10, 1))
    assert "déjà un parcours" in " ".join(refusal.value.details)


def test_a_social_security_number_is_refused(school: School, coordinator: User) -> None:
    trainee = Trainee(
        school=school, last_name="Pons", first_name="Léa", birth_date=date(2006, 1, 1), address="2 06 01 34 172 123 45"
    )
    with pytest.raises(Exception, match="sécurité sociale"):
        register_trainee(trainee, coordinator)


def test_the_trial_is_closed_by_a_contract(school: School, coordinator: User) -> None:
    pathway = pathway_of(trainee_in(school, coordinator), coordinator)
    with pytest.raises(Refused) as refusal:
        move_pathway(pathway.pk, "confirm", coordinator)
    assert "contrat de formation" in " ".join(refusal.value.details)
