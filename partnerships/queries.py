"""Every read of partnerships."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from e2c_portal.audit.trail import trail_of
from e2c_portal.documents.queries import documents_of, has_sealed
from e2c_portal.kernel.identifiers import compact
from e2c_portal.kernel.search import Fold, fold
from partnerships import workflows
from partnerships.diffusion import NAME_HIDDEN
from partnerships.likeness import bare_name, nearest_names
from partnerships.models import (
    Company,
    CompanyContact,
    ConventionAmendment,
    ConventionComment,
    ConventionSignatory,
    ConventionTemplate,
    Establishment,
    MeetingAction,
    PartnershipConvention,
    SigningEvent,
    SteeringMeeting,
)
from partnerships.models.terms import period_end
from partnerships.situation import ACTIVE, LEAVING, situation_expression
from partnerships.sleeping import sleeping_companies
from schools.scope import Scope

ENDING, ASLEEP = "ending", "asleep"
HEAD_OFFICE = Q(is_head_office=True, closed_on=None)
# Names alike that are shown, and the length from which the index of words knows a word (three letters make a trigram).
LIKELY, INDEXED_FROM = 8, 3
# What the address of a company is made of, and whether it may be shown.
TOLD_OF_AN_OFFICE = ("address", "postal_code", "city", "diffusion_status")
# The three warnings that regional officers ask for.
DAYS_OF_MONTHS = {1: 31, 3: 92, 6: 183}


def conventions_visible_to(scope: Scope, on: date | None = None) -> QuerySet[PartnershipConvention]:
    """Return the conventions that may be read, with `situation` and `last_day` on a date (today unless said).

    `last_day` is that of the period in force: a tacit renewal moves it by rule, a denunciation brings it forward.

    The whole network reads them: a school needs to know what its hosts promised.
    """
    if scope.empty:
        return PartnershipConvention.objects.none()
    day = on or timezone.localdate()
    conventions = PartnershipConvention.objects.select_related("company", "signing_event")
    return conventions.annotate(situation=situation_expression(day), last_day=period_end(day))


def searched(
    conventions: QuerySet[PartnershipConvention], words: str, *, writer: bool = False
) -> QuerySet[PartnershipConvention]:
    """Keep the conventions that hold every word, accents and case aside, in their text or their company's name.

    Whoever may not write companies finds one whose name partial diffusion hides by its number or its SIREN alone.
    """
    hidden = Q(company__in=Company.objects.filter(NAME_HIDDEN).values("pk"))
    for word in fold(words).split():
        named = Q(search__contains=word) | Q(company__search__contains=word)
        numbered = Q(number__icontains=word) | Q(company__siren__contains=word)
        conventions = conventions.filter(named if writer else named & (~hidden | numbered))
    return conventions


def in_situation(conventions: QuerySet[PartnershipConvention], name: str) -> QuerySet[PartnershipConvention]:
    """Keep the conventions of one situation; "ending" is one too: in force, with its end within six months.

    So is "asleep": in force, with a partner that gives no sign of life (partnerships.sleeping).
    """
    if name == ENDING:
        return ending_within(conventions, 6)
    if name == ASLEEP:
        in_force = conventions.filter(Q(situation__in=[ACTIVE.name, LEAVING.name]))
        return in_force.filter(company__in=sleeping_companies().values("pk"))
    return conventions.filter(Q(situation=name))


def ending_within(
    conventions: QuerySet[PartnershipConvention], months: int, on: date | None = None
) -> QuerySet[PartnershipConvention]:
    """Keep the conventions in force whose last day comes within 1, 3 or 6 months (31, 92 or 183 days)."""
    limit = (on or timezone.localdate()) + timedelta(days=DAYS_OF_MONTHS[months])
    return conventions.filter(Q(situation__in=[ACTIVE.name, LEAVING.name], last_day__lte=limit))


def with_text(conventions: QuerySet[PartnershipConvention]) -> QuerySet[PartnershipConvention]:
    """Read the conventions together with their articles, commitments and signatories."""
    signatories = Prefetch("signatories", ConventionSignatory.objects.order_by("-side", "position"))
    related = conventions.select_related(
        "company", "signing_event", "created_by", "predecessor", "ceremony_item__event"
    )
    return related.prefetch_related("articles", "commitments", signatories)


def convention_in_full(convention_id: int) -> PartnershipConvention:
    """Return a convention with all that is printed of it. Raises PartnershipConvention.DoesNotExist."""
    return with_text(PartnershipConvention.objects.all()).get(pk=convention_id)


def conventions_in_full(conventions: Iterable[PartnershipConvention]) -> dict[int, PartnershipConvention]:
    """Return these conventions read again with all that is printed of them, by number, in as many questions as for one."""
    offices = Prefetch("company__establishments", Establishment.objects.filter(HEAD_OFFICE), to_attr="head_offices")
    rows = with_text(PartnershipConvention.objects.all()).prefetch_related(offices)
    return rows.in_bulk([convention.pk for convention in conventions])


def with_document(conventions: QuerySet[PartnershipConvention]) -> QuerySet[PartnershipConvention]:
    """Add `has_document`: whether a sealed document prints the convention."""
    return conventions.annotate(has_document=has_sealed(PartnershipConvention, "convention"))


def signing_years(scope: Scope) -> list[int]:
    """Return the years in which the conventions that may be read were signed, latest first."""
    if scope.empty:
        return []
    signed = PartnershipConvention.objects.exclude(signed_on=None)
    return [day.year for day in signed.dates("signed_on", "year", order="DESC")]


def signing_events(scope: Scope) -> QuerySet[SigningEvent]:
    """Return the days on which conventions were signed together, latest first."""
    if scope.empty:
        return SigningEvent.objects.none()
    return SigningEvent.objects.annotate(convention_count=Count("conventions")).order_by("-held_on", "name")


def already_moved(convention: PartnershipConvention, origin: str, target: str, actor: Any) -> bool:
    """Say whether this person made that move as the last one: a double click is no conflict."""
    last = convention.moves.first()
    return bool(last and (last.origin, last.target, last.actor_id) == (origin, target, actor.pk))


def companies_visible_to(scope: Scope) -> QuerySet[Company]:
    """Return the companies that may be read, with their number of conventions."""
    if scope.empty:
        return Company.objects.none()
    # Counted company by company: a join would group every company before the first page.
    counted = PartnershipConvention.objects.filter(company=OuterRef("pk")).order_by().values("company")
    number = Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
    return Company.objects.filter(merged_into=None).annotate(convention_count=number).order_by("search", "pk")


def companies_listed(scope: Scope) -> QuerySet[Company]:
    """Add what lists and files show: open establishments, contacts who are there, towns, head office. No row is multiplied."""
    here = Establishment.objects.filter(company=OuterRef("pk"), closed_on=None).order_by().values("company")
    head = Establishment.objects.filter(HEAD_OFFICE, company=OuterRef("pk"))
    present = Q(left_on=None) | Q(left_on__gt=timezone.localdate())
    there = CompanyContact.objects.filter(present, company=OuterRef("pk"), duplicate_of=None).order_by()
    return companies_visible_to(scope).annotate(
        open_establishments=Coalesce(Subquery(here.annotate(n=Count("pk")).values("n")), 0),
        present_contacts=Coalesce(Subquery(there.values("company").annotate(n=Count("pk")).values("n")), 0),
        cities=Coalesce(
            Subquery(here.exclude(city="").annotate(all=StringAgg("city", ", ", distinct=True)).values("all")),
            Value(""),
            output_field=TextField(),
        ),
        office=Subquery(head.values(told=JSONObject(**{name: name for name in TOLD_OF_AN_OFFICE}))[:1]),
    )


def company_known_to(scope: Scope, company_id: int) -> Company | None:
    """Return a company, merged ones included, None when it does not exist or may not be read."""
    return None if scope.empty else Company.objects.filter(pk=company_id).first()


def surviving(company: Company) -> Company:
    """Return the record that lives on after all the merges of this one, itself when it was not merged."""
    while company.merged_into is not None:
        company = company.merged_into
    return company


def likely_doubles(scope: Scope, name: str, siren: str = "", *, besides: int | None = None) -> list[Company]:
    """Return at most eight companies that may be this one: same SIREN first, then names alike (pg_trgm, indexed).

    Names are compared without accents, case and legal form. `besides` leaves out a company that exists already. Among names that are
    the same but for what surrounds them, eight by name are enough: the others, less near, are then not looked for.
    """
    bare, siren = bare_name(name), compact(siren)
    companies = companies_visible_to(scope).exclude(pk=besides or 0)
    same: list[Company] = list(companies.filter(siren=siren).annotate(same_siren=Value(1))) if siren else []
    # One letter looks like everything.
    if len(bare) < 2:
        return same
    others, room = companies.annotate(same_siren=Value(0)), LIKELY - len(same)
    others = others.exclude(siren=siren) if siren else others
    found: list[Company] = list(_named_so(others, bare)[:room])
    if len(found) < room:
        nearest = others.filter(pk__in=nearest_names(bare, room, besides=besides or 0, siren=siren))
        found = list(nearest.order_by(TrigramWordSimilarity(bare, Fold("legal_name")).desc(), "search"))
    return same + found


def _named_so(companies: QuerySet[Company], bare: str) -> QuerySet[Company]:
    """Return the companies whose name holds these very words, by name: an index of words finds them without comparing any other."""
    words = [word for word in bare.split() if len(word) >= INDEXED_FROM]
    if not words:
        return companies.none()
    for word in words:
        companies = companies.filter(search__contains=word)
    return companies.alias(nearness=TrigramWordSimilarity(bare, "search")).filter(Q(nearness__gte=1)).order_by("search")


def companies_searched(companies: QuerySet[Company], words: str, *, writer: bool = False) -> QuerySet[Company]:
    """Keep the companies whose name or SIREN holds every word, accents and case aside, or whose SIRET begins so.

    The name of a record merged into another one still leads to it; a number may be typed with its spaces. A name that partial
    diffusion hides is found by those who may write it alone: others would learn it by trying.
    """
    digits = compact(words)
    if digits.isdigit():
        return companies.filter(_held_by(digits) | Q(pk__in=_numbered(digits)))
    for word in fold(words).split():
        companies = companies.filter(_held_by(word))
    return companies.exclude(NAME_HIDDEN) if words.strip() and not writer else companies


def _held_by(word: str) -> Q:
    former = Company.objects.filter(merged_into__isnull=False, search__contains=word)
    return Q(search__contains=word) | Q(pk__in=former.order_by().values("merged_into"))


def _numbered(digits: str) -> QuerySet:  # type: ignore[type-arg]
    return Establishment.objects.filter(siret__startswith=digits).order_by().values("company")


def contacts_of(company: Company) -> QuerySet[CompanyContact]:
    """Return the people met in a company, each once."""
    return company.contacts.filter(duplicate_of=None)


def head_office(company: Company) -> Establishment | None:
    """Return the open head office of a company, None when it is not known."""
    read = getattr(company, "head_offices", None)
    return company.establishments.filter(HEAD_OFFICE).first() if read is None else next(iter(read), None)


@dataclass(frozen=True)
class TimelineEntry:
    """One line of a record's history, ready to be read."""

    at: datetime
    who: str
    title: str
    text: str = ""
    tone: str = "neutral"
    effective_on: date | None = None
    document_id: int | None = None


