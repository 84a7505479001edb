"""All that the page of a company tells: conventions, promises, places, people, last contact, history."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from e2c_portal.audit.models import Entry
from e2c_portal.audit.trail import subject_of, trails_of
from e2c_portal.kernel.french import date_in_letters, day_in_letters
from e2c_portal.kernel.identifiers import printed_number
from partnerships.diffusion import hides_address, hides_name, shown_address, shown_place, without_name
from partnerships.models import (
    Company,
    CompanyContact,
    CompanyExchange,
    Establishment,
    PartnershipConvention,
)
from partnerships.progress import PromiseProgress, progress_of
from partnerships.queries import TimelineEntry, conventions_visible_to
from partnerships.situation import ACTIVE, LEAVING, SITUATIONS  # type: ignore[attr-defined]
from schools.scope import Scope

SLEEPING_AFTER_DAYS = 365


@dataclass(frozen=True)
class CompanySheet:
    """A company as its page tells it. `names` are those of the records merged into it."""

    company: Company
    names: list[str]
    conventions: list[PartnershipConvention]
    promises: list[PromiseProgress]
    places: list[Establishment]
    former_places: list[Establishment]
    contacts: list[CompanyContact]
    former_contacts: list[CompanyContact]
    exchanges: list[CompanyExchange]
    history: list[TimelineEntry]

    @property
    def last_exchange(self) -> CompanyExchange | None:
        return self.exchanges[0] if self.exchanges else None

    @property
    def hides_something(self) -> bool:
        """Say whether partial diffusion hides the name or an address from those who may not write the record."""
        return hides_name(self.company) or any(hides_address(place) for place in [*self.places, *self.former_places])

    @property
    def facts(self) -> list[tuple[str, Any]]:
        """Return what identifies the company, as terms and values; what is not known stays empty."""
        facts = [
            ("SIREN", printed_number(self.company.siren)),
            ("Forme juridique", self.company.legal_form),
            (
                "Effectif du siège",
                next((row.get_headcount_range_display() for row in self.places if row.is_head_office), ""),
            ),
            ("Dernier échange", _told(self.last_exchange)),
        ]
        if self.names:
            facts.insert(0, ("Aussi connue comme", ", ".join(self.names)))
        return facts

    def silent_on(self, day: date | None = None) -> bool:
        """Say whether a partner was not met for a year, as far as the portal knows: a convention begun counts as met."""
        begun = [
            row.starts_on
            for row in self.conventions
            if row.starts_on and row.situation in (ACTIVE.name, LEAVING.name)  # type: ignore[attr-defined]
        ]
        if not begun:
            return False
        last = self.last_exchange
        met_on = max(min(begun), last.held_on) if last else min(begun)
        return ((day or timezone.localdate()) - met_on).days > SLEEPING_AFTER_DAYS


def company_sheet(company: Company, scope: Scope, *, writer: bool = False) -> CompanySheet:
    """Read all that is told of a company, in twelve queries whatever the number of its rows.

    Whoever may not write it is told nothing that partial diffusion hides.
    """
    absorbed = _absorbed(company)
    conventions = list(conventions_visible_to(scope).filter(company=company).order_by("-signed_on", "-number"))
    for row in conventions:
        row.where = SITUATIONS[row.situation]  # type: ignore[attr-defined]
        row.told_title = row.title if writer else without_name(row.title, company, row.printed_name)  # type: ignore[attr-defined]
    in_force = [row for row in conventions if row.situation in (ACTIVE.name, LEAVING.name)]  # type: ignore[attr-defined]
    promises = [promise for listed in progress_of(in_force).values() for promise in listed]
    places = list(company.establishments.all())
    for place in places:
        place.told_name = shown_place(place, writer=writer)  # type: ignore[attr-defined]
        place.told_address = shown_address(place, writer=writer)  # type: ignore[attr-defined]
    told_names: dict[int | None, str] = {place.pk: place.told_name for place in places}  # type: ignore[attr-defined]
    named = writer or not hides_name(company)
    contacts = list(company.contacts.filter(duplicate_of=None))
    for contact in contacts:
        contact.told_place = told_names.get(contact.establishment_id, "")  # type: ignore[attr-defined]
    exchanges = list(company.exchanges.select_related("contact", "recorded_by"))
    today = timezone.localdate()
    return CompanySheet(
        company, sorted({row.legal_name for row in absorbed} - {company.legal_name}) if named else [], conventions,
        promises,
        [row for row in places if row.closed_on is None], [row for row in places if row.closed_on],
        [row for row in contacts if row.is_here_on(today)], [row for row in contacts if not row.is_here_on(today)],
        exchanges, _history([company, *absorbed], exchanges, named),
    )  # fmt: skip


def _absorbed(company: Company) -> list[Company]:
    """Return every record merged into this one, directly or not, one query for each generation."""
    found: list[Company] = []
    generation = [company.pk]
    while generation:
        rows = list(Company.objects.filter(merged_into__in=generation))
        found += rows
        generation = [row.pk for row in rows]
    return found


def _told(exchange: CompanyExchange | None) -> str:
    if exchange is None:
        return ""
    who = f", avec {exchange.contact.full_name}" if exchange.contact else ""
    return f"{exchange.get_kind_display()} {date_in_letters(exchange.held_on)}{who}"


def _told_elsewhere(entry: Entry, company: Company) -> bool:
    """An exchange has a line of its own; a merge is told by the record kept, not a second time by the other."""
    if entry.action == "company.merged":
        return entry.subject != subject_of(company)
    return entry.action == "company.exchange_noted"


def _history(records: list[Company], exchanges: list[CompanyExchange], named: bool) -> list[TimelineEntry]:
    """Return what happened, latest first; a merge is told by names, so not to those whom the name is hidden from."""
    entries = [
        TimelineEntry(entry.at, str(entry.actor or "Le portail"), entry.summary or entry.action)
        for entry in trails_of(records)
        if not _told_elsewhere(entry, records[0]) and (named or entry.action != "company.merged")
    ]
    told = [
        TimelineEntry(
            row.recorded_at, str(row.recorded_by), f"{row.get_kind_display()} du {day_in_letters(row.held_on)}",
            "\n".join(part for part in (f"Avec {row.contact.full_name}" if row.contact else "", row.summary) if part),
            "info", row.held_on,
        )
        for row in exchanges
    ]  # fmt: skip
    return sorted(entries + told, key=lambda entry: entry.at, reverse=True)
