"""What waits, is under way or failed, read for a page: four sorts of things, each in its own list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from e2c_portal.documents.models import Document
from e2c_portal.documents.models import Status as DocumentStatus
from e2c_portal.documents.states import state_named
from e2c_portal.kernel.models import Job, TaskFailure
from e2c_portal.kernel.search import fold
from e2c_portal.kernel.workflow import State
from e2c_portal.mailing.models import Mail, Message, Sms
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.mailing.queries import next_step, state_of
from e2c_portal.upkeep import queues_counts as counts
from e2c_portal.upkeep.permissions import UpkeepPermission
from e2c_portal.upkeep.sections import State as SectionState
from e2c_portal.upkeep.task_words import WORDS, fault_sentence, task_label

FAILED, WAITING, DOING = "echecs", "attente", "cours"
STATES = ((FAILED, "En échec"), (WAITING, "En attente"), (DOING, "En cours"))
JOB_WAITS = State("En attente", "Le travail n’est pas encore parti.", "progress")
TASK_FAILED = State("En échec", "Le travail s’est arrêté sur une erreur.", "danger")
BROKER_AWAY = "La file d’attente ne répondait pas. Rien à faire : il partira tout seul dès son retour."
IN_QUEUE = "Attend un ouvrier libre."
BEING_MADE = "Un ouvrier s’en occupe."


@dataclass(frozen=True)
class Line:
    """One thing as the page and the export print it. `key` is what « Relancer » sends back, empty when it may not be."""

    key: str
    title: str
    detail: str
    state: State
    reason: str
    since: datetime
    attempts: int
    url: str = ""
    may_give_up: bool = False


@dataclass(frozen=True)
class Sort:
    """One sort of things: its name in addresses, its titles, how its rows are read and told."""

    name: str
    title: str
    rows: Callable[[str, str], QuerySet]
    line: Callable[[Any], Line]


def _tasks(state: str, words: str) -> QuerySet:
    if state == FAILED:
        failed = TaskFailure.objects.filter(state=TaskFailure.State.FAILED)
        return (failed.filter(task__in=_tasks_named(words)) if words else failed).order_by("-last_at", "-pk")
    waiting = Job.objects.filter(published_at=None) if state == WAITING else Job.objects.none()
    return (waiting.filter(task__in=_tasks_named(words)) if words else waiting).order_by("created_at", "pk")


def _tasks_named(words: str) -> list[str]:
    """Return the tasks whose French name or own name holds the words."""
    return [name for name, label in WORDS.items() if fold(words) in fold(f"{label} {name}")]


def _asked_by(row: TaskFailure | Job) -> str:
    """Return the number to look for in the logs; what the clock asks for by itself has none."""
    return "prévu par le planificateur" if row.request_id == "-" else f"requête {row.request_id}"


def _task_line(row: TaskFailure | Job) -> Line:
    if isinstance(row, Job):
        return Line("", task_label(row.task), _asked_by(row), JOB_WAITS, BROKER_AWAY, row.created_at, 0)
    return Line(
        str(row.pk), task_label(row.task), _asked_by(row), TASK_FAILED, fault_sentence(row.error), row.last_at,
        row.attempts, may_give_up=True,
    )  # fmt: skip


def _documents(state: str, words: str) -> QuerySet:
    states = {
        FAILED: (DocumentStatus.FAILED,),
        WAITING: (DocumentStatus.QUEUED,),
        DOING: (DocumentStatus.BUILDING, DocumentStatus.CLOSING),
    }[state]
    found = Document.objects.filter(status__in=states).defer("context")
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(reference__icontains=word))
    return found.order_by("queued_at", "pk")


def _document_line(row: Document) -> Line:
    failed = row.status == DocumentStatus.FAILED
    waits = IN_QUEUE if row.status == DocumentStatus.QUEUED else BEING_MADE
    return Line(
        str(row.pk) if failed else "", row.title, row.reference, state_named(row.status), row.failure if failed else waits,
        row.claimed_at or row.queued_at, row.attempts, reverse("admin:documents_document_change", args=[row.pk]),
    )  # fmt: skip


def _messages(model: type[Message]) -> Callable[[str, str], QuerySet]:
    def rows(state: str, words: str) -> QuerySet:
        if state == FAILED:
            found = counts.troubled(model).order_by("-finished_at", "-pk")
        else:
            status = MessageStatus.QUEUED if state == WAITING else MessageStatus.SENDING
            found = model._default_manager.filter(status=status).order_by("due_at", "pk")
        found = found.defer("context")
        for word in words.split():
            where = (
                Q(email__icontains=word) | Q(subject_line__icontains=word)
                if model is Mail
                else Q(phone__icontains=word)
            )
            found = found.filter(where)
        return found

    return rows


def _message_line(row: Mail | Sms) -> Line:
    failed = row.status in counts.IN_TROUBLE
    title = row.subject_line if isinstance(row, Mail) else "SMS"
    url = reverse(f"admin:mailing_{row._meta.model_name}_change", args=[row.pk])
    return Line(
        str(row.pk) if failed else "", title, row.address, state_of(row), next_step(row), row.finished_at or row.due_at,
        row.attempts, url, may_give_up=row.status == MessageStatus.FAILED,
    )  # fmt: skip


SORTS = {
    sort.name: sort
    for sort in (
        Sort("travaux", "Travaux", _tasks, _task_line),
        Sort("documents", "Documents", _documents, _document_line),
        Sort("courriels", "Courriels", _messages(Mail), _message_line),
        Sort("sms", "SMS", _messages(Sms), _message_line),
    )
}


def numbers() -> dict[str, dict[str, int]]:
    """Return how many of each sort are in each state, no further than a page says."""
    return {
        name: {state: counts.bounded_count(sort.rows(state, "")) for state, _ in STATES} for name, sort in SORTS.items()
    }


def failed_line(sort: str, key: int) -> Line | None:
    """Return one failed thing as the page prints it, None when there is none."""
    known = SORTS.get(sort)
    row = known.rows(FAILED, "").filter(pk=key).first() if known else None
    return known.line(row) if known and row else None


def failed_work_count(user: Any) -> int:
    """Return what waits for this person on the page of failures: 0 for whoever may not open it."""
    return counts.failed_work() if user.has_perm(UpkeepPermission.VIEW_WORK) else 0


def section_state() -> SectionState:
    """Say on the first page of « Exploitation » whether something waits for the operator."""
    failed = counts.failed_work()
    if not failed:
        return SectionState("Rien en échec.", "success")
    words = "1 échec attend" if failed == 1 else f"{failed} échecs attendent"
    return SectionState(f"{words} une décision.", "danger")