def timeline_of(convention: PartnershipConvention) -> list[TimelineEntry]:
    """Return all that happened to a convention, latest first: moves, edits, documents. Three queries."""
    moves = [
        TimelineEntry(
            move.at, str(move.actor), workflows.STATES[move.target].label, move.reason,
            workflows.STATES[move.target].tone, move.effective_on,
        )
        for move in convention.moves.select_related("actor")
    ]  # fmt: skip
    edits = [
        TimelineEntry(entry.at, str(entry.actor or "Le portail"), entry.summary or entry.action)
        for entry in trail_of(convention)
    ]
    sealed = [
        TimelineEntry(
            document.sealed_at, "Le portail", f"Document scellé : {document.title}",
            f"Code de vérification {document.printed_code}", "success", document_id=document.pk,
        )
        for document in documents_of(convention)
        if document.sealed_at
    ]  # fmt: skip
    return sorted(moves + edits + sealed, key=lambda entry: entry.at, reverse=True)


def with_amendments(conventions: QuerySet[PartnershipConvention]) -> QuerySet[PartnershipConvention]:
    """Read the conventions with their text, their amendments and all that these change. Five more queries, whatever the number."""
    amendments = ConventionAmendment.objects.order_by("number", "pk").prefetch_related("changes")
    return with_text(conventions).prefetch_related(Prefetch("amendments", amendments))


