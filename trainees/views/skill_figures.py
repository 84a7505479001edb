"""The figures of skills: how much of each framework is used, each skill of one, and the rows behind any figure."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from e2c_portal.exports.lists import ComputedRows
from e2c_portal.ui.pages import ShortPaginator
from partnerships.models import Commitment
from schools.scope import Scope, scope_of
from trainees.exports.skill_figures import FigureRow, figure_rows
from trainees.forms.skill_figures import FiguresForm, SkillRowsForm
from trainees.permissions import TraineePermission
from trainees.reads.frameworks import framework_known
from trainees.reads.internship_list import promise_convention
from trainees.reads.skill_figures import Coverage, Measure, Narrowing, SkillLine, coverage_of, frameworks_used, lines_of
from trainees.reads.skill_rows import NO_LEVEL, RowsAsked, rows_behind, skill_known, url_of
from trainees.sheets.skill_rows import skill_row

PER_PAGE, ROWS_PER_PAGE = 20, 25


def _reader(request: HttpRequest) -> Scope | None:
    scope = scope_of(request.user)
    may = request.user.has_perm(TraineePermission.VIEW_SKILL_FIGURES)
    return scope if may and not scope.empty else None


@require_safe
def skill_figures(request: HttpRequest) -> HttpResponse:
    """Show how much of each framework is planned, practised and validated."""
    scope = _reader(request)
    if scope is None:
        raise Http404
    form = FiguresForm(request.GET, scope)
    page = Paginator(frameworks_used(), PER_PAGE).get_page(request.GET.get("page"))
    lines = coverage_of(page.object_list, scope, form.narrowing())
    promises = f"{reverse('partnerships:promises')}?engagement={Commitment.Kind.SKILL_VALIDATION}"
    context = {
        "form": form,
        "page_obj": page,
        "lines": lines,
        "promises_url": promises,
        "query": request.GET.urlencode(),
    }
    return render(request, "trainees/frameworks/figures.html", context)


def coverage_on_screen(request: HttpRequest) -> ComputedRows[Coverage] | None:
    """Return the coverage of every framework, all pages together; None for whoever may not read figures."""
    scope = _reader(request)
    if scope is None:
        return None
    return ComputedRows(coverage_of(frameworks_used(), scope, FiguresForm(request.GET, scope).narrowing()))


@require_safe
def framework_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the figures of each skill of a framework; each opens its rows."""
    scope = _reader(request)
    framework = framework_known(pk, drafts=False) if scope else None
    if scope is None or framework is None:
        raise Http404
    form = FiguresForm(request.GET, scope)
    narrowing = form.narrowing()
    lines = lines_of(framework, scope, narrowing)
    context = {
        "framework": framework, "form": form, "levels": list(framework.levels.all()), "narrowing": narrowing,
        "lines": [(line, _addresses(line, narrowing)) for line in lines],
        "coverage": coverage_of([framework], scope, narrowing)[0],
    }  # fmt: skip
    return render(request, "trainees/frameworks/framework_figures.html", context)


def figures_on_screen(request: HttpRequest) -> ComputedRows[FigureRow] | None:
    """Return the figures of the framework named in the address (`referentiel`); None for whoever may not read them."""
    scope, pk = _reader(request), request.GET.get("referentiel", "")
    framework = framework_known(int(pk), drafts=False) if scope and pk.isdecimal() and len(pk) < 19 else None
    if scope is None or framework is None:
        return None
    return ComputedRows(figure_rows(framework, lines_of(framework, scope, FiguresForm(request.GET, scope).narrowing())))


def _addresses(line: SkillLine, narrowing: Narrowing) -> dict[str, Any]:
    """Return the address of the rows behind each figure of a line."""

    def at(measure: str, level_id: int | None = None) -> str:
        return url_of(RowsAsked(measure, line.skill.pk, level_id, narrowing.school_id, narrowing.year))

    return {
        "planned": at(Measure.PLANNED), "practised": at(Measure.SEEN), "unseen": at(Measure.SEEN, NO_LEVEL),
        "validated": at(Measure.VALIDATED),
        "by_level": [(level, shown, at(Measure.SEEN, level.pk)) for level, shown in line.by_level],
    }  # fmt: skip


def rows_on_screen(request: HttpRequest) -> QuerySet[Any] | None:
    """Return the rows behind a figure, all pages together; None for whoever may not read them."""
    scope = scope_of(request.user)
    if scope.empty or not request.user.has_perm(TraineePermission.VIEW_SKILLS):
        return None
    return rows_behind(scope, SkillRowsForm(request.GET, scope).asking())


@require_safe
def skill_rows(request: HttpRequest) -> HttpResponse:
    """Show the rows behind a figure."""
    rows = rows_on_screen(request)
    if rows is None:
        raise Http404
    scope = scope_of(request.user)
    form = SkillRowsForm(request.GET, scope)
    asking = form.asking()
    page = ShortPaginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    skill = skill_known(asking.skill_id) if asking.skill_id else None
    context = {
        "form": form, "page_obj": page, "rows": [skill_row(row) for row in page], "asking": asking, "skill": skill,
        "level": _level_words(skill, asking.level_id), "scope": scope, "chosen": form.narrows,
        "promise": promise_convention(scope, asking.promise.convention_id) if asking.promise else None,
    }  # fmt: skip
    return render(request, "trainees/frameworks/rows.html", context)


def _level_words(skill: Any, level_id: int | None) -> str:
    if level_id is None or skill is None:
        return ""
    if level_id == NO_LEVEL:
        return "non observé"
    return next((level.name for level in skill.framework.levels.all() if level.pk == level_id), "")
