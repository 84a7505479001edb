"""The figures of the door as the Région follows them: by checkpoint and post, what was refused, what came late."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from assises.models import Checkpoint, DoorPost, Edition, Scan
from assises.reads.door import checkpoints_of, ends_at, fingerprint_of, opens_on, posts_of
from assises.reads.scans import Group, confirmed_number, expected_by_session, groups_of
from assises.sheets.door import hours_of

# The page asks for its figures while they move: the eve for trials, and the day itself.
PACE = "5s"
PAPER = "Papier"


@dataclass
class ControlRow:
    """One checkpoint: who is expected, who was counted, by which post."""

    checkpoint: Checkpoint
    hours: str
    expected: int
    cells: list[int] = field(default_factory=list)
    was_scanned: bool = False

    @property
    def counted(self) -> int:
        return sum(self.cells)

    @property
    def percent(self) -> int:
        return 100 * self.counted // self.expected if self.expected else 0


@dataclass(frozen=True)
class DoorFigures:
    """All that the page of the door says while it is open."""

    columns: list[str]
    rows: list[ControlRow]
    refused: list[tuple[str, str, int]]
    late: int
    forced: int
    voided: int
    is_live: bool
    mark: str

    @property
    def pace(self) -> str:
        return PACE if self.is_live else ""

    @property
    def summary(self) -> str:
        """Say in one sentence what a screen reader is told."""
        told = [f"{row.checkpoint} : {row.counted} sur {row.expected}" for row in self.rows]
        return ". ".join([*told, f"Refusés : {sum(number for *_, number in self.refused)}"]) + "."


def door_figures(edition: Edition) -> DoorFigures:
    """Return the figures of the door now. Five queries, whatever the number of scans."""
    groups, posts = groups_of(edition), list(posts_of(edition))
    rows = _rows(edition, groups, posts)
    columns = [post.name for post in posts] + ([PAPER] if _has_paper(groups) else [])
    refused = Counter[str]()
    for group in groups:
        if group.outcome != Scan.Outcome.OK:
            refused[group.outcome] += group.counted
    told = [(value, str(label), refused[value]) for value, label in Scan.Outcome.choices if refused[value]]
    late, forced, voided = (sum(getattr(group, name) for group in groups) for name in ("late", "forced", "voided"))
    return DoorFigures(columns, rows, told, late, forced, voided, is_live(edition), _mark(rows, groups, columns))


def is_live(edition: Edition) -> bool:
    """Say whether figures may still move by themselves: from the eve to the end of the day."""
    return opens_on(edition) <= timezone.localdate() <= edition.held_on


def is_over(edition: Edition) -> bool:
    """Say whether no phone may send anything any more."""
    return timezone.now() >= ends_at(edition)


def _rows(edition: Edition, groups: list[Group], posts: list[DoorPost]) -> list[ControlRow]:
    everybody, by_session = confirmed_number(edition), expected_by_session(edition)
    counted, scanned = Counter[tuple[int, int | None]](), set()
    for group in groups:
        scanned.add(group.checkpoint_id)
        if group.outcome == Scan.Outcome.OK:
            counted[group.checkpoint_id, group.post_id] += group.counted
    keys: list[int | None] = [post.pk for post in posts]
    if _has_paper(groups):
        keys.append(None)
    rows = []
    for checkpoint in checkpoints_of(edition):
        session = checkpoint.session
        chosen = session is not None and session.takes_registrations
        expected = by_session.get(checkpoint.session_id or 0, 0) if chosen else everybody
        cells = [counted[checkpoint.pk, key] for key in keys]
        rows.append(ControlRow(checkpoint, hours_of(checkpoint), expected, cells, checkpoint.pk in scanned))
    return rows


def _has_paper(groups: list[Group]) -> bool:
    return any(group.post_id is None for group in groups)


def _mark(rows: list[ControlRow], groups: list[Group], columns: list[str]) -> str:
    told = [f"{row.checkpoint.pk} {row.expected} {row.cells}" for row in rows]
    return fingerprint_of([*columns, *told, *sorted(f"{group}" for group in groups)])[:16]
