"""Finding somebody who exercises their rights: by any part of a name or of an address, theirs or a representative's."""

import pytest
from django.db.models import Q

from e2c_portal.accounts.models import User
from e2c_portal.kernel.search import fold
from schools.models import School
from tests.factories.trainees import MINOR, representative_of, trainee_in
from trainees.models import LegalRepresentative, Trainee
from trainees.operations.personal_data import FOUND_AT_ONCE, search

pytestmark = pytest.mark.django_db
WORDS = (
    "garcia", "GARCIA", "García", "lea garcia", "garcia lea", "eloise", "éloïse", "anne", "@exemple", "%", "_", "inconnu", "ga",
)  # fmt: skip


def in_one_question(words: str) -> list[Trainee]:
    """Return what one OR across the tables finds: slow among everybody, and the meaning of the search."""
    theirs = Q(search__contains=fold(words)) | Q(email__icontains=words)
    answering = LegalRepresentative.objects.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
    return list(Trainee.objects.filter(theirs | Q(pk__in=answering.values("trainee"))).order_by("search", "pk"))


@pytest.fixture
def people(coordinator: User, school: School) -> list[Trainee]:
    told = [("Garcia", "Léa"), ("Durand", "Garcia"), ("De Garcia", "Zoé"), ("Abadie", "Éloïse"), ("Martin_", "Jo%")]
    rows = [trainee_in(school, coordinator, last_name=last, first_name=first) for last, first in told]
    rows.append(trainee_in(school, coordinator, last_name="Bernard", email="LEA.Garcia@exemple.invalid"))
    rows.append(trainee_in(school, coordinator, last_name="Petit", birth_date=MINOR))
    representative_of(rows[-1], coordinator, "Anne GARCIA")
    return rows


def test_the_same_people_as_in_one_question(people: list[Trainee]) -> None:
    for words in WORDS:
        assert search(words) == in_one_question(words)[:FOUND_AT_ONCE], words


def test_everybody_named_is_found(people: list[Trainee]) -> None:
    assert {str(row.last_name) for row in search("garcia")} == {"Garcia", "Durand", "De Garcia", "Bernard", "Petit"}


def test_when_there_are_too_many_those_whose_name_begins_so_are_given(people: list[Trainee]) -> None:
    Trainee.objects.bulk_create(
        Trainee(school=row.school, last_name="Garcia", first_name=f"Numéro{number:02}", birth_date=row.birth_date, created_by=row.created_by)
        for row in people[:1] for number in range(FOUND_AT_ONCE)
    )  # fmt: skip
    found = search("garcia")
    assert len(found) == FOUND_AT_ONCE
    assert found == sorted(found, key=lambda row: (row.search, row.pk))
    assert set(found) <= set(in_one_question("garcia"))
    assert sum(row.last_name == "Garcia" for row in found) >= FOUND_AT_ONCE - 2, (
        "an address and a representative may come before"
    )
