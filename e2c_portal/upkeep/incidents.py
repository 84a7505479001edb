"""Remember what stops: opened when it is noticed, seen again while it lasts, closed once nobody sees it any more."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest, Least, Now
from django.urls import reverse

from e2c_portal.accounts.models import User
from e2c_portal.kernel.clock import older_than
from e2c_portal.kernel.french import counted
from e2c_portal.upkeep.incidents_finding import Fault, faults
from e2c_portal.upkeep.incidents_words import WORDS
from e2c_portal.upkeep.models import Incident, Pulse
from e2c_portal.upkeep.permissions import UpkeepPermission
from e2c_portal.upkeep.sections import State

# A fault that comes and goes is one incident: it ends when nobody has seen it for so long.
OVER_AFTER = timedelta(minutes=2)
KEPT_FOR = timedelta(days=365)


def note(fault: Fault) -> None:
    """Write that this is stopped now: one row from its beginning to its end."""
    seen = {
        "seen_at": Now(), "count": Greatest(F("count"), fault.count), "reason": fault.reason or F("reason"),
    } | ({"opened_at": Least(F("opened_at"), fault.since)} if fault.since else {})  # fmt: skip
    if Incident.objects.filter(kind=fault.kind, closed_at=None).update(**seen):
        return
    begun = {"opened_at": Least(fault.since, Now())} if fault.since else {}
    try:
        with transaction.atomic():
            Incident.objects.create(kind=fault.kind, count=fault.count, reason=fault.reason, **begun)
    except IntegrityError:
        # Another watcher noticed it at the same instant.
        Incident.objects.filter(kind=fault.kind, closed_at=None).update(**seen)


def note_past(kind: str, since: datetime, until: datetime) -> None:
    """Write something that is over already: nobody could write while it lasted."""
    Incident.objects.create(kind=kind, opened_at=since, seen_at=until, closed_at=until)


def look() -> int:
    """Write what is stopped now and close what is no longer seen. Returns how many things are stopped."""
    found = faults()
    for fault in found:
        note(fault)
    Incident.objects.filter(older_than("seen_at", OVER_AFTER), closed_at=None).update(closed_at=F("seen_at"))
    return len(found)


def beat(watcher: str, silence: timedelta) -> datetime | None:
    """Write that a watcher looks now. Returns when it had looked last if it had been silent for longer than `silence`."""
    pulse, is_first = Pulse.objects.get_or_create(watcher=watcher)
    if is_first:
        return None
    was_silent = Pulse.objects.filter(older_than("at", silence), watcher=watcher).exists()
    Pulse.objects.filter(watcher=watcher).update(at=Now())
    return pulse.at if was_silent else None


def open_incidents() -> list[Incident]:
    """Return what is stopped now, the oldest first."""
    return list(Incident.objects.filter(closed_at=None).order_by("opened_at", "pk"))


def past_incidents() -> QuerySet[Incident]:
    """Return what stopped and is over, the latest first, for as long as it is kept."""
    return Incident.objects.exclude(closed_at=None).order_by("-opened_at", "-pk")


def section_state() -> State:
    """Say on the first page of « Exploitation » whether something is stopped."""
    found = open_incidents()
    if not found:
        return State("Rien n’est arrêté.", "success")
    tone = "danger" if any(WORDS[one.kind].tone == "danger" for one in found) else "warning"
    return State(f"{counted(len(found), 'panne', 'pannes')} en ce moment.", tone)


def on_first_page(user: User) -> tuple[str, str, str] | None:
    """Return the words, the address and the tone of a task for whoever operates the portal; None when all is well."""
    if not user.has_perm(UpkeepPermission.VIEW_WORK):
        return None
    found = open_incidents()
    if not found:
        return None
    titles = [WORDS[one.kind].title for one in found]
    more = f" et {counted(len(found) - 1, 'autre panne', 'autres pannes')}" if len(found) > 1 else ""
    return f"{titles[0]}{more}", reverse("upkeep:incidents"), section_state().tone


def ended_before(limit: datetime) -> QuerySet[Incident]:
    """Return the incidents that ended before a moment."""
    return Incident.objects.filter(closed_at__lt=limit)
