"""Who sees which rows: every read of this app starts here.

A row is seen by the school that made it, by the school the person is in today (a transfer hands the file over), and by the
network. Lists start from the rows of the schools in scope; a page is reached by its own number, within the same scope.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from schools.models import School
from schools.queries import schools_visible_to
from schools.scope import Scope
from trainees.models import Internship, Pathway, Trainee

MOST_DIGITS = 18


def own_schools(scope: Scope) -> QuerySet[School]:
    """Return the schools whose rows this person reaches, for a choice on a page."""
    schools = schools_visible_to(scope)
    return schools if scope.whole_network else schools.filter(pk__in=scope.school_ids)


def school_numbered(asked: str) -> int | None:
    """Return the number of the school that an address asks for, None when it is that of no school."""
    if not asked.isdecimal() or len(asked) > MOST_DIGITS or str(int(asked)) != asked:
        return None
    return School.objects.filter(pk=int(asked)).values_list("pk", flat=True).first()


def trainees_visible_to(scope: Scope) -> QuerySet[Trainee]:
    """Return the trainees of the schools in scope."""
    rows = Trainee.objects.select_related("school")
    return rows if scope.whole_network else rows.filter(school__in=_ids(scope))


def pathways_visible_to(scope: Scope) -> QuerySet[Pathway]:
    """Return the pathways made by the schools in scope."""
    rows = Pathway.objects.select_related("trainee", "site", "referent")
    return rows if scope.whole_network else rows.filter(school__in=_ids(scope))


def internships_visible_to(scope: Scope) -> QuerySet[Internship]:
    """Return the internships made by the schools in scope."""
    rows = Internship.objects.select_related("trainee", "establishment__company", "tutor", "trade")
    return rows if scope.whole_network else rows.filter(school__in=_ids(scope))


def trainee_known_to(scope: Scope, public_id: UUID) -> Trainee | None:
    """Return one trainee by the opaque identifier of their page, None outside the scope."""
    return trainees_visible_to(scope).filter(public_id=public_id).first()


def pathway_known_to(scope: Scope, pk: int) -> Pathway | None:
    """Return one pathway, of the school or of a person who is in it today; None outside the scope."""
    rows = Pathway.objects.select_related("trainee", "school", "site", "referent").filter(pk=pk)
    return _reached(rows, scope).first()


def internship_known_to(scope: Scope, pk: int) -> Internship | None:
    """Return one internship, of the school or of a person who is in it today; None outside the scope."""
    rows = Internship.objects.select_related(
        "trainee", "school", "pathway", "establishment__company", "tutor", "host_signatory", "school_signatory", "referent",
        "trade", "partnership_convention",
    ).filter(pk=pk)  # fmt: skip
    return _reached(rows, scope).first()


def _reached(rows: QuerySet, scope: Scope) -> QuerySet:  # type: ignore[type-arg]
    if scope.whole_network:
        return rows
    return rows.filter(Q(school__in=_ids(scope)) | Q(trainee__school__in=_ids(scope)))


def _ids(scope: Scope) -> Iterable[int]:
    return sorted(scope.school_ids)
