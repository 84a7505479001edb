"""What those who follow conventions must be told of: deadlines that come near, actions that wait. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.accounts.queries import regional_officers
from e2c_portal.mailing.queries import keys_asked
from partnerships import amendment_life, workflows
from partnerships.deadlines import Deadline, Step, action_is_news, deadlines_ahead, steps_owed
from partnerships.followers import followers_of
from partnerships.models import AmendmentMove, ConventionMove, MeetingAction, PartnershipConvention
from partnerships.models.amendments import TERM_COLUMNS
from partnerships.queries import actions_to_do, conventions_visible_to
from partnerships.situation import ACTIVE, LEAVING
from schools.scope import Scope

# The types of e-mails, which are also the first word of what tells two reminders apart.
DEADLINE, ACTIONS = "partnerships.deadline", "partnerships.actions"
EVERYTHING = Scope(whole_network=True)


@dataclass(frozen=True)
class Reminder:
    """One step of one deadline that must be told, and the convention being prepared to follow, if any."""

    convention: PartnershipConvention
    step: Step
    successor: PartnershipConvention | None = None

    def key(self, user: User) -> str:
        """Return what makes this reminder to this person leave once."""
        deadline = self.step.deadline
        return f"{DEADLINE}:{self.convention.pk}:{deadline.kind}:{deadline.day.isoformat()}:{self.step.days}:{user.pk}"


@dataclass(frozen=True)
class WaitingActions:
    """What waits for one person: the actions of the conventions they follow, due within a month or late."""

    user: User
    actions: Sequence[MeetingAction]

    def key(self, on: date) -> str:
        """Return what makes the list of a day leave once."""
        return f"{ACTIONS}:{self.user.pk}:{on.isoformat()}"


def reminders_owed(on: date, convention_id: int | None = None) -> list[Reminder]:
    """Return the reminders of deadlines to send for a day, of all conventions or of one. Three queries.

    A convention whose renewal is signed has nothing left to be reminded of.
    """
    rows = list(_in_force(on) if convention_id is None else _in_force(on).filter(pk=convention_id))
    told = _steps_told(rows)
    return [reminder for row in rows for reminder in _reminders(row, told.get(row.pk, []), on)]


def _in_force(on: date) -> QuerySet[PartnershipConvention]:
    """Read the conventions in force with what follows them and `dates_known_at`: when their dates became what they are."""
    settled = ConventionMove.objects.filter(convention=OuterRef("pk"), target__in=workflows.SIGNED_STATES)
    new_dates = Q(*[(f"amendment__{column}__isnull", False) for column in TERM_COLUMNS], _connector=Q.OR)
    amended = AmendmentMove.objects.filter(
        new_dates, amendment__convention=OuterRef("pk"), target=amendment_life.SIGNED
    )
    followed_by = PartnershipConvention.objects.exclude(status=workflows.SHELVED)
    known_at = Greatest(_latest(settled, "convention"), _latest(amended, "amendment__convention"))
    rows = conventions_visible_to(EVERYTHING, on).filter(Q(situation__in=[ACTIVE.name, LEAVING.name]))
    rows = rows.annotate(dates_known_at=known_at)
    return rows.select_related("created_by").prefetch_related(Prefetch("successors", followed_by)).order_by("pk")


def _latest(moves: QuerySet, by: str) -> Subquery:
    return Subquery(moves.order_by().values(by).annotate(last=Max("at")).values("last"))


def _steps_told(conventions: Iterable[PartnershipConvention]) -> dict[int, list[Step]]:
    told: dict[int, list[Step]] = {}
    for key in keys_asked(DEADLINE, conventions):
        _, convention, kind, day, days, _ = key.split(":")
        told.setdefault(int(convention), []).append(Step(Deadline(kind, date.fromisoformat(day)), int(days)))
    return told


def _reminders(row: PartnershipConvention, told: Sequence[Step], on: date) -> list[Reminder]:
    if _is_followed(row):
        return []
    known_since = timezone.localdate(row.dates_known_at)  # type: ignore[attr-defined]
    successor = next(iter(row.successors.all()), None)
    return [Reminder(row, step, successor) for step in steps_owed(row.terms, known_since, told, on)]


def _is_followed(row: PartnershipConvention) -> bool:
    return any(successor.status in workflows.SIGNED_STATES for successor in row.successors.all())


def waiting_actions(on: date) -> list[WaitingActions]:
    """Return, for each person to be told on a day, the actions that wait. Nobody is told when nothing moved since last time.

    Three queries, whatever the number of actions.
    """
    officers = list(regional_officers())
    by_person: dict[User, list[MeetingAction]] = {}
    for action in actions_to_do(EVERYTHING).select_related("meeting__convention__created_by"):
        if action_is_news(action.due_on, None, on):
            for user in followers_of(action.meeting.convention, officers):
                by_person.setdefault(user, []).append(action)
    told = _days_told(by_person)
    return [
        WaitingActions(user, actions)
        for user, actions in by_person.items()
        if any(action_is_news(action.due_on, told.get(user.pk), on) for action in actions)
    ]


def _days_told(people: Iterable[User]) -> dict[int, date]:
    """Return the day of the last list of each person."""
    days: dict[int, date] = {}
    for key in keys_asked(ACTIONS, people):
        _, user, day = key.split(":")
        days[int(user)] = max(days.get(int(user), date.min), date.fromisoformat(day))
    return days


def still_holds(convention_id: int, deadline: Deadline, on: date) -> bool:
    """Say whether a deadline written in a message is still one: not moved, not passed, and no renewal signed meanwhile."""
    row = _in_force(on).filter(pk=convention_id).first()
    return row is not None and not _is_followed(row) and deadline in deadlines_ahead(row.terms, on)


def some_wait(action_ids: Iterable[int]) -> bool:
    """Say whether one of these actions is still to be done."""
    return MeetingAction.objects.filter(pk__in=action_ids, done_on=None).exists()
