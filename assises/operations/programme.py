"""Prepare the programme of an edition and publish it, version by version."""

import hashlib
import json
from typing import TypeVar

from django.db import transaction
from django.db.models import ProtectedError

from assises.models import Edition, ProgrammeVersion, Room, Session
from assises.operations.editions import OVERTAKEN, require_preparing
from assises.reads.programme import changes_between, last_version, lines_of, sessions_of, taken_from_all
from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Overtaken, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.submissions import Sending, once

TELL_OF_CHANGES = "assises.tell_of_changes"
Part = TypeVar("Part", Room, Session)


@transaction.atomic
def add_part(part: Part, actor: User, *, sending: Sending | None = None) -> Part:
    """Add a room or a session to an edition. Raises NotAllowed, ValidationError by field."""
    require_preparing(actor)
    return once(sending, actor, type(part), lambda: save_with_trace(part, actor))


@transaction.atomic
def change_part(part: Part, seen: int | None, actor: User) -> Part:
    """Save what was changed of a room or a session. Raises NotAllowed, Overtaken, ValidationError by field."""
    require_preparing(actor)
    save_over_what_was_seen(part, seen, lambda: save_with_trace(part, actor), overtaken=OVERTAKEN)
    return part


@transaction.atomic
def remove_part(part: Room | Session, actor: User) -> None:
    """Take a room or a session away from what is being prepared. What was published keeps it.

    Raises NotAllowed, Refused for a room in which something still happens.
    """
    require_preparing(actor)
    edition, told = part.edition, str(part)
    try:
        part.delete()
    except ProtectedError as error:
        if isinstance(part, Session):
            raise Refused(
                f"« {told} » a déjà des inscrits, ou un contrôle à la porte : il ne se retire plus.", code="used"
            ) from error
        raise Refused(
            f"« {told} » sert encore au programme : changez d’abord la salle de ce qui s’y passe.", code="room_used"
        ) from error
    record(actor, f"{part._meta.model_name}.removed", edition, f"{part._meta.verbose_name} retirée : {told}")


@transaction.atomic
def publish_programme(
    edition_id: int, note: str, actor: User, *, seen_number: int = 0, tells: bool = False
) -> ProgrammeVersion:
    """Freeze what is prepared as the next version, with what it changes. `seen_number` is the last version on screen.

    `tells` has everybody who has a place told of what changes, by a job. So does, whatever `tells` says, a session taken from
    everybody: it would stay in their calendars.

    Raises NotAllowed, Overtaken when somebody published meanwhile, Refused for an empty or unchanged programme.
    """
    require_preparing(actor)
    edition = Edition.objects.select_for_update().get(pk=edition_id)
    last = last_version(edition)
    if (last.number if last else 0) != seen_number:
        raise Overtaken("Une autre version du programme vient d’être publiée. Relisez-la avant de publier la vôtre.")
    lines = lines_of(sessions_of(edition))
    if not lines:
        raise Refused("Le programme est vide : ajoutez au moins un temps.", code="empty_programme")
    changes = changes_between(last.content, lines) if last else []
    if last and not changes:
        raise Refused("Rien n’a changé depuis la dernière version publiée.", code="unchanged")
    version = ProgrammeVersion.objects.create(
        edition=edition, number=seen_number + 1, content=lines, changes=changes, note=note.strip(),
        sha256=fingerprint(lines), published_by=actor,
    )  # fmt: skip
    record(actor, "programme.published", edition, f"Programme publié, version {version.number}", changes=changes)
    if changes and (tells or taken_from_all(last.content if last else (), lines)):
        enqueue_on_commit(TELL_OF_CHANGES, version_id=version.pk)
    return version


def fingerprint(lines: list[dict]) -> str:
    """Return the SHA-256 of a programme, whatever the order of its keys."""
    plain = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
