"""The figures of a year and a place, and one indicator: by year, by school, with its rule."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from e2c_portal.figures import counting
from e2c_portal.figures.core import Figure, figures_by_place, figures_of, series_of, years_known
from e2c_portal.figures.forms import ChoiceForm
from e2c_portal.figures.indicators import INDICATORS, Indicator, Kind, by_group
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.figures.places import Place, places_for
from e2c_portal.figures.publishing import published
from e2c_portal.ui.charts import Bar, bars_of

YEARS_SHOWN, PLACES_PER_PAGE = 10, 25
# A year takes less room beside its bar than a name.
YEAR_LABELS = 40
TRENDS = ("accueillis", "sorties-positives")


def choice_of(request: HttpRequest) -> ChoiceForm:
    """Return the year and the place asked for. Nobody who may not read figures learns that they are there."""
    places = places_for(request.user) if request.user.has_perm(FigurePermission.VIEW) else []
    if not places:
        raise Http404
    return ChoiceForm(request.GET, years_known(), places)


def indicator_named(key: str) -> Indicator:
    """Return an indicator by its name in addresses."""
    if key not in INDICATORS:
        raise Http404
    return INDICATORS[key]


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a year and a place, each with its rule, and how the main ones move."""
    form = choice_of(request)
    found = {figure.indicator.key: figure for figure in figures_of(form.year, form.place, request.user)}
    groups = [(key, title, [found[one.key] for one in indicators]) for key, title, indicators in by_group()]
    last = _last_years(form)
    trends = [trend_of(series_of(INDICATORS[key], last, form.place, request.user)) for key in TRENDS]
    context = {
        "form": form, "year": form.year, "place": form.place, "groups": groups, "trends": [one for one in trends if one],
        "moment": counting.moment(), "may_publish": request.user.has_perm(FigurePermission.PUBLISH),
        "published": published(form.year), "query": _query(form),
    }  # fmt: skip
    return render(request, "figures/figures.html", context)


@require_safe
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """Show one indicator: its rule, its figure, the last years, and each school or department."""
    chosen, form = indicator_named(key), choice_of(request)
    years = series_of(chosen, _last_years(form), form.place, request.user)
    page = Paginator(form.places, PLACES_PER_PAGE).get_page(request.GET.get("page"))
    places: Sequence[Place] = page.object_list  # type: ignore[assignment]
    context = {
        "indicator": chosen, "form": form, "year": form.year, "place": form.place, "page_obj": page,
        "figure": figures_of(form.year, form.place, request.user, [chosen])[0], "years": list(reversed(years)),
        "places": figures_by_place(chosen, form.year, places, request.user), "trend": trend_of(years),
        "moment": counting.moment(), "query": _query(form), "is_mix": chosen.kind == Kind.MIX,
    }  # fmt: skip
    return render(request, "figures/indicator.html", context)


def _last_years(form: ChoiceForm) -> list[int]:
    return sorted(year for year in form.years if year <= form.year)[-YEARS_SHOWN:]


def _query(form: ChoiceForm) -> str:
    return f"annee={form.year}&lieu={form.place.code}"


def trend_of(figures: Sequence[Figure]) -> dict[str, Any] | None:
    """Draw the figures of several years as bars; None when fewer than two are known."""
    known = [figure for figure in figures if figure.value is not None]
    if not known or known[0].indicator.kind == Kind.MIX:
        return None
    bars = [Bar(str(figure.year), (float(figure.value or 0),), (figure.words,)) for figure in known]
    drawing = bars_of(known[0].indicator.title, [""], bars, "dans le tableau par année", YEAR_LABELS)
    return drawing and {**drawing, "legend": [], "indicator": known[0].indicator}
