"""Trades and communes of the references in service, found as people type them."""

import re
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from e2c_portal.kernel.search import fold
from schools.models import Site
from schools.scope import Scope
from trainees.models import Commune, ReferenceDataset, Trade, TradeTitle
from trainees.reads.visible import own_schools

CODE = re.compile(r"\b([A-Na-n][0-9]{4})\b")
DEPARTMENT = re.compile(r"\s*\(\s*([0-9]{2,3}|2[abAB])\s*\)\s*$")
SHOWN = 12


def datasets_loaded() -> QuerySet[ReferenceDataset]:
    """Return every vintage loaded, those in service first."""
    return ReferenceDataset.objects.select_related("loaded_by").order_by("kind", "-is_current", "-loaded_at")


def current_trades() -> QuerySet[Trade]:
    """Return the trades of the vintage in service."""
    return Trade.objects.filter(dataset__kind=ReferenceDataset.Kind.TRADES, dataset__is_current=True)


def current_communes() -> QuerySet[Commune]:
    """Return the communes of the vintage in service."""
    return Commune.objects.filter(dataset__kind=ReferenceDataset.Kind.COMMUNES, dataset__is_current=True)


def trades_matching(words: str) -> QuerySet[Trade]:
    """Return the trades in service whose code, label or one of whose names holds every word; nothing without words."""
    found = current_trades().order_by("label", "pk")
    if not words.strip():
        return found.none()
    if code := CODE.search(words):
        return found.filter(code=code[1].upper())
    for word in fold(words).split():
        titles = TradeTitle.objects.filter(trade=OuterRef("pk"), search__contains=word)
        found = found.filter(Q(search__contains=word) | Q(Exists(titles)))
    return found


def trade_named(text: str) -> Trade | None:
    """Return the one trade that a text names: its code, its exact label, or the only one that holds its words."""
    found = list(trades_matching(text)[:SHOWN])
    exact = [trade for trade in found if fold(trade.label) == fold(text.strip())]
    alone = exact or found
    return alone[0] if len(alone) == 1 else None


def communes_matching(text: str) -> QuerySet[Commune]:
    """Return the communes in service that a text names: postal code, official code, or the beginning of a name.

    « Saint-Jean (34) » asks for those of one department. Nothing without words.
    """
    found, words = current_communes().order_by("name", "code"), text.strip()
    if department := DEPARTMENT.search(words):
        found, words = found.filter(code__startswith=department[1].upper()), DEPARTMENT.sub("", words)
    if not words:
        return found.none()
    if re.fullmatch(r"[0-9]{5}|2[abAB][0-9]{3}", words):
        return found.filter(Q(postal_codes__contains=words) | Q(code=words.upper()))
    for word in re.split(r"[\s'’-]+", fold(words)):
        found = found.filter(search__contains=word)
    return found


def commune_named(text: str) -> Commune | None:
    """Return the one commune that a text names, None when none or several do."""
    found = list(communes_matching(text)[:200])
    bare = _bare(DEPARTMENT.sub("", text))
    exact = [commune for commune in found if _bare(commune.name) == bare]
    # A postal code may serve several communes, one of which bears the official code: then the typed number is ambiguous.
    alone = exact or found
    return alone[0] if len(alone) == 1 else None


def commune_of_site(scope: Scope) -> Commune | None:
    """Return the commune of the only school of somebody, read from its first site; None when it is not known."""
    schools = list(own_schools(scope)[:2])
    if scope.whole_network or len(schools) != 1:
        return None
    site = Site.objects.filter(school=schools[0], closed_on=None).exclude(city="").order_by("pk").first()
    return commune_named(site.city) if site else None


def trades_in_service_like(trades: Iterable[Trade]) -> list[Trade]:
    """Return the trades in service that bear the codes of these, whatever their vintage."""
    return list(current_trades().filter(code__in={trade.code for trade in trades}))


def _bare(name: str) -> str:
    return re.sub(r"[\s'’-]+", " ", fold(name)).strip()
