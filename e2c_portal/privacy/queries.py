"""What the pages of personal data read: people found, what is held about them, decisions and erasures."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.http import Http404
from django.urls import reverse

from e2c_portal.audit.trail import subject_of
from e2c_portal.documents.models import Document
from e2c_portal.kernel import retention
from e2c_portal.kernel.models import Removal
from e2c_portal.kernel.retention import FATES, Rule, delay_words
from e2c_portal.privacy.closure import closure_of
from e2c_portal.privacy.holds import hold_on, record_named
from e2c_portal.privacy.models import AccessFile, ErasureNotice, LegalHold
from e2c_portal.privacy.people import PersonKind, all_kinds, kind_named, kind_of

SHORTEST_SEARCH = 2


@dataclass(frozen=True)
class FoundPerson:
    """Somebody found, in one line."""

    kind: PersonKind
    row: Model
    line: str


@dataclass(frozen=True)
class PersonSheet:
    """What the portal holds about somebody, and what may be done of it."""

    kind: PersonKind
    row: Model
    line: str
    counts: list[tuple[str, int]]
    papers: list[tuple[Document, str, LegalHold | None]]
    hold: LegalHold | None
    notice: ErasureNotice | None
    refusals: list[str] = field(default_factory=list)
    obligations: list[str] = field(default_factory=list)
    access_files: list[AccessFile] = field(default_factory=list)

    @property
    def subject(self) -> str:
        return subject_of(self.row)


@dataclass(frozen=True)
class RuleLine:
    """One rule of retention as the register shows it."""

    model: str
    label: str
    fate: str
    rule: str
    delay: str
    basis: str
    to_be_set: bool


def people_found(words: str) -> list[FoundPerson]:
    """Return the people whose name or address holds these words, a few of each kind."""
    words = words.strip()
    if len(words) < SHORTEST_SEARCH:
        return []
    return [FoundPerson(kind, row, kind.describe(row)) for kind in all_kinds() for row in kind.search(words)]


def person_of(slug: str, pk: int) -> tuple[PersonKind, Model]:
    """Return somebody by kind and number. Raises Http404."""
    kind = kind_named(slug)
    row = kind.model_class._base_manager.filter(pk=pk).first() if kind else None
    if kind is None or row is None:
        raise Http404
    return kind, row


def sheet_of(kind: PersonKind, row: Model) -> PersonSheet:
    """Return all that is known of what the portal holds about somebody."""
    found = closure_of([row, *kind.also(row)])
    counts = [(str(model._meta.verbose_name_plural), len(keys)) for model, keys in found.items()]
    papers = Document.objects.filter(pk__in=found.get(Document, ())).order_by("pk")
    own = AccessFile.objects.filter(subject=subject_of(row))
    return PersonSheet(
        kind, row, kind.describe(row), sorted(counts), [(paper, subject_of(paper), hold_on(paper)) for paper in papers],
        hold_on(row), ErasureNotice.objects.filter(subject=subject_of(row)).first(), kind.refusals(row), kind.obligations(row),
        list(own.select_related("asked_by")[:10]),
    )  # fmt: skip


def record_to_hold(subject: str) -> Model:
    """Return the record that may be held under this name: somebody, or a document. Raises Http404."""
    record = record_named(subject)
    if record is None or not (isinstance(record, Document) or kind_of(type(record))):
        raise Http404
    return record


def access_file_of(public_id: UUID) -> AccessFile:
    """Return an access file. Raises Http404."""
    asked = AccessFile.objects.select_related("asked_by").filter(public_id=public_id).first()
    if asked is None:
        raise Http404
    return asked


def access_files() -> QuerySet[AccessFile]:
    """Return the access files, the last asked for first."""
    return AccessFile.objects.select_related("asked_by")


def name_of(subject: str) -> str:
    """Return « Stagiaire n° 9 » for "trainees.trainee:9": a hold names a record, never a person."""
    label, _, key = subject.partition(":")
    try:
        return f"{str(apps.get_model(label)._meta.verbose_name).capitalize()} n°\N{NO-BREAK SPACE}{key}"
    except LookupError:
        return subject


def page_of(subject: str) -> str:
    """Return the address of the page of a held person, empty for a document. Nothing is read: somebody gone answers 404."""
    label, _, key = subject.partition(":")
    try:
        kind = kind_of(apps.get_model(label))
    except LookupError:
        return ""
    return reverse("privacy:person", args=[kind.slug, key]) if kind else ""


def counts_in_words(act: Removal) -> str:
    """Return « parcours : 1, stagiaires : 1 »."""
    return ", ".join(f"{_plural(label)}\N{NO-BREAK SPACE}: {count}" for label, count in sorted(act.counts.items()))


def _plural(label: str) -> str:
    try:
        return str(apps.get_model(label)._meta.verbose_name_plural)
    except LookupError:
        return label


def access_files_to_give() -> QuerySet[AccessFile]:
    """Return the access files that are ready, the first to expire first: handed over, or asked again."""
    return AccessFile.objects.filter(status=AccessFile.Status.READY).order_by("expires_at", "pk")


def access_files_to_make_again() -> QuerySet[AccessFile]:
    """Return the access files that could not be made and that nothing made since replaces, the oldest first."""
    later = AccessFile.objects.filter(subject=OuterRef("subject"), asked_at__gt=OuterRef("asked_at"))
    failed = AccessFile.objects.filter(status=AccessFile.Status.FAILED)
    return failed.filter(~Exists(later)).order_by("asked_at", "pk")


def notices_given() -> QuerySet[ErasureNotice]:
    """Return the notices that run, the first erasure first. They name a record, never a person."""
    return ErasureNotice.objects.order_by("due_on", "pk")


def holds_over(today: date) -> QuerySet[LegalHold]:
    """Return the holds whose day has passed and that nobody lifted."""
    return holds().filter(lifted_at=None, until__lt=today).order_by("until", "pk")


def holds() -> QuerySet[LegalHold]:
    """Return every hold ever placed, those in force first."""
    return LegalHold.objects.select_related("placed_by", "lifted_by").order_by("-lifted_at", "-placed_at", "-pk")


def hold_named(pk: int) -> LegalHold:
    """Return a hold that is not lifted. Raises Http404."""
    hold = LegalHold.objects.filter(pk=pk, lifted_at=None).first()
    if hold is None:
        raise Http404
    return hold


def removals() -> QuerySet[Removal]:
    """Return the erasures, the last first."""
    return Removal.objects.select_related("actor")


def rule_lines(*, as_written: bool = False) -> Iterator[RuleLine]:
    """Yield the rules of retention, by app then model; `as_written` leaves aside the durations set on this machine."""
    for rule in retention.all_rules():
        waits = rule.to_be_set if as_written else rule.waits_for_the_region
        label = str(rule.model_class._meta.verbose_name).capitalize()
        yield RuleLine(rule.model, label, FATES[rule.fate], rule.rule, delay_of(rule, waits), rule.basis, waits)


def delay_of(rule: Rule, waits: bool) -> str:
    """Return the delay of a rule in words."""
    if waits:
        return f"à fixer par la Région, {after_what(rule)}"
    delay = rule.delay_today
    if delay is None or rule.due is None:
        return "–"
    return f"{delay_words(delay)} {after_what(rule)}" if delay else after_what(rule)


def after_what(rule: Rule) -> str:
    """Return « après la fin du parcours »."""
    return f"après {rule.counted_from}"
