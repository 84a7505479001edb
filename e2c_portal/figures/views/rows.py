"""The rows behind a figure, for whoever reaches every one of them; the same as a file."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from e2c_portal.exports.lists import Column
from e2c_portal.figures.core import Figure, erased_of, figures_of, measure_of_rows, row_value, rows_of
from e2c_portal.figures.counting import years_known
from e2c_portal.figures.forms import ChoiceForm
from e2c_portal.figures.indicators import INDICATORS, Indicator, PartOf
from e2c_portal.figures.permissions import FigurePermission
from e2c_portal.figures.places import places_for
from e2c_portal.figures.row_facts import facts_of, readable
from e2c_portal.kernel.french import counted, number
from e2c_portal.ui.pages import ShortPaginator
from schools.scope import scope_of

LIST, PER_PAGE = "lignes-chiffre", 25


@dataclass(frozen=True)
class Asked:
    """The rows asked for: of which figure, of which part of a mix."""

    indicator: Indicator
    form: ChoiceForm
    part: PartOf | None
    rows: QuerySet[Any]

    @property
    def value(self) -> str:
        """Return the name of what each row adds, "" when each counts for one."""
        return "" if self.part else row_value(self.indicator)


def asked_for(request: HttpRequest, key: str) -> Asked | None:
    """Return the rows asked for, None for whoever does not reach every one of them."""
    user: Any = request.user
    if key not in INDICATORS or not user.is_authenticated or not user.has_perm(FigurePermission.VIEW_ROWS):
        return None
    indicator, scope = INDICATORS[key], scope_of(user)
    places = [place for place in places_for(user) if place.within(scope)]
    if not places or request.GET.get("lieu", places[0].code) not in {place.code for place in places}:
        return None
    form = ChoiceForm(request.GET, years_known(), places)
    part = indicator.part(request.GET.get("part", ""))
    if not measure_of_rows(indicator, part.key if part else "") or (
        indicator.whole_network and not scope.whole_network
    ):
        return None
    rows = rows_of(indicator, form.year, form.place, user, part.key if part else "")
    return None if rows is None else Asked(indicator, form, part, rows)


@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """Show the rows behind a figure, the figure counted at the same moment, and what files erased since still count."""
    asked = asked_for(request, key)
    if asked is None:
        raise Http404
    figure = figures_of(asked.form.year, asked.form.place, request.user, [asked.indicator])[0]
    gone = erased_of(figure, asked.part.key if asked.part else "")
    pages = ShortPaginator(readable(asked.rows), PER_PAGE, known=_lines_of(figure, asked, gone))
    page = pages.get_page(request.GET.get("page"))
    context = {
        "indicator": asked.indicator, "form": asked.form, "figure": figure, "part": asked.part, "page_obj": page,
        "rows": [facts_of(row, asked.value) for row in page], "value": asked.value, "told": _told(asked, pages, gone),
        "number": _part_words(figure, asked.part), "export": {"chiffre": key, **_filters(asked)},
    }  # fmt: skip
    return render(request, "figures/rows.html", context)


def _filters(asked: Asked) -> dict[str, object]:
    return {"annee": asked.form.year, "lieu": asked.form.place.code, "part": asked.part.key if asked.part else ""}


def _part_words(figure: Figure, part: PartOf | None) -> str:
    if part is None:
        return figure.words
    return next((one.words for one in figure.parts if one.key == part.key), figure.words)


def _lines_of(figure: Figure, asked: Asked, gone: int) -> int | None:
    """Return how many rows there are when the figure says so, each counting for one: they are not counted again. None otherwise."""
    if asked.part:
        number = next((one.number for one in figure.parts if one.key == asked.part.key), None)
    else:
        own = asked.indicator.rows_measure == asked.indicator.numerator and not asked.value
        number = figure.numerator if own else None
    return None if number is None else number - gone


def _told(asked: Asked, paginator: ShortPaginator, gone: int) -> str:
    """Say how the rows make the figure: their number, what they add up to, and what no list shows any more."""
    shown = (
        f"Plus de {number(paginator.count)} lignes"
        if paginator.has_more
        else counted(paginator.count, "ligne", "lignes")
    )
    erased = ""
    if gone:
        words = f"{number(gone)} en plus" if asked.value else counted(gone, "autre compte", "autres comptent")
        erased = f" ; {words} encore dans le chiffre, de dossiers effacés depuis : personne ne les lit plus"
    if not asked.value or paginator.has_more:
        return f"{shown}{erased}."
    total = asked.rows.order_by().aggregate(total=Sum(asked.value))["total"] or 0
    unit = {"age": "années d’âge", "length": "jours", "present": "minutes"}[asked.value]
    return f"{shown}, {number(total)} {unit} en tout{erased}."


def rows_on_screen(request: HttpRequest) -> QuerySet[Any] | None:
    """Return the rows of the figure named in the address (`chiffre`), all pages together."""
    asked = asked_for(request, request.GET.get("chiffre", ""))
    return readable(asked.rows) if asked else None


ROW_COLUMNS = (
    Column("Ligne", lambda row: facts_of(row).what, 40),
    Column("École", lambda row: facts_of(row).school, 30),
    Column("Date", lambda row: facts_of(row).on, 12),
    Column("Détail", lambda row: facts_of(row).detail, 50),
)  # fmt: skip


def value_column(request: HttpRequest) -> list[Column]:
    """Return the column of what each row adds, when it is not one."""
    asked = asked_for(request, request.GET.get("chiffre", ""))
    if asked is None or not asked.value:
        return []
    title = {"age": "Âge à l’entrée", "length": "Jours", "present": "Minutes de présence"}[asked.value]
    name = asked.value
    return [Column(title, lambda row: getattr(row, name), 12)]
