"""What pages say of the checks: what is open, since when, what to do; when they last ran and how far they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.http import Http404

from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.privacy.holds import record_named
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.upkeep.consistency.permissions import ConsistencyPermission
from e2c_portal.upkeep.consistency.registry import all_checks, check_named
from e2c_portal.upkeep.models import Finding, Run
from e2c_portal.upkeep.sections import State

OPEN, CLOSED = "ouvertes", "reglees"


@dataclass(frozen=True)
class FindingLine:
    """One finding as the list prints it."""

    row: Finding
    label: str
    advice: str
    leads_somewhere: bool


@dataclass(frozen=True)
class Badge:
    """A state as the component prints it."""

    label: str
    tone: str


@dataclass(frozen=True)
class CheckLine:
    """One check as the page prints it: what must hold, and how it stood the last time."""

    label: str
    badge: Badge


def open_findings_count(user: Any) -> int:
    """Return how many things are wrong now, for somebody who may read them; zero for anybody else. One query at most."""
    if not user.has_perm(ConsistencyPermission.VIEW_CHECKS):
        return 0
    return Finding.objects.filter(closed_at=None).count()


def section_state() -> State:
    """Say on the first page of « Exploitation » whether something is wrong."""
    number = Finding.objects.filter(closed_at=None).count()
    if number:
        return State(f"{counted(number, 'anomalie', 'anomalies')} à régler.", "danger")
    return State("Aucune anomalie.", "success") if last_ended() else State("Pas encore contrôlé.")


def last_ended() -> datetime | None:
    """Return when the last passage of the checks ended, None before the first."""
    ended = Run.objects.filter(status=Run.Status.DONE).order_by("-ended_at").values_list("ended_at", flat=True)
    return ended.first()


def findings(which: str, name: str = "") -> QuerySet[Finding]:
    """Return the findings that are open, the oldest first, or those that were closed, the last first; of one check if named."""
    rows = Finding.objects.filter(check_name=name) if name else Finding.objects.all()
    if which == CLOSED:
        return rows.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    return rows.filter(closed_at=None).order_by("first_seen_at", "pk")


def line_of(row: Finding) -> FindingLine:
    """Return a finding with the words of its check. Asks the database nothing."""
    check = check_named(row.check_name)
    label = check.label if check else "Contrôle d’une version précédente du portail"
    advice = check.advice if check else "Relancez les contrôles : il se refermera de lui-même."
    return FindingLine(row, label, advice, _has_a_page(row.subject))


def _has_a_page(subject: str) -> bool:
    """Say whether records of this kind have a page, without reading any."""
    try:
        model = apps.get_model(subject.partition(":")[0])
    except (LookupError, ValueError):
        return False
    return model in (Document, Envelope) or hasattr(model, "get_absolute_url")


def address_of(pk: int) -> str:
    """Return the address of the record that a finding names. Raises Http404 when it is gone or has no page."""
    row = Finding.objects.filter(pk=pk).first()
    record = record_named(row.subject) if row else None
    address = _page_of(record) if record is not None else ""
    if not address:
        raise Http404
    return address


def _page_of(record: Model) -> str:
    try:
        if isinstance(record, Document):
            return kind_named(record.kind).subject_url(record)
        if isinstance(record, Envelope):
            return purpose_of(record).page_url(record)
        return str(record.get_absolute_url())  # type: ignore[attr-defined]
    except (AttributeError, PortalError, ObjectDoesNotExist, LookupError, ValueError):
        return ""


def last_run() -> Run | None:
    """Return the passage under way, else the last one."""
    return Run.objects.select_related("asked_by").order_by("-asked_at", "-pk").first()


def check_lines(run: Run | None) -> list[CheckLine]:
    """Return every check with how it stands: one query."""
    wrong = set(Finding.objects.filter(closed_at=None).order_by().values_list("check_name", flat=True).distinct())
    return [CheckLine(check.label, _state(check.name, number, run, wrong)) for number, check in enumerate(all_checks())]


def _state(name: str, number: int, run: Run | None, wrong: set[str]) -> Badge:
    if name in wrong:
        return Badge("Anomalies", "danger")
    if run is None or number >= run.done:
        return Badge("Pas encore fait", "neutral")
    if name in run.not_finished:
        return Badge("Interrompu", "warning")
    return Badge("Rien à signaler", "success")
