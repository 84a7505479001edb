"""Registrations read by those who follow them: the network reads all, a school its own people, nobody else any."""

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, Prefetch, Q, QuerySet, Value, When

from assises.life import registrations as life
from assises.models import Answer, Category, Edition, Question, Registration, SessionPlace
from assises.permissions import AssisesPermission
from assises.reads.attendance import came, counted_at
from e2c_portal.kernel.search import fold, folded
from schools.models import School
from schools.queries import schools_visible_to
from schools.scope import Scope, scope_of

P = AssisesPermission
ACTIVE, HOLDING = "actives", "avec_place"
# What the list may be narrowed to beside the states themselves.
GROUPS = {ACTIVE: ("En cours", life.ACTIVE), HOLDING: ("Avec une place", life.HOLDING_A_PLACE)}
OF_THE_WHOLE = "Ensemble"
PRESENT, ABSENT = "present", "absent"


@dataclass(frozen=True)
class Asking:
    """What the list is narrowed to; what is empty narrows nothing."""

    words: str = ""
    status: str = ""
    category: str = ""
    school_id: int | None = None
    company_id: int | None = None
    origin: str = ""
    question_id: int | None = None
    answer: str = ""
    session_id: int | None = None
    checkpoint_id: int | None = None
    presence: str = ""

    @property
    def narrows(self) -> bool:
        return self != Asking()


def schools_where(user: Any, permission: str) -> list[int]:
    """Return the schools of a person in which they have a right on registrations. Nobody of the network has one there."""
    scope = scope_of(user)
    return [pk for pk in sorted(scope.school_ids) if user.has_perm(permission, Registration(school_id=pk))]


def reads_registrations(user: Any) -> bool:
    """Say whether a person reads registrations somewhere."""
    return not scope_of(user).empty and user.has_perm(P.VIEW_REGISTRATION)


def reads_every_registration(user: Any) -> bool:
    """Say whether a person reads the registrations of everybody, and not those of a school alone."""
    return scope_of(user).whole_network and user.has_perm(P.VIEW_REGISTRATION)


def registrations_visible_to(user: Any) -> QuerySet[Registration]:
    """Return the registrations a person may read, with `reads_needs`: whether they may read what each one needs to come.

    Needs may tell of health: they are for the Région, which prepares the day, and for the school that registered the person.
    """
    rows = Registration.objects.select_related("edition", "school", "company", "trainee")
    if not reads_every_registration(user):
        rows = rows.filter(school__in=schools_where(user, P.VIEW_REGISTRATION))
    return rows.annotate(reads_needs=_reads_needs(user))


def _reads_needs(user: Any) -> Any:
    if user.has_perm(P.MANAGE_REGISTRATIONS):
        return Value(True, output_field=BooleanField())
    own = Q(school__in=schools_where(user, P.CHANGE_REGISTRATION), origin=Registration.Origin.SCHOOL)
    return Case(When(own, then=Value(True)), default=Value(False), output_field=BooleanField())


