"""What the page of a message to registered people says: to whom, a preview with a real person, how far it is."""

from dataclasses import dataclass

from assises.emails.after import OUTBOX, outbox_words
from assises.life import registrations
from assises.models import Category, OutboxMessage, Registration
from assises.reads.outbox import Outcome, addresses_count, next_of, outcome_of, somebody_of
from e2c_portal.kernel.french import counted, join_with_and
from e2c_portal.mailing.composing import Words, preview


@dataclass(frozen=True)
class MessageSheet:
    """A message as its page shows it. `person` is the recipient of the preview, None when nobody answers to the choices."""

    facts: list[tuple[str, str]]
    reach: int
    reach_words: str
    person: Registration | None
    other: Registration | None
    words: Words
    outcome: Outcome
    outcome_words: str


def message_sheet(message: OutboxMessage, seen: int | None = None) -> MessageSheet:
    """Return what is said of a message; the preview is that of the recipient of number `seen`, else of the first one."""
    reach, person = addresses_count(message), somebody_of(message, seen)
    outcome = outcome_of(message)
    return MessageSheet(
        facts=choices_facts(message), reach=reach, reach_words=counted(reach, "adresse", "adresses"), person=person,
        other=next_of(message, person) if person else None,
        words=preview(OUTBOX, outbox_words(message), recipient_name=person.full_name if person else ""),
        outcome=outcome, outcome_words=outcome_words(outcome),
    )  # fmt: skip


def choices_facts(message: OutboxMessage) -> list[tuple[str, str]]:
    """Return to whom a message is written, in words."""
    states = [registrations.STATES[name].label for name in message.states]
    categories = [str(Category(name).label) for name in message.categories]
    return [
        ("États", join_with_and(states)),
        ("Catégories", join_with_and(categories) or "Toutes"),
        ("École", str(message.school or "Toutes, et les personnes d’ailleurs")),
        ("Présence", message.get_presence_display()),
    ]


def outcome_words(outcome: Outcome) -> str:
    """Return how far the e-mails are, in one sentence."""
    parts = [f"{counted(outcome.sent, 'message envoyé', 'messages envoyés')} sur {outcome.recipients}"]
    if outcome.waiting:
        parts.append(f"{outcome.waiting} en attente")
    if outcome.failed:
        parts.append(f"{outcome.failed} en échec")
    if outcome.cancelled:
        parts.append(counted(outcome.cancelled, "annulé", "annulés"))
    return ", ".join(parts) + "."