def convention_with_amendments(convention_id: int) -> PartnershipConvention:
    """Return a convention with its text and amendments. Raises PartnershipConvention.DoesNotExist."""
    return with_amendments(PartnershipConvention.objects.all()).get(pk=convention_id)


def amendment_in_full(amendment_id: int) -> ConventionAmendment:
    """Return an amendment with its changes and the whole of its convention. Raises ConventionAmendment.DoesNotExist."""
    convention_id = ConventionAmendment.objects.values_list("convention_id", flat=True).get(pk=amendment_id)
    convention = convention_with_amendments(convention_id)
    amendment = next(row for row in convention.amendments.all() if row.pk == amendment_id)
    amendment.convention = convention
    return amendment


def successor_of(convention: PartnershipConvention) -> PartnershipConvention | None:
    """Return the convention that renews this one, written or signed, None when there is none."""
    return convention.successors.exclude(status=workflows.SHELVED).first()


def amendments_of(convention: PartnershipConvention) -> list[ConventionAmendment]:
    """Return the amendments of a convention, latest first. One query."""
    return list(convention.amendments.select_related("convention").order_by("-number", "-pk"))


def amendments_visible_to(scope: Scope) -> QuerySet[ConventionAmendment]:
    """Return the amendments that may be read: those of the conventions that may."""
    if scope.empty:
        return ConventionAmendment.objects.none()
    return ConventionAmendment.objects.select_related("convention__company")