def registrations_listed(edition: Edition, user: Any, asking: Asking) -> QuerySet[Registration]:
    """Return the registrations of an edition that match, by name."""
    rows = registrations_visible_to(user).filter(edition=edition)
    if asking.status in GROUPS:
        rows = rows.filter(status__in=GROUPS[asking.status][1])
    elif asking.status:
        rows = rows.filter(status=asking.status)
    exact = {
        "category": asking.category,
        "school": asking.school_id,
        "company": asking.company_id,
        "origin": asking.origin,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    rows = _where_seen(rows, asking)
    words = fold(asking.words).split()
    if words:
        # An edition has two thousand rows at most: its organisations need no column of their own.
        rows = rows.alias(whose=folded("organisation"))
    for word in words:
        rows = rows.filter(Q(search__contains=word) | Q(email__icontains=word) | Q(whose__contains=word))
    if asking.question_id and asking.answer:
        given = Answer.objects.filter(question=asking.question_id, question__edition=edition, value=asking.answer)
        rows = rows.filter(pk__in=given.values("registration"))
    return rows.order_by("search", "pk")


def _where_seen(rows: QuerySet[Registration], asking: Asking) -> QuerySet[Registration]:
    """Narrow to a workshop, and to whoever was counted or not: at a checkpoint when one is named, else on the day."""
    if asking.session_id:
        rows = rows.filter(session_places__session=asking.session_id)
    if not asking.presence:
        return rows
    seen = counted_at(asking.checkpoint_id) if asking.checkpoint_id else came()
    return rows.filter(seen if asking.presence == PRESENT else ~seen)


def narrowed_to(edition: Edition, asking: Asking) -> str:
    """Say in French to which workshop or checkpoint a list is narrowed, "" when to none: the search form does not show it."""
    told = []
    if asking.session_id and (session := edition.sessions.filter(pk=asking.session_id).first()):
        told.append(f"Seulement les places prises dans « {session} ».")
    if (
        asking.checkpoint_id
        and asking.presence
        and (row := edition.checkpoints.filter(pk=asking.checkpoint_id).first())
    ):
        told.append(f"La présence est celle du contrôle « {row} ».")
    return " ".join(told)


def with_answers(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """Read with each registration its answers and its workshops, for a file."""
    places = SessionPlace.objects.select_related("session").order_by("session__starts_at")
    return rows.prefetch_related("answers", Prefetch("session_places", places))


def registration_known_to(user: Any, edition: Edition, pk: int) -> Registration | None:
    """Return one registration of an edition, None when this person may not read it."""
    found = registrations_visible_to(user).select_related("registered_by").filter(edition=edition, pk=pk).first()
    if found is not None:
        found.edition = edition
    return found


def schools_to_choose(user: Any) -> list[tuple[int, str]]:
    """Return the schools the list may be narrowed to: nothing to choose for whoever works in one."""
    scope = scope_of(user)
    rows = schools_visible_to(scope)
    if not scope.whole_network:
        rows = rows.filter(pk__in=schools_where(user, P.VIEW_REGISTRATION))
    found = list(rows.order_by("name").values_list("pk", "name"))
    return found if len(found) > 1 else []


def companies_to_choose(edition: Edition, user: Any) -> list[tuple[int, str]]:
    """Return the companies that have somebody in an edition, for whoever reads everybody; nothing for a school."""
    if not reads_every_registration(user):
        return []
    rows = edition.registrations.filter(company__isnull=False).order_by("company__legal_name", "company")
    return list(rows.values_list("company", "company__legal_name").distinct())


def schools_registering(user: Any) -> QuerySet[School]:
    """Return the schools for which a person registers people."""
    own = schools_where(user, P.REGISTER_FOR_SCHOOL)
    return schools_visible_to(Scope(school_ids=frozenset(own))).filter(pk__in=own)


@dataclass(frozen=True)
class CategoryFigures:
    """How many registrations of a category (or of the whole, `category` empty) stand where. `most`: None without limit."""

    category: str
    label: str
    most: int | None
    confirmed: int = 0
    offered: int = 0
    waiting: int = 0
    asked: int = 0

    @property
    def left(self) -> int | None:
        """How many places nobody holds; an offer keeps its own."""
        return None if self.most is None else max(self.most - self.confirmed - self.offered, 0)


def figures_of(edition: Edition) -> list[CategoryFigures]:
    """Return the figures of each category, then of the whole edition. Two queries, whatever the number of people."""
    quotas = dict(edition.quotas.values_list("category", "places"))
    tally: dict[str, dict[str, int]] = {name: dict.fromkeys(life.ACTIVE, 0) for name in Category.values}
    rows = edition.registrations.filter(status__in=life.ACTIVE).order_by()
    for category, status, number in rows.values_list("category", "status").annotate(n=Count("pk")):
        tally[category][status] = number
    lines = [CategoryFigures(name, str(label), quotas.get(name), **tally[name]) for name, label in Category.choices]
    whole = {status: sum(line[status] for line in tally.values()) for status in life.ACTIVE}
    return [*lines, CategoryFigures("", OF_THE_WHOLE, edition.places, **whole)]


def questions_of(edition: Edition, category: str = "") -> list[Question]:
    """Return what an edition asks, of one category when it is said."""
    return [row for row in edition.questions.order_by("position", "pk") if not category or row.asks(category)]


def answer_figures(edition: Edition) -> list[tuple[Question, list[tuple[str, int]], int]]:
    """Return, for each question with a choice, its answers with how many people who hold a place gave them, and how many none.

    For the kitchen, first of all: who has no place eats nothing. Three queries.
    """
    asked = [row for row in questions_of(edition) if row.kind != Question.Kind.TEXT]
    held = edition.registrations.filter(status__in=life.HOLDING_A_PLACE).order_by()
    by_category = dict(held.values_list("category").annotate(n=Count("pk")))
    given: dict[int, dict[str, int]] = {row.pk: dict.fromkeys(row.options, 0) for row in asked}
    answers = Answer.objects.filter(registration__in=held.values("pk"), question__in=given).order_by()
    for question_id, value, number in answers.values_list("question", "value").annotate(n=Count("pk")):
        given[question_id][value] = number
    return [
        (row, list(given[row.pk].items()),
         max(sum(n for name, n in by_category.items() if row.asks(name)) - sum(given[row.pk].values()), 0))
        for row in asked
    ]  # fmt: skip


def offers_pending(edition: Edition) -> QuerySet[Registration]:
    """Return the places offered that nobody answered yet, the first to end first."""
    rows = edition.registrations.filter(status=life.OFFERED).select_related("school", "company")
    return rows.order_by("offered_until", "pk")


def requests_pending(edition: Edition) -> QuerySet[Registration]:
    """Return who waits for the Région's word, the oldest first."""
    rows = edition.registrations.filter(status=life.ASKED).select_related("school", "company")
    return rows.order_by("created_at", "pk")
