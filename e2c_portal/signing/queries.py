"""Read envelopes: one by its address, those of a record, and for each signatory where they stand and what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.queries import documents_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.workflow import State
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.queries import state_of as link_state
from e2c_portal.mailing.models import Mail, Message, Sms
from e2c_portal.mailing.models import Status as MessageStatus
from e2c_portal.mailing.queries import next_step
from e2c_portal.mailing.queries import state_of as message_state
from e2c_portal.signing.evidence_file import KIND as EVIDENCE_KIND
from e2c_portal.signing.messages import INVITATION, REMINDER
from e2c_portal.signing.models import (
    Act,
    Channel,
    Code,
    Envelope,
    EnvelopeStatus,
    Evidence,
    Exhibit,
    ExhibitKind,
    Signatory,
    SignatoryStatus,
)
from e2c_portal.signing.models.envelopes import BY_LINK, UNFINISHED
from e2c_portal.signing.purposes import purpose_of
from e2c_portal.signing.reminder_days import next_reminder
from e2c_portal.signing.signatory_links import SIGN_LINK
from e2c_portal.signing.ways import came_back, next_best_way

# The messages that carry the link to sign.
LINK_KINDS = (INVITATION, REMINDER)


def envelopes_of(record: Model) -> QuerySet[Envelope]:
    """Return the envelopes about a record, latest first."""
    return Envelope.objects.filter(subject=subject_of(record)).select_related("document", "opened_by")


def envelope_managed_by(user: Any, public_id: UUID) -> Envelope | None:
    """Return the envelope if this person may manage it, else None, as for one that does not exist."""
    envelope = Envelope.objects.select_related("document", "opened_by").filter(public_id=public_id).first()
    if envelope is None:
        return None
    try:
        return envelope if purpose_of(envelope).may_manage(user, envelope) else None
    except PortalError:
        return None


def signatory_of_envelope(envelope: Envelope, public_id: UUID) -> Signatory | None:
    """Return one signatory of an envelope."""
    signatory = envelope.signatories.filter(public_id=public_id).first()
    if signatory:
        signatory.envelope = envelope
    return signatory


def exhibit_of_envelope(envelope: Envelope, public_id: UUID) -> Exhibit | None:
    """Return one exhibit of an envelope."""
    return Exhibit.objects.filter(signatory__envelope=envelope, public_id=public_id).first()


def signing_act(signatory: Signatory) -> Act | None:
    """Return the act by which somebody signed, None when they have not."""
    return signatory.acts.filter(kind__in=["signed", "paper_accepted"]).first()


@dataclass(frozen=True)
class Line:
    """One signatory as staff reads it: where they stand, by which way they were reached, and what to do next.

    `came_back` says that the last message did not arrive; `advice` then names the next best way. `next_reminder` is when the
    portal reminds them by itself, None when it will not.
    """

    signatory: Signatory
    message: Message | None
    message_state: State | None
    message_next: str
    came_back: bool
    link_state: State | None
    advice: str
    next_reminder: datetime | None
    to_check: Exhibit | None
    exhibits: tuple[Exhibit, ...]


def lines_of(envelope: Envelope) -> list[Line]:
    """Return a line for each signatory, those replaced included, in a constant number of queries."""
    exhibits = Prefetch("exhibits", Exhibit.objects.select_related("added_by", "checked_by"))
    rows = list(envelope.signatories.prefetch_related(exhibits).order_by("rank", "pk"))
    names = [subject_of(row) for row in rows]
    messages = _messages_about(names)
    links = {link.subject: link for link in _links(names)}
    return [_line(row, envelope, messages[name], links.get(name)) for row, name in zip(rows, names, strict=True)]


def _messages_about(names: Sequence[str]) -> dict[str, list[Message]]:
    """Return the messages to each signatory, the oldest first. Two queries."""
    found: dict[str, list[Message]] = {name: [] for name in names}
    for model in (Mail, Sms):
        for message in model._default_manager.filter(subject__in=names).defer("context"):
            found[message.subject].append(message)
    return {name: sorted(messages, key=lambda m: (m.requested_at, m.pk)) for name, messages in found.items()}


def _links(names: list[str]) -> QuerySet[PersonalLink]:
    links = PersonalLink.objects.filter(purpose=SIGN_LINK, subject__in=names)
    return links.order_by("prepared_at", "pk")


def _line(signatory: Signatory, envelope: Envelope, messages: Sequence[Message], link: PersonalLink | None) -> Line:
    signatory.envelope = envelope
    last = messages[-1] if messages else None
    exhibits = tuple(signatory.exhibits.all())
    return Line(
        signatory=signatory,
        message=last,
        message_state=message_state(last) if last else None,
        message_next=next_step(last) if last else "",
        came_back=came_back(last),
        link_state=link_state(link) if link and signatory.signs_by_link else None,
        advice=next_best_way(signatory, last),
        next_reminder=reminder_of(signatory, messages, timezone.now()),
        to_check=next((e for e in exhibits if e.kind == ExhibitKind.PAPER and e.accepted is None), None),
        exhibits=exhibits,
    )


def reminder_of(signatory: Signatory, messages: Iterable[Message], now: datetime) -> datetime | None:
    """Return when the portal next reminds this person by itself, None when it does not.

    It does not once they signed, before their turn, when they sign otherwise than by link, when the link came back, or when
    time has run out. `messages` are those to this person, the oldest first.
    """
    envelope, invited_at = signatory.envelope, signatory.invited_at
    carriers = [m for m in messages if m.kind in LINK_KINDS and m.status != MessageStatus.CANCELLED]
    awaited = signatory.status == SignatoryStatus.INVITED and signatory.signs_by_link and envelope.is_open
    if not awaited or not carriers or invited_at is None or came_back(carriers[-1]):
        return None
    # A message that still waits for a mail server counts as leaving now: two would arrive together.
    return next_reminder(invited_at, envelope.expires_at, carriers[-1].sent_at or now, now)


def signatories_to_remind(now: datetime) -> list[int]:
    """Return those whose reminder is owed. Three queries, whatever their number."""
    rows = Signatory.objects.filter(
        status=SignatoryStatus.INVITED, method__in=BY_LINK, envelope__status=EnvelopeStatus.OPEN,
        envelope__expires_at__gt=now,
    )  # fmt: skip
    awaited = {subject_of(row): row for row in rows.select_related("envelope").order_by("pk")}
    messages = _messages_about(list(awaited))
    return [row.pk for name, row in awaited.items() if _is_owed(row, messages[name], now)]


def reminder_is_owed(signatory: Signatory, now: datetime) -> bool:
    """Say whether a reminder of one person must leave now."""
    name = subject_of(signatory)
    return _is_owed(signatory, _messages_about([name])[name], now)


def _is_owed(signatory: Signatory, messages: Sequence[Message], now: datetime) -> bool:
    coming = reminder_of(signatory, messages, now)
    return coming is not None and coming <= now


def envelopes_near_their_limit(now: datetime, within: timedelta) -> list[Envelope]:
    """Return the envelopes that still await somebody and whose limit is near or has passed, with `limit_set_at`.

    `limit_set_at` is when the present limit was given: at the request, or when somebody gave more time.
    """
    given = Evidence.objects.filter(envelope=OuterRef("pk"), kind__in=["envelope.requested", "envelope.extended"])
    awaited = Exists(Signatory.objects.filter(envelope=OuterRef("pk"), status__in=UNFINISHED))
    near = Envelope.objects.filter(
        awaited, status__in=[EnvelopeStatus.OPEN, EnvelopeStatus.EXPIRED], expires_at__lte=now + within
    )
    near = near.annotate(limit_set_at=Subquery(given.order_by("-at").values("at")[:1]))
    return list(near.select_related("document", "opened_by").order_by("pk"))


def living_code(signatory: Signatory) -> Code | None:
    """Return the code that this person may still type, sent or about to be."""
    return signatory.codes.filter(used_at=None, voided_at=None).first()


def code_message(signatory: Signatory, code: Code) -> Message | None:
    """Return the message that carries a code."""
    model = Mail if code.channel == Channel.EMAIL else Sms
    return model._default_manager.filter(subject=subject_of(signatory), context__request=code.pk).first()


def evidence_file_of(envelope: Envelope) -> Document | None:
    """Return the evidence file of an envelope, sealed or on its way."""
    return documents_of(envelope).filter(kind=EVIDENCE_KIND).first()


def evidence_files_of(envelopes: Iterable[Envelope]) -> dict[int, Document]:
    """Return the last evidence file of each of these envelopes, by the number of the envelope. One query."""
    names = {subject_of(envelope): envelope.pk for envelope in envelopes}
    files = Document.objects.filter(kind=EVIDENCE_KIND, subject__in=names).exclude(status=Status.ABANDONED)
    return {names[file.subject]: file for file in files.defer("context").order_by("requested_at", "pk")}
