"""The rows behind a report: read once, counted from there, and told apart by a fingerprint that names nobody."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from assises.life import registrations as life
from assises.models import (
    Category,
    Checkpoint,
    Edition,
    EditionReport,
    Photo,
    PhotoPerson,
    RegistrationMove,
    Scan,
    SessionPlace,
    ToldFact,
)
from partnerships.models import PartnershipConvention

# The two long lists of an edition are written by the database as the fingerprint takes them, JSON without spaces in the order of
# their numbers, and read from there: thousands of rows are neither fetched one by one nor written again. What stands between
# quotes is one of the words that the database holds these columns to (category, state, outcome): a few letters, nothing to escape.
PEOPLE = """
SELECT '[' || COALESCE(string_agg(
    '[' || id || ',"' || category || '","' || status || CASE WHEN school_id IS NULL AND company_id IS NULL THEN '",null,null'
    ELSE '",' || COALESCE(school_id::text, 'null') || ',' || COALESCE(company_id::text, 'null') END
    || CASE WHEN waiting_since IS NULL THEN ',false]' ELSE ',true]' END, ','
), '') || ']' FROM (
    SELECT id, category, status, school_id, company_id, waiting_since FROM assises_registration WHERE edition_id = %s ORDER BY id
) rows
"""
SCANS = """
SELECT '[' || COALESCE(string_agg(
    '[' || id || ',' || checkpoint_id || ',' || COALESCE(registration_id::text, 'null') || ',"' || outcome || '"]', ','
), '') || ']' FROM (
    SELECT id, checkpoint_id, registration_id, outcome FROM assises_scan WHERE edition_id = %s AND voided_at IS NULL ORDER BY id
) rows
"""
COUNTED = str(Scan.Outcome.OK)


class People:
    """The registrations of an edition, as far as figures go: a list for each column, never an object for each person.

    Two thousand objects for one page would be made, and walked by the collector of cycles, to be counted once.
    """

    def __init__(self, written: str) -> None:
        self.ids, *columns = columns_of(written, 6)
        names = ("category", "status", "school_id", "company_id", "waited")
        self._columns: dict[str, list[Any]] = dict(zip(names, columns, strict=True))
        self._groups: dict[str, dict[Any, set[int]]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def everyone(self) -> set[int]:
        """Return all the numbers."""
        return set(self.ids)

    def by(self, column: str) -> dict[Any, set[int]]:
        """Return who is in each group, by a column; those without are left out."""
        if column not in self._groups:
            values = self._columns[column]
            # Nobody waited, nobody comes for a company: a column often says one thing of everybody.
            alone = set(values)
            groups = {alone.pop(): self.everyone} if len(alone) == 1 else _grouped(values, self.ids)
            groups.pop(None, None)
            self._groups[column] = groups
        return self._groups[column]


def _grouped(values: list[Any], ids: list[int]) -> dict[Any, set[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for value, pk in zip(values, ids, strict=True):
        found[value].append(pk)
    return {value: set(group) for value, group in found.items()}


class Scans(NamedTuple):
    """The readings of tickets that were not voided, a list for each column."""

    checkpoints: list[int]
    registrations: list[int | None]
    outcomes: list[str]


@dataclass(frozen=True)
class Rows:
    """Everything that the report of an edition counts. `passages` gives who was counted at each checkpoint.

    `written` holds the long lists as the fingerprint takes them.
    """

    edition: Edition
    people: People
    checkpoints: list[Checkpoint]
    scans: Scans
    written: dict[str, str]
    places: list[tuple[int, int]]
    offers: list[tuple[int, int, str, str]]
    conventions: list[PartnershipConvention]
    told: list[ToldFact]
    photos: list[Photo]
    earlier: list[EditionReport]
    added: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def passages(self) -> dict[int, set[int]]:
        """Return the registrations counted at each checkpoint: outcome « ok », not voided."""
        found: dict[int, list[int | None]] = defaultdict(list)
        for checkpoint, registration, outcome in zip(*self.scans, strict=True):
            if outcome == COUNTED:
                found[checkpoint].append(registration)
        known = self.people.everyone
        return defaultdict(set, {checkpoint: known.intersection(passed) for checkpoint, passed in found.items()})

    @property
    def by_category(self) -> dict[str, set[int]]:
        """Return who is in each category."""
        return self.people.by("category")

    @cached_property
    def by_company(self) -> dict[int, set[int]]:
        """Return whom each company that has a record registered, among those who come for a company."""
        sent = self.by_category.get(Category.COMPANY, set())
        return {company: here for company, group in self.people.by("company_id").items() if (here := group & sent)}

    @cached_property
    def half_days(self) -> list[Checkpoint]:
        """Return the half-days that were to be counted; with none, nobody's presence is known."""
        return [row for row in self.checkpoints if row.kind == Checkpoint.Kind.HALF_DAY]

    @cached_property
    def came(self) -> set[int]:
        """Return who was counted at any half-day."""
        return set().union(*(self.passages[row.pk] for row in self.half_days)) if self.half_days else set()

    @property
    def confirmed(self) -> set[int]:
        """Return who holds a place."""
        return self.people.by("status").get(life.CONFIRMED, set())

    @property
    def was_counted(self) -> bool:
        """Say whether presence was measured at all: a figure that was not measured is not zero."""
        return bool(self.half_days)


