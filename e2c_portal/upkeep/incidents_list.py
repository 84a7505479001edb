"""What the list of past faults is asked for, by words, kind and days; and the same list as a file."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from e2c_portal.exports.lists import Column, Listing
from e2c_portal.kernel.search import Fold, fold
from e2c_portal.ui.forms import DateInput
from e2c_portal.upkeep import incidents
from e2c_portal.upkeep.incidents_words import WORDS
from e2c_portal.upkeep.models import Incident
from e2c_portal.upkeep.permissions import UpkeepPermission


class IncidentFilter(forms.Form):
    """The filters in the address; a day that is none is told, and asks for nothing."""

    q = forms.CharField(label="Mots", required=False, max_length=100)
    sorte = forms.ChoiceField(
        label="Panne", required=False,
        choices=[("", "Toutes"), *sorted(((kind, told.title) for kind, told in WORDS.items()), key=lambda one: fold(one[1]))],
    )  # fmt: skip
    du = forms.DateField(label="Du", required=False, widget=DateInput)
    au = forms.DateField(label="Au", required=False, widget=DateInput)

    def __init__(self, data: QueryDict, **options: Any) -> None:
        super().__init__(data, **options)
        self.full_clean()
        self.asked: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrows(self) -> bool:
        """Say whether something was asked for."""
        return bool(self.asked)

    @property
    def rows(self) -> QuerySet[Incident]:
        """Return the past faults asked for, the latest first: those that lasted at some moment of these days."""
        rows = incidents.past_incidents()
        if kind := self.asked.get("sorte"):
            rows = rows.filter(kind=kind)
        if first := self.asked.get("du"):
            rows = rows.filter(closed_at__gte=_morning_of(first))
        if last := self.asked.get("au"):
            rows = rows.filter(opened_at__lt=_morning_of(last + timedelta(days=1)))
        if words := fold(self.asked.get("q", "")).split():
            rows = rows.alias(said=Fold("reason")).filter(*(_tells(word) for word in words))
        return rows


def _morning_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _tells(word: str) -> Q:
    """Say where a word may be: in what names and explains a kind of fault, which the database does not hold, or in its reason."""
    return Q(kind__in=list(_kinds_that_tell(word))) | Q(said__contains=word)


def _kinds_that_tell(word: str) -> Iterable[str]:
    return (
        kind for kind, told in WORDS.items() if word in fold(f"{told.title} {told.seen} {told.portal} {told.to_do}")
    )


def lasting(row: Incident) -> str:
    """Return how long a past fault lasted: « 3 min », « 2 h 05 », « moins d’une minute »."""
    minutes = round(((row.closed_at or row.seen_at) - row.opened_at).total_seconds() / 60)
    if minutes < 1:
        return "moins d’une minute"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours else f"{rest} min"


def _rows(request: HttpRequest) -> QuerySet[Incident] | None:
    if not request.user.has_perm(UpkeepPermission.VIEW_WORK):  # type: ignore[union-attr]
        return None
    return IncidentFilter(request.GET).rows


COLUMNS = (
    Column("Panne", lambda row: WORDS[row.kind].title, 48),
    Column("Début", lambda row: row.opened_at, 18),
    Column("Fin", lambda row: row.closed_at, 18),
    Column("Durée", lasting, 18),
    Column("Au plus", lambda row: WORDS[row.kind].counted(row.count), 24),
    Column("Raison", lambda row: row.reason, 60),
    Column("Que faire", lambda row: WORDS[row.kind].to_do, 60),
)
INCIDENTS = Listing("exploitation-pannes", "Pannes terminées", COLUMNS, _rows, personal=False)
