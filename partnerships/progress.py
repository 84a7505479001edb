"""Where each promise stands on a day: what was delivered against what is promised, span by span.

The promises are those of the consolidated text of that day. What is delivered is counted by the rows of the portal when a
counter knows them (partnerships.counters), plus the declared deliveries that count.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from e2c_portal.kernel.french import number, period_in_letters
from partnerships.agreement import ADD, YEARLY, Commitment
from partnerships.consolidation import promises_changed, promises_on
from partnerships.counters import Asked, Count, counter_of
from partnerships.models import Commitment as CommitmentRow
from partnerships.models import CommitmentDelivery, PartnershipConvention
from partnerships.models.deliveries import COUNTED, REPORTED
from partnerships.spans import Span, expected, spans_until
from partnerships.workflows import SIGNED_STATES


@dataclass(frozen=True)
class Standing:
    """Where a promise stands, as people read it."""

    name: str
    label: str
    tone: str


KEPT = Standing("kept", "Tenu", "success")
ON_TIME = Standing("on_time", "Dans les temps", "info")
LATE = Standing("late", "En retard", "warning")
NOTHING = Standing("nothing", "Rien de réalisé", "danger")
MISSED = Standing("missed", "Non tenu", "danger")
UPCOMING = Standing("upcoming", "Pas encore commencé", "neutral")
UNMEASURED = Standing("unmeasured", "Sans objectif chiffré", "neutral")
UNDATED = Standing("undated", "Dates non connues", "neutral")


@dataclass(frozen=True)
class SpanProgress:
    """What was promised and delivered from one day to another. `waiting` was reported by the company, to be confirmed.

    `counted` is the number of the portal's own rows, `counted_url` the list that shows them. `expected` is what the target
    asks for by the day of the reading, None without a target.
    """

    span: Span
    target: int | None
    unit: str
    expected: int | None
    over: bool
    counted: int = 0
    declared: int = 0
    waiting: int = 0
    counted_url: str = ""

    @property
    def starts_on(self) -> date:
        return self.span.starts_on

    @property
    def ends_on(self) -> date:
        return self.span.ends_on

    @property
    def days(self) -> str:
        """Return "du 1er janvier 2026 au 31 décembre 2026"."""
        return period_in_letters(self.starts_on, self.ends_on)

    @property
    def delivered(self) -> int:
        return self.counted + self.declared

    @property
    def ratio(self) -> float | None:
        """Return delivered over promised, above 1 when more was done; None without a target."""
        return self.delivered / self.target if self.target else None

    @property
    def figures(self) -> str:
        """Return "9 sur 12 stages", or "9" without a target."""
        if self.target is None:
            return number(self.delivered)
        return f"{number(self.delivered)} sur {number(self.target)} {self.unit}".strip()

    @property
    def standing(self) -> Standing:
        if self.target is None or self.expected is None:
            return UNMEASURED
        if self.delivered >= (self.expected if self.over else self.target):
            return KEPT
        if self.over:
            return MISSED
        if self.delivered >= self.expected:
            return ON_TIME
        return LATE if self.delivered else NOTHING


@dataclass(frozen=True)
class PromiseProgress:
    """One promise of a convention on a day. `spans` are in order; the last one is that of the day, or the last of all."""

    convention: PartnershipConvention
    promise: Commitment
    day: date
    spans: tuple[SpanProgress, ...] = ()

    @property
    def key(self) -> int:
        return self.promise.position

    @property
    def kind_label(self) -> str:
        return str(CommitmentRow.Kind(self.promise.kind).label)

    @property
    def label(self) -> str:
        """Return "Accueil en stage – Stages de découverte"."""
        return f"{self.kind_label} – {self.promise.description}" if self.promise.description else self.kind_label

    @property
    def target(self) -> int | None:
        return self.promise.target

    @property
    def unit(self) -> str:
        return self.promise.unit

    @property
    def rhythm(self) -> str:
        return self.promise.rhythm

    @property
    def is_yearly(self) -> bool:
        return self.rhythm == YEARLY

    @property
    def promised(self) -> str:
        """Return "12 stages par an", as printed, or « sans objectif chiffré »."""
        if self.target is None:
            return UNMEASURED.label.lower()
        return " ".join(part for part in (number(self.target), self.unit, self.promise.period) if part)

    @property
    def rhythm_label(self) -> str:
        return str(CommitmentRow.Rhythm(self.rhythm).label)

    @property
    def current(self) -> SpanProgress | None:
        return self.spans[-1] if self.spans else None

    @property
    def past(self) -> tuple[SpanProgress, ...]:
        """Return the spans before the present one, latest first."""
        return self.spans[-2::-1] if len(self.spans) > 1 else ()

    @property
    def delivered(self) -> int:
        """Return what was delivered in the present span."""
        return self.current.delivered if self.current else 0

    @property
    def total(self) -> int:
        """Return what was delivered since the convention began."""
        return sum(span.delivered for span in self.spans)

    @property
    def waiting(self) -> int:
        return sum(span.waiting for span in self.spans)

    @property
    def expected(self) -> int | None:
        return self.current.expected if self.current else None

    @property
    def ratio(self) -> float | None:
        return self.current.ratio if self.current else None

    @property
    def standing(self) -> Standing:
        if self.target is None:
            return UNMEASURED
        if self.current:
            return self.current.standing
        starts_on = self.convention.terms.starts_on
        return UPCOMING if starts_on and self.day < starts_on else UNDATED

    @property
    def tone(self) -> str:
        return self.standing.tone

    @property
    def url(self) -> str:
        """Return the page that lists the deliveries of the promise."""
        return reverse("partnerships:promise", args=[self.convention.pk, self.key])


def progress_of(
    conventions: Iterable[PartnershipConvention], day: date | None = None
) -> dict[int, list[PromiseProgress]]:
    """Return the promises of each convention on a day (today unless said), by its number in the database.

    At most four queries, whatever the number of conventions, and one for each kind that the portal's rows count. A
    convention that is not signed promises nothing yet.
    """
    rows, day = list(conventions), day or timezone.localdate()
    signed = [row for row in rows if row.status in SIGNED_STATES]
    prefetch_related_objects(signed, "commitments", "amendments__changes")
    measured = [measure for row in signed for measure in _measures(row, day)]
    declared, counted = _declared(signed, day), _counted(measured)
    found: dict[int, list[PromiseProgress]] = {row.pk: [] for row in rows}
    for measure in measured:
        found[measure.convention.pk].append(measure.progress(declared, counted))
    return found


@dataclass(frozen=True)
class _Measured:
    """A promise with the spans over which it is measured, before anything is counted."""

    convention: PartnershipConvention
    promise: Commitment
    day: date
    since: date | None
    targets: tuple[tuple[Span, int | None], ...]
    counts: bool

    def asked(self, span: Span) -> Asked:
        first = max(span.starts_on, self.since or span.starts_on)
        return Asked(self.convention.company_id, self.convention.pk, first, min(span.ends_on, self.day))

    def progress(self, declared: "_Declared", counted: Mapping[tuple[str, Asked], Count]) -> PromiseProgress:
        mine = declared[self.convention.pk, self.promise.position]
        return PromiseProgress(
            self.convention, self.promise, self.day,
            tuple(self._span(span, target, mine, counted) for span, target in self.targets),
        )  # fmt: skip

    def _span(
        self, span: Span, target: int | None, mine: "_Days", counted: Mapping[tuple[str, Asked], Count]
    ) -> SpanProgress:
        here = [(status, quantity) for day, status, quantity in mine if span.holds(day)]
        rows = counted.get((self.promise.kind, self.asked(span)), Count(0)) if self.counts else Count(0)
        return SpanProgress(
            span, target, self.promise.unit,
            None if target is None else expected(target, span, self.day, self.since),
            over=self.day > span.ends_on,
            counted=rows.number,
            counted_url=rows.url,
            declared=sum(quantity for status, quantity in here if status == COUNTED),
            waiting=sum(quantity for status, quantity in here if status == REPORTED),
        )  # fmt: skip


_Days = list[tuple[date, str, int]]
_Declared = Mapping[tuple[int, int], _Days]


def _measures(convention: PartnershipConvention, day: date) -> list[_Measured]:
    """Return the promises of the day, each with its spans and the target that each span had at its end."""
    terms, added = convention.terms, promises_changed(convention, ADD)
    seen: dict[date, dict[int, Commitment]] = {}

    def promise_on(key: int, on: date) -> Commitment | None:
        if on not in seen:
            seen[on] = {line.position: line for line in promises_on(convention, on)}
        return seen[on].get(key)

    found, kinds = [], set[str]()
    for promise in promises_on(convention, day):
        amendment = added.get(promise.position)
        since = amendment.effective_on if amendment else None
        targets = [
            (span, line.target)
            for span in spans_until(terms, promise.rhythm, day)
            if (line := promise_on(promise.position, min(span.ends_on, day)))
        ]
        # Rows that several promises of one kind could claim count once, for the first.
        counts = _is_counted(promise) and promise.kind not in kinds
        kinds |= {promise.kind} if counts else set()
        found.append(_Measured(convention, promise, day, since, tuple(targets), counts))
    return found


def _is_counted(promise: Commitment) -> bool:
    counter = counter_of(promise.kind)
    return counter is not None and counter.speaks_of(promise.unit)


def _declared(conventions: Sequence[PartnershipConvention], day: date) -> _Declared:
    """Return the declared deliveries by promise: day, state, quantity. One query."""
    found: dict[tuple[int, int], _Days] = defaultdict(list)
    rows = CommitmentDelivery.objects.filter(
        convention__in=[row.pk for row in conventions], delivered_on__lte=day, status__in=[COUNTED, REPORTED]
    )
    columns = ("convention_id", "key", "delivered_on", "status")
    for convention_id, key, on, status, quantity in (
        rows.order_by().values(*columns).annotate(sum=Sum("quantity")).values_list(*columns, "sum")
    ):
        found[convention_id, key].append((on, status, quantity))
    return found


def _counted(measured: Sequence[_Measured]) -> dict[tuple[str, Asked], Count]:
    """Ask each counter once for all the spans of its kind."""
    asked: dict[str, list[Asked]] = defaultdict(list)
    for measure in measured:
        if measure.counts:
            asked[measure.promise.kind] += [measure.asked(span) for span, _ in measure.targets]
    found: dict[tuple[str, Asked], Count] = {}
    for kind, spans in asked.items():
        counter = counter_of(kind)
        answers = counter.count(spans) if counter and spans else {}
        found |= {(kind, span): count for span, count in answers.items()}
    return found