def rows_of(edition: Edition) -> Rows:
    """Read the rows behind the report of an edition. A dozen queries, whatever the number of people.

    Scans are read before registrations: whoever they count is then known.
    """
    scans = _written(SCANS, edition)
    people = _written(PEOPLE, edition)
    moves = RegistrationMove.objects.filter(registration__edition=edition)
    offers = moves.filter(Q(target=life.OFFERED) | Q(origin=life.OFFERED)).order_by("pk")
    return Rows(
        edition=edition, people=People(people), scans=Scans(*columns_of(scans, 4)[1:]),
        written={"registrations": people, "scans": scans},
        checkpoints=list(Checkpoint.objects.filter(edition=edition).select_related("session").order_by("opens_at", "name")),
        places=list(
            SessionPlace.objects.filter(registration__edition=edition).order_by("pk").values_list("registration_id", "session_id")
        ),
        offers=list(offers.values_list("pk", "registration_id", "origin", "target")),
        conventions=conventions_signed_at(edition), told=told_facts(edition), photos=photos_to_print(edition),
        earlier=earlier_reports(edition),
    )  # fmt: skip


def _written(sql: str, edition: Edition) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, [edition.pk])
        return str(cursor.fetchone()[0])


def columns_of(written: str, width: int) -> list[list[Any]]:
    """Return the columns of a written list of lists: read as one flat list, no value of it holds a bracket."""
    flat = json.loads(f"[{written.replace('[', '').replace(']', '')}]")
    return [flat[place::width] for place in range(width)]


def conventions_signed_at(edition: Edition) -> list[PartnershipConvention]:
    """Return the conventions signed at the ceremony of an edition, in the order of their numbers."""
    if edition.ceremony_id is None:
        return []
    rows = PartnershipConvention.objects.filter(signing_event_id=edition.ceremony_id).exclude(signed_on=None)
    return list(rows.select_related("company").order_by("number", "pk"))


def told_facts(edition: Edition) -> list[ToldFact]:
    """Return what sources tell of an edition and of those before it, the latest first."""
    rows = ToldFact.objects.filter(edition__year__lte=edition.year).select_related("edition")
    return list(rows.order_by("-edition__year", "position", "pk"))


def photos_to_print(edition: Edition) -> list[Photo]:
    """Return the photos whose people all still agree to be seen."""
    refusing = PhotoPerson.objects.filter(photo=OuterRef("pk")).exclude(registration__image_consent=True)
    return list(edition.photos.filter(~Exists(refusing)).order_by("added_at", "pk"))


def earlier_reports(edition: Edition) -> list[EditionReport]:
    """Return the report in force of each edition before this one, the latest first."""
    rows = EditionReport.objects.filter(edition__year__lt=edition.year).select_related("edition")
    return list(rows.order_by("-edition__year", "-number").distinct("edition__year"))


def fingerprint_of(rows: Rows) -> str:
    """Return the SHA-256 of the rows behind a report: identifiers, states, passages; no name, no address.

    The same rows give the same fingerprint, whatever the day, the machine or the order in which they are read.
    """
    canonical = {
        "edition": [rows.edition.year, rows.edition.held_on],
        "checkpoints": sorted([row.pk, row.kind, row.session_id, row.name] for row in rows.checkpoints),
        "places": sorted(rows.places),
        "offers": sorted(rows.offers),
        "conventions": sorted([row.pk, row.number, row.signed_on] for row in rows.conventions),
        "told": sorted([row.edition.year, row.key, row.label, row.told, row.source] for row in rows.told),
        "photos": sorted([row.sha256, row.caption, row.alt_text] for row in rows.photos),
        "earlier": sorted([row.edition.year, row.number, row.data_sha256] for row in rows.earlier),
        "added": {key: sorted(value) for key, value in rows.added.items()},
    }
    parts = {key: _as_json(value) for key, value in canonical.items()} | rows.written
    text = ",".join(f'"{key}":{parts[key]}' for key in sorted(parts))
    return hashlib.sha256(f"{{{text}}}".encode()).hexdigest()


def _as_json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")
