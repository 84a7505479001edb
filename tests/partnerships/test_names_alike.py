"""Names alike: what the database finds step by step is what measuring every name finds, the nearest first."""

from random import Random

import pytest
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Greatest

from e2c_portal.kernel.search import Fold
from partnerships.likeness import bare_name
from partnerships.models import Company
from partnerships.queries import companies_visible_to, likely_doubles
from schools.scope import Scope
from tests.factories.identifiers import new_siren

pytestmark = pytest.mark.django_db
NETWORK = Scope(whole_network=True)
TRADES = ("Boulangerie", "Garage", "Maçonnerie", "Hôtel-Restaurant", "Pépinières", "Transports", "Ets Crèche")
SIGNS = (
    "des Oliviers",
    "du Pont",
    "d’Oc",
    "Saint-Roch 34",
    "de l’Écluse & Fils",
    "Aubanel",
    "A3 Œnologie.",
    "Garrigue (34)",
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measured(name: str, *, besides: int = 0, number: str = "") -> list[Company]:
    """Return every company whose name is near, by measuring them all: a run of words from 0.6, or from 0.5 with a third of the name."""
    bare, folded = bare_name(name), Fold("legal_name")
    near = companies_visible_to(NETWORK).exclude(pk=besides).alias(
        whole=TrigramSimilarity(folded, bare), words=TrigramWordSimilarity(bare, folded)
    ).alias(nearness=Greatest("whole", "words"))  # fmt: skip
    near = near.exclude(siren=number) if number else near
    return list(
        near.filter(Q(words__gte=0.6) | Q(whole__gte=0.3, nearness__gte=0.5)).order_by("-nearness", "search", "pk")
    )


def misspelt(name: str, chance: Random) -> str:
    """Return a name with one letter wrong, missing or too many, or two letters in each other's place."""
    place, letter = chance.randrange(1, len(name) - 1), chance.choice(LETTERS)
    before, after = name[:place], name[place:]
    return chance.choice(
        (
            before + letter + after[1:],
            before + after[1:],
            before + letter + after,
            before + after[1] + after[0] + after[2:],
        )
    )


@pytest.fixture
def names() -> list[Company]:
    """Companies made of the same few words, as 20,000 may be; every third one has its SIREN, and one was merged into another."""
    made = [
        Company(legal_name=f"{trade} {sign}{f' {number}-{place}' if number else ''}", siren=new_siren() if place % 3 == 0 else "")
        for number in range(3) for place, (trade, sign) in enumerate((trade, sign) for trade in TRADES for sign in SIGNS)
    ]  # fmt: skip
    Company.objects.bulk_create(made)
    Company.objects.filter(pk=made[0].pk).update(merged_into=made[5])
    return made


def test_eight_are_those_that_measuring_every_name_finds_first(names: list[Company]) -> None:
    chance = Random(11)  # noqa: S311
    typed = [misspelt(row.legal_name, chance) for row in chance.sample(names, 40)]
    typed += [misspelt(misspelt(row.legal_name, chance), chance) for row in chance.sample(names, 15)]
    typed += [misspelt(row.legal_name.split()[0], chance) for row in chance.sample(names, 5)]
    typed += [
        "Carrosserie des Halles",
        "Oc",
        "34",
        "..",
        "SARL",
        names[3].siren,
        f"Garage {names[3].siren}",
        "a b c",
        "%_'\\",
    ]
    found = {name: likely_doubles(NETWORK, name) for name in typed}
    assert {name: [row.legal_name for row in rows] for name, rows in found.items()} == {
        name: [row.legal_name for row in measured(name)[:8]] for name in typed
    }
    assert {len(rows) for rows in found.values()} >= {0, 8}, "some are like nothing, some like many"


def test_what_is_left_out_leaves_its_place_to_the_next(names: list[Company]) -> None:
    row, typed = names[3], "Boulanjerie Saint-Roc"
    assert row in likely_doubles(NETWORK, typed)
    assert likely_doubles(NETWORK, typed, besides=row.pk) == measured(typed, besides=row.pk)[:8]
    assert likely_doubles(NETWORK, typed, row.siren) == [row, *measured(typed, number=row.siren)[:7]]


def test_the_bound_of_postgresql_is_what_it_was(names: list[Company]) -> None:
    def bound() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW pg_trgm.word_similarity_threshold")
            return str(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL pg_trgm.word_similarity_threshold = 0.65")
    assert likely_doubles(NETWORK, "Carrosserie des Halles") == []
    assert likely_doubles(NETWORK, "Garaje du Pont")
    assert bound() == "0.65"


@pytest.mark.parametrize("name", ["Garage du Pont", "L’Été « Œuvre » & Co., n° 3", "ΣΊΣΥΦΟΣ", "Ma…", "’", "½ pain ﬁn"])
def test_a_name_is_known_from_the_words_searched(name: str) -> None:
    """The function measures what stands before the SIREN: were it not the folded name, likenesses would be others."""
    Company.objects.bulk_create([Company(legal_name=name), Company(legal_name=name, siren=new_siren())])
    with connection.cursor() as cursor:
        cursor.execute("SELECT left(search, -1 - length(siren)), e2c_fold(legal_name) FROM partnerships_company")
        assert [one for one, other in cursor.fetchall() if one != other] == []
