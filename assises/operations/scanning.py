"""Take what the phones of the doors read: each reading is answered, kept as a scan, and counts at most once.

The questions are asked in one order (unknown code, other edition, cancelled or without a place, not of this list, outside
the hours, already in), so that the door is told the first thing that matters. A reading is known by its nonce, made by the
phone: sent again after a cut it gets the same answer and counts nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from assises.life import registrations as life
from assises.models import Checkpoint, DoorPost, Registration, Scan, SessionPlace
from assises.reads.door import CATEGORY_OF_ONE, checkpoints_of, whose
from assises.reads.tickets import normalised, sha256_of
from e2c_portal.kernel.errors import Refused

MOST_AT_ONCE = 200
# Clocks of phones differ by seconds; beyond that, the hours kept would be false.
CLOCK_TOLERANCE = timedelta(minutes=2)
Outcome = Scan.Outcome
# What whoever holds the door may set aside by « Laisser entrer »: nothing else.
FORCEABLE = frozenset({Outcome.WRONG_LIST, Outcome.OUTSIDE_TIME})
GONE = "gone"


@dataclass(frozen=True)
class Reading:
    """What a phone read once: a ticket (camera, keyboard) or somebody chosen by name, at a checkpoint, at a moment.

    `was_forced`: whoever holds the door lets the person in after a refusal that may be set aside.
    """

    nonce: UUID
    checkpoint_id: int
    ticket: str = ""
    registration_id: int | None = None
    way: str = Scan.Way.CAMERA
    scanned_at: datetime = field(default_factory=timezone.now)
    was_offline: bool = False
    was_forced: bool = False


@dataclass(frozen=True)
class Answer:
    """What the door is told: a code for the log, a sentence for the person, who it is, and whether they may be let in."""

    nonce: UUID
    code: str
    sentence: str
    who: str = ""
    may_force: bool = False

    @property
    def is_ok(self) -> bool:
        return self.code == Outcome.OK


@dataclass(frozen=True)
class _Judged:
    """A reading with what it was found to be."""

    outcome: Outcome
    registration: Registration | None = None
    overridden: bool = False


def take(readings: Sequence[Reading], post: DoorPost) -> list[Answer]:
    """Keep the readings of a post, in their order, and return one answer to each.

    Each reading is a transaction of its own: a cut in the middle loses nothing, and no two doors wait for each other.
    Raises Refused for a closed post or beyond two hundred readings.
    """
    if len(readings) > MOST_AT_ONCE:
        raise Refused(f"Envoyez au plus {MOST_AT_ONCE} passages à la fois.", code="too_many")
    if DoorPost.objects.filter(pk=post.pk, closed_at__isnull=False).exists():
        raise Refused("Cette porte est fermée : demandez un nouveau lien à la Région.", code="closed_post")
    checkpoints = {row.pk: row for row in checkpoints_of(post.edition)}
    for row in checkpoints.values():
        row.edition = post.edition
    return [_taken(reading, post, checkpoints.get(reading.checkpoint_id)) for reading in readings]


def clock_warning(device_now: datetime | None) -> str:
    """Say how wrong the clock of a phone is, "" when it is right or not told."""
    if device_now is None or abs(device_now - timezone.now()) <= CLOCK_TOLERANCE:
        return ""
    minutes = round(abs((device_now - timezone.now()).total_seconds()) / 60)
    verb = "avance" if device_now > timezone.now() else "retarde"
    return f"L’horloge de ce téléphone {verb} de {minutes} minutes : réglez-la sur l’heure automatique."


def _taken(reading: Reading, post: DoorPost, checkpoint: Checkpoint | None) -> Answer:
    known = _known(reading.nonce)
    if known:
        return _answer(known) if known.edition_id == post.edition_id else _unknown(reading)
    if checkpoint is None:
        return Answer(reading.nonce, GONE, "Ce contrôle n’existe plus : rechargez la page et choisissez-en un autre.")
    try:
        with transaction.atomic():
            return _answer(_keep(reading, post, checkpoint))
    except IntegrityError as error:
        # The same phone sent it twice at once: the other request has kept it by now.
        if (known := _known(reading.nonce)) is None:
            raise error
        return _answer(known)


def _known(nonce: UUID) -> Scan | None:
    return Scan.objects.select_related("registration__school", "checkpoint", "edition").filter(nonce=nonce).first()


def _keep(reading: Reading, post: DoorPost, checkpoint: Checkpoint) -> Scan:
    # Held until the commit: two doors with the same ticket pass one after the other.
    registration = _read(reading, post)
    judged = _judge(reading, post, checkpoint, registration)
    try:
        with transaction.atomic():
            return _write(reading, post, checkpoint, judged)
    except IntegrityError as error:
        if "scan_counted_once" not in str(error):
            raise
        # Counted meanwhile from a sheet of paper, which does not hold the registration.
        return _write(reading, post, checkpoint, _Judged(Outcome.ALREADY_IN, registration))


def _read(reading: Reading, post: DoorPost) -> Registration | None:
    people = Registration.objects.select_for_update(no_key=True, of=("self",)).select_related("school")
    if reading.registration_id is not None:
        # Chosen by name: a door knows the people of its edition alone.
        return people.filter(pk=reading.registration_id, edition=post.edition_id).first()
    ticket = normalised(reading.ticket)
    return people.filter(ticket_sha256=sha256_of(ticket)).first() if ticket else None


def _judge(reading: Reading, post: DoorPost, checkpoint: Checkpoint, registration: Registration | None) -> _Judged:
    if registration is None:
        return _Judged(Outcome.UNKNOWN)
    if registration.edition_id != post.edition_id:
        return _Judged(Outcome.OTHER_EDITION, registration)
    if registration.status != life.CONFIRMED:
        cancelled = registration.status == life.CANCELLED
        return _Judged(Outcome.CANCELLED if cancelled else Outcome.NOT_CONFIRMED, registration)
    set_aside = False
    for outcome, refuses, may_be_forced in (
        (Outcome.WRONG_LIST, not _is_on_the_list(checkpoint, registration), True),
        (Outcome.OUTSIDE_TIME, not _is_on_time(checkpoint, reading.scanned_at), _is_that_day(post, reading.scanned_at)),
    ):
        if refuses and not (reading.was_forced and may_be_forced):
            return _Judged(outcome, registration)
        set_aside = set_aside or refuses
    if _first_in(checkpoint, registration):
        return _Judged(Outcome.ALREADY_IN, registration)
    return _Judged(Outcome.OK, registration, overridden=set_aside)


def _is_on_the_list(checkpoint: Checkpoint, registration: Registration) -> bool:
    session = checkpoint.session
    if session is None or not session.takes_registrations:
        return True
    return SessionPlace.objects.filter(session=session, registration=registration).exists()


def _is_on_time(checkpoint: Checkpoint, moment: datetime) -> bool:
    edition = checkpoint.edition
    if moment > timezone.now() + CLOCK_TOLERANCE:
        return False
    # The last minute written is still in time.
    return edition.moment(checkpoint.opens_at) <= moment < edition.moment(checkpoint.closes_at) + timedelta(minutes=1)


def _is_that_day(post: DoorPost, moment: datetime) -> bool:
    """Say whether a moment is past and of the day itself: nobody is let in before the day, nor by a clock that is wrong."""
    return timezone.localdate(moment) == post.edition.held_on and moment <= timezone.now() + CLOCK_TOLERANCE


def _first_in(checkpoint: Checkpoint, registration: Registration | None) -> Scan | None:
    counted = Scan.objects.filter(checkpoint=checkpoint, registration=registration, outcome=Outcome.OK, voided_at=None)
    return counted.select_related("post").first()


def _write(reading: Reading, post: DoorPost, checkpoint: Checkpoint, judged: _Judged) -> Scan:
    return Scan.objects.create(
        nonce=reading.nonce, edition=post.edition, checkpoint=checkpoint, registration=judged.registration,
        outcome=judged.outcome, way=reading.way, post=post, scanned_at=reading.scanned_at,
        received_at=timezone.now(), was_offline=reading.was_offline, was_forced=judged.overridden,
    )  # fmt: skip


def _answer(scan: Scan) -> Answer:
    """Return the answer to a scan that is kept: the same, however many times it is asked."""
    registration = scan.registration
    same_edition = registration is not None and registration.edition_id == scan.edition_id
    who = _name(registration) if registration is not None and same_edition else ""
    return Answer(scan.nonce, scan.outcome, _sentence(scan), who, _may_be_forced(scan))


def _may_be_forced(scan: Scan) -> bool:
    if scan.outcome == Outcome.OUTSIDE_TIME:
        return timezone.localdate(scan.scanned_at) == scan.edition.held_on and not _is_ahead(scan)
    return scan.outcome in FORCEABLE


def _is_ahead(scan: Scan) -> bool:
    """Say whether a scan was dated later than it was received."""
    return scan.scanned_at > scan.received_at + CLOCK_TOLERANCE


def _name(registration: Registration) -> str:
    told = (registration.full_name, CATEGORY_OF_ONE[registration.category], whose(registration))
    return ", ".join(part for part in told if part)


def _unknown(reading: Reading) -> Answer:
    return Answer(reading.nonce, Outcome.UNKNOWN, SENTENCES[Outcome.UNKNOWN])


SENTENCES = {
    Outcome.OK: "Bienvenue. La présence est comptée.",
    Outcome.UNKNOWN: "Billet inconnu. Cherchez la personne par son nom.",
    Outcome.OTHER_EDITION: "Ce billet est celui d’une autre édition.",
    Outcome.CANCELLED: "Inscription annulée : envoyez la personne à l’accueil.",
    Outcome.NOT_CONFIRMED: "Cette inscription n’a pas de place : envoyez la personne à l’accueil.",
}


def _sentence(scan: Scan) -> str:
    outcome, checkpoint = Outcome(scan.outcome), scan.checkpoint
    if outcome == Outcome.OK and scan.was_forced:
        return "Entrée accordée par la porte. La présence est comptée."
    if outcome == Outcome.WRONG_LIST:
        return f"Pas inscrit à « {checkpoint} »."
    if outcome == Outcome.OUTSIDE_TIME:
        return _outside(scan)
    if outcome == Outcome.ALREADY_IN:
        return _already(scan)
    return SENTENCES[outcome]


def _outside(scan: Scan) -> str:
    day = timezone.localdate(scan.scanned_at)
    if day < scan.edition.held_on:
        return f"Trop tôt : la journée a lieu le {scan.edition.held_on:%d/%m/%Y}. Le billet est bon, rien n’est compté."
    if day > scan.edition.held_on or _is_ahead(scan):
        return "L’heure de ce téléphone est fausse, ou la journée est passée : rien n’est compté. Vérifiez son horloge."
    checkpoint = scan.checkpoint
    return f"« {checkpoint} » se contrôle de {_clock(checkpoint.opens_at)} à {_clock(checkpoint.closes_at)}."


def _already(scan: Scan) -> str:
    first = _first_in(scan.checkpoint, scan.registration)
    if first is None:
        return "Déjà compté, puis annulé par la Région : scannez de nouveau."
    where = "sur une feuille d’émargement" if first.way == Scan.Way.PAPER else f"{first.post}"
    return f"Déjà compté à {_clock(timezone.localtime(first.scanned_at))}, {where}."


def _clock(moment: datetime | time) -> str:
    """Write an hour as it is said: 9 h 02."""
    return f"{moment.hour} h {moment.minute:02d}"
