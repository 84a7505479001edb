"""The messages to those who follow conventions: deadlines that come near, actions of steering committees that wait.

Both wait for the message of the day and may be stopped. They are reckoned for the morning on which they are read.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.french import counted, day_in_letters
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.digest_days import next_digest
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from partnerships import workflows
from partnerships.deadlines import END, NOTICE, Deadline
from partnerships.models import MeetingAction, PartnershipConvention
from partnerships.watching import ACTIONS, DEADLINE, Reminder, WaitingActions, some_wait, still_holds

# Beyond, the page of the portal reads better than a message.
ACTIONS_SHOWN = 20
MOVED = "Cette échéance a changé, ou le renouvellement est signé : il n’y a plus rien à rappeler."
DONE = "Toutes ces actions sont faites."


def day_of_reading(now: datetime) -> date:
    """Return the day of the next message of the day: that on which what is asked for now is read."""
    return timezone.localdate(next_digest(now))


def send_deadline(reminder: Reminder, user: User, on: date) -> Mail:
    """Ask for the reminder of one step to one person, read on a day; it is useless once the deadline has passed."""
    convention, deadline = reminder.convention, reminder.step.deadline
    context = {
        "title": convention.title, "number": convention.number, "company": convention.shown_company_name,
        "kind": deadline.kind, "day": deadline.day.isoformat(), "day_words": day_in_letters(deadline.day),
        "headline": headline(deadline, on), "advice": advice(convention, deadline),
        "successor": _successor_words(reminder.successor), "path": convention.get_absolute_url(),
    }  # fmt: skip
    return send_mail_on_commit(
        DEADLINE, _recipient(user), convention, context, dedup_key=reminder.key(user), not_after=_day_after(deadline.day)
    )  # fmt: skip


def send_actions(waiting: WaitingActions, on: date) -> Mail:
    """Ask for the list of what waits for one person, read on a day."""
    late = [action for action in waiting.actions if action.due_on < on]
    coming = [action for action in waiting.actions if action.due_on >= on]
    hidden = max(len(waiting.actions) - ACTIONS_SHOWN, 0)
    context = {
        # The day tells apart two lists that say the same, should the first still wait for a mail server.
        "day": on.isoformat(), "summary": _summary(late, coming), "actions": [action.pk for action in waiting.actions],
        "late": [_action_words(action) for action in late[:ACTIONS_SHOWN]],
        "coming": [_action_words(action) for action in coming[: max(ACTIONS_SHOWN - len(late), 0)]],
        "hidden": counted(hidden, "autre action", "autres actions") if hidden else "",
        "path": reverse("partnerships:actions") + "?toutes",
    }  # fmt: skip
    return send_mail_on_commit(ACTIONS, _recipient(waiting.user), waiting.user, context, dedup_key=waiting.key(on))


def headline(deadline: Deadline, on: date) -> str:
    """Return what the reader must know first, as the beginning of a subject."""
    left = (deadline.day - on).days
    if deadline.kind == NOTICE:
        words = {0: "Dernier jour pour donner congé", 1: "Dernier jour demain pour donner congé"}
        return words.get(left) or f"Plus que {counted(left, 'jour', 'jours')} pour donner congé"
    words = {0: "Prend fin aujourd’hui", 1: "Prend fin demain"}
    return words.get(left) or f"Prend fin dans {counted(left, 'jour', 'jours')}"


def advice(convention: PartnershipConvention, deadline: Deadline) -> str:
    """Return what happens on that day by rule, and what to do before, in one or two sentences."""
    terms = convention.terms
    if deadline.kind == NOTICE:
        return (
            "Sans congé reçu par l’autre partie ce jour-là au plus tard, la convention se reconduit tacitement. "
            "Pour la laisser courir, ne faites rien."
        )
    if convention.status in (workflows.DENOUNCED, workflows.TERMINATED):
        return "Sa fin est annoncée. Si le partenariat continue, préparez une nouvelle convention."
    if terms.is_tacit:
        return "Ses reconductions tacites sont épuisées. Pour continuer, préparez son renouvellement."
    if terms.renewal == "express":
        return "Elle ne se renouvelle que par un accord exprès. Pour continuer, préparez son renouvellement."
    return "Elle ne se renouvelle pas. Si le partenariat continue, écrivez une nouvelle convention."


def _successor_words(successor: PartnershipConvention | None) -> dict[str, str] | None:
    """Say where the convention that follows stands, None when nobody has begun it."""
    if successor is None:
        return None
    return {"number": successor.number, "state": successor.state.label, "path": successor.get_absolute_url()}


def _action_words(action: MeetingAction) -> dict[str, str]:
    convention = action.meeting.convention
    return {
        "description": action.description, "who": action.who, "due": day_in_letters(action.due_on),
        "convention": f"{convention.number}, {convention.shown_company_name}",
    }  # fmt: skip


def _summary(late: Sequence[MeetingAction], coming: Sequence[MeetingAction]) -> str:
    parts = [counted(len(late), "action en retard", "actions en retard")] if late else []
    parts += [counted(len(coming), "action à faire", "actions à faire")] if coming else []
    return " et ".join(parts)


def _recipient(user: User) -> Recipient:
    return Recipient(user.email, user.full_name)


def _day_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def _deadline_holds(mail: Mail) -> Mapping[str, str]:
    """Raise Refused when the deadline was moved, or lost its object, while the message waited."""
    deadline = Deadline(mail.context["kind"], date.fromisoformat(mail.context["day"]))
    if not still_holds(int(mail.subject.rpartition(":")[2]), deadline, timezone.localdate()):
        raise Refused(MOVED, code="moved")
    return {}


def _actions_wait(mail: Mail) -> Mapping[str, str]:
    """Raise Refused when all was done while the message waited."""
    if not some_wait(mail.context["actions"]):
        raise Refused(DONE, code="done")
    return {}


SAMPLE_DEADLINE: Mapping[str, Any] = {
    "title": "Convention de partenariat avec la Fabrique d’Oc", "number": "CP-2024-007", "company": "Fabrique d’Oc",
    "kind": END, "day": "2026-12-27", "day_words": day_in_letters(date(2026, 12, 27)),
    "headline": "Prend fin dans 30\N{NO-BREAK SPACE}jours", "path": "/conventions/7/",
    "advice": "Elle ne se renouvelle que par un accord exprès. Pour continuer, préparez son renouvellement.",
    "successor": {"number": "CP-2026-031", "state": "En négociation", "path": "/conventions/31/"},
}  # fmt: skip
SAMPLE_ACTIONS: Mapping[str, Any] = {
    "day": "2026-11-27", "summary": "1\N{NO-BREAK SPACE}action en retard et 1\N{NO-BREAK SPACE}action à faire", "actions": [],
    "late": [{
        "description": "Transmettre la liste des tuteurs", "who": "Paul Exemple", "due": day_in_letters(date(2026, 11, 12)),
        "convention": "CP-2024-007, Fabrique d’Oc",
    }],
    "coming": [{
        "description": "Organiser la visite de l’atelier", "who": "Claire Garrigue", "due": day_in_letters(date(2026, 12, 15)),
        "convention": "CP-2025-002, Vignes du Sud",
    }],
    "hidden": "", "path": "/conventions/actions/?toutes",
}  # fmt: skip
TYPES = (
    MailType(
        DEADLINE, "Échéance d’une convention", subject="{{ headline }} : {{ title }}", digestable=True, stoppable=True, staff=True,
        secrets=_deadline_holds, sample=SAMPLE_DEADLINE,
    ),
    MailType(
        ACTIONS, "Actions des comités de suivi", subject="Comités de suivi : {{ summary }}", digestable=True,
        stoppable=True, staff=True, secrets=_actions_wait, sample=SAMPLE_ACTIONS,
    ),
)  # fmt: skip