def templates_visible_to(scope: Scope) -> QuerySet[ConventionTemplate]:
    """Return the templates of conventions, with their articles, latest year first."""
    if scope.empty:
        return ConventionTemplate.objects.none()
    return ConventionTemplate.objects.prefetch_related("articles").order_by("-year", "kind", "name", "pk")


def templates_in_use(scope: Scope) -> QuerySet[ConventionTemplate]:
    """Return the templates proposed for a new convention."""
    return templates_visible_to(scope).filter(retired=False)


def meetings_of(convention: PartnershipConvention) -> list[SteeringMeeting]:
    """Return the meetings of a convention with their actions, latest first. Two queries."""
    return list(convention.meetings.prefetch_related("actions").order_by("-held_on", "-pk"))


def actions_to_do(scope: Scope, *, late_on: date | None = None) -> QuerySet[MeetingAction]:
    """Return the actions of meetings not done yet, the oldest first; with `late_on`, those whose day has passed then."""
    if scope.empty:
        return MeetingAction.objects.none()
    waiting = MeetingAction.objects.filter(done_on=None).select_related("meeting__convention__company")
    if late_on:
        waiting = waiting.filter(due_on__lt=late_on)
    return waiting.order_by("due_on", "pk")


def comments_made_on(convention: PartnershipConvention) -> QuerySet[ConventionComment]:
    """Return the comments on the text of a convention."""
    return convention.comments.all()


def actions_decided_for(convention: PartnershipConvention) -> QuerySet[MeetingAction]:
    """Return the actions decided in the meetings of a convention."""
    return MeetingAction.objects.filter(meeting__convention=convention)


def comments_of(convention: PartnershipConvention) -> list[ConventionComment]:
    """Return the comments on a text, the open ones first. One query."""
    comments = comments_made_on(convention).select_related("author", "resolved_by")
    return sorted(comments, key=lambda comment: (comment.resolved_at is not None, comment.at))
