"""Likely doubles: found at night, told at once when a record is written, read by the Région alone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from schools.models import School
from schools.scope import Scope
from tests.factories.network import member_of
from tests.factories.trainees import ADULT, pathway_of, trainee_in
from trainees.models import DoublesSearch, LikelyDouble, Trainee
from trainees.operations.doubles import find_doubles, find_doubles_of_the_day
from trainees.operations.people import revise_trainee
from trainees.reads.doubles import doubles_visible_to
from trainees.tasks.doubles import find

pytestmark = pytest.mark.django_db
DOUBLES = reverse("trainees:doubles")
NETWORK = Scope(whole_network=True)


def pairs() -> list[tuple[str, str, bool]]:
    return [(row.here.school.name, row.there.school.name, row.across_schools) for row in doubles_visible_to(NETWORK)]


def person(school: School, actor: User, first_name: str = "Nina", **facts: object) -> Trainee:
    return trainee_in(school, actor, last_name="Lefèvre", first_name=first_name, **facts)


def test_two_records_are_told_as_soon_as_one_has_a_pathway(
    school: School, other_school: School, officer: User, coordinator: User
) -> None:
    here = person(school, coordinator)
    there = person(other_school, member_of(other_school, officer))
    assert pairs() == []
    pathway_of(here, coordinator)
    assert pairs() == [(school.name, other_school.name, True)]
    assert find_doubles() == 1
    assert pairs() == [(school.name, other_school.name, True)], "the night finds the same"
    person(school, coordinator, "Ninon", birth_date=date(2005, 1, 1))
    assert len(pairs()) == 1, "born another day"
    there.delete()
    assert pairs() == []


def test_a_corrected_record_is_a_double_no_more(school: School, coordinator: User) -> None:
    trainee = person(school, coordinator)
    pathway_of(trainee, coordinator)
    person(school, coordinator)
    assert pairs() == [(school.name, school.name, False)]
    trainee.birth_date = ADULT + timedelta(days=1)
    revise_trainee(trainee, trainee.revision, coordinator)
    assert pairs() == []


def test_the_night_mends_what_was_written_behind_its_back(school: School, coordinator: User) -> None:
    first, second, third = (person(school, coordinator) for _ in range(3))
    for trainee in (first, second):
        pathway_of(trainee, coordinator)
    assert LikelyDouble.objects.count() == 3, "each pair once, two open pathways or one"
    Trainee.objects.filter(pk=third.pk).update(birth_date=date(2004, 4, 4))
    LikelyDouble.objects.filter(there=second).update(nearness=0.7, across_schools=True)
    assert find_doubles() == 1
    row = LikelyDouble.objects.get()
    assert (row.here, row.there, row.nearness, row.across_schools) == (first, second, 1, False)


def test_the_network_is_searched_once_a_day(school: School, coordinator: User) -> None:
    pathway_of(person(school, coordinator), coordinator)
    person(school, coordinator)
    LikelyDouble.objects.all().delete()
    find()
    assert LikelyDouble.objects.count() == 1
    LikelyDouble.objects.all().delete()
    assert find_doubles_of_the_day() == 0
    DoublesSearch.objects.update(done_at=timezone.now() - timedelta(days=1))
    assert find_doubles_of_the_day() == 1
    assert DoublesSearch.objects.get().done_at > timezone.now() - timedelta(minutes=1)


def test_the_database_keeps_a_pair_once_and_one_search(school: School, coordinator: User) -> None:
    one, two = person(school, coordinator), person(school, coordinator)
    LikelyDouble.objects.create(here=one, there=two, nearness=1, across_schools=False)
    for wrong in (
        LikelyDouble(here=two, there=one, nearness=1, across_schools=False),
        LikelyDouble(here=one, there=one, nearness=1, across_schools=False),
        DoublesSearch(pk=2, done_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong.save()


def test_the_region_reads_them_and_no_school_does(
    school: School,
    other_school: School,
    officer: User,
    coordinator: User,
    client_of: Callable[[User], Client],
    same_query_count: Callable[..., int],
) -> None:
    neighbour = member_of(other_school, officer)
    pathway_of(person(school, coordinator), coordinator)
    person(other_school, neighbour)
    client = client_of(officer)
    assert "sera comparé cette nuit" in client.get(DOUBLES).content.decode()
    find_doubles()
    page = client.get(DOUBLES).content.decode().replace("\xa0", " ")
    assert "1 paire, dont 1 entre deux écoles" in page
    assert "Tout le réseau a été comparé le" in page
    same_query_count(lambda: client.get(DOUBLES), lambda: person(other_school, neighbour))
    file = client.get(reverse("exports:export", args=["doublons", "csv"]))
    assert other_school.name in file.getvalue().decode("utf-8-sig")
    theirs = client_of(neighbour)
    assert theirs.get(DOUBLES).status_code == 403
    assert theirs.get(reverse("exports:export", args=["doublons", "csv"])).status_code == 404
    assert not doubles_visible_to(Scope(school_ids=frozenset([school.pk]))).exists(), "one record is of another school"
