"""Internships found by words: each is held by the name of the trainee, or by that of the company unless it is hidden.

In a school, its own rows are few. In the whole network (measured on 700,000) a word finds one person or ten thousand: few people or
places are looked up one by one; when they are many, the latest internships are read in order until a page is full.
"""

from collections.abc import Sequence
from functools import reduce

from django.db.models import Q, QuerySet

from partnerships.diffusion import NAME_HIDDEN, name_hidden
from partnerships.models import Company, Establishment
from trainees.models import Internship, Trainee

# So many people, or places, are looked up one by one. Beyond, one internship in four hundred is found: a page is soon full.
FEW = 500
THERE = "establishment__company__"
Rows = QuerySet[Internship]


def holding_words(rows: Rows, words: Sequence[str], *, everywhere: bool) -> Rows:
    """Keep the internships whose trainee or company holds every word, folded already; `everywhere` is the whole network."""
    if everywhere and words:
        return _in_network(rows, words)
    return reduce(_in_schools, words, rows)


def _in_schools(rows: Rows, word: str) -> Rows:
    """Find by trainee and by company, each by its own index, then put them together."""
    plain = rows.order_by().select_related(None)
    by_trainee = plain.filter(trainee__in=_trainees([word]).values("pk")).values("pk")
    by_place = plain.filter(establishment__in=_places([word]).values("pk")).values("pk")
    return rows.filter(pk__in=by_trainee.union(by_place))


def _in_network(rows: Rows, words: Sequence[str]) -> Rows:
    """Ask first who holds each word: most are names of people alone, or of companies alone, and then no OR is left to weigh."""
    people = {word for word in words if _trainees([word]).exists()}
    firms = {word for word in words if _places([word]).exists()}
    if not people | firms >= set(words):
        return rows.none()
    if names := sorted(people - firms):
        rows = _of_trainees(rows, names)
    if signs := sorted(firms - people):
        rows = _of_places(rows, signs)
    return reduce(_of_either, sorted(people & firms), rows)


def _of_trainees(rows: Rows, names: Sequence[str]) -> Rows:
    found = _few_named(names)
    return rows.filter(_held("trainee__search", names) if found is None else Q(trainee__in=found))


def _of_places(rows: Rows, names: Sequence[str]) -> Rows:
    found = _few(_places(names))
    if found is not None:
        return rows.filter(establishment__in=found)
    return rows.filter(_held(f"{THERE}search", names)).exclude(name_hidden(THERE))


def _of_either(rows: Rows, word: str) -> Rows:
    trainees, places = _few_named([word]), _few(_places([word]))
    if trainees is not None and places is not None:
        return rows.filter(Q(trainee__in=trainees) | Q(establishment__in=places))
    here, there = _held("trainee__search", [word]), _held(f"{THERE}search", [word])
    return rows.filter(here | there & ~name_hidden(THERE))


def _few_named(words: Sequence[str]) -> list[int] | None:
    """Return the identifiers of the trainees so named when there are FEW of them, else None.

    Those whose name begins with the first word come first: the index by name alone tells them, and a frequent name is known as
    such before the index of words gathers all who bear it.
    """
    held, begins = _trainees(words), Q(search__startswith=words[0])
    return _few(held.filter(begins).values("pk").union(held.exclude(begins).values("pk"), all=True))


def _few(found: QuerySet) -> list[int] | None:  # type: ignore[type-arg]
    """Return the identifiers of what was found when there are FEW of them, else None."""
    keys = list(found.values_list("pk", flat=True)[: FEW + 1])
    return keys if len(keys) <= FEW else None


def _held(column: str, words: Sequence[str]) -> Q:
    return Q(*[Q(**{f"{column}__contains": word}) for word in words])


def _trainees(words: Sequence[str]) -> QuerySet[Trainee]:
    return Trainee.objects.filter(_held("search", words)).order_by()


def _places(words: Sequence[str]) -> QuerySet[Establishment]:
    companies = Company.objects.filter(_held("search", words)).exclude(NAME_HIDDEN)
    return Establishment.objects.filter(company__in=companies.order_by().values("pk")).order_by()
