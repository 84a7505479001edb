"""A school registers its trainees and its team: choose, then say what is asked of each, then send once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assises.forms.group_registering import ChooseForm, GroupForm, chosen_ids
from assises.models import Category, Edition
from assises.operations.group_registering import GroupOutcome, register_school_group
from assises.permissions import AssisesPermission
from assises.reads.group_registering import GROUP_AT_MOST, candidates_of, chosen_of, closed_because
from assises.reads.registrations import figures_of, questions_of
from assises.views.editions import UNPROCESSABLE, find_edition, show_or_save
from e2c_portal.kernel.french import counted
from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved
from schools.models import School
from schools.queries import schools_visible_to
from schools.scope import scope_of

P = AssisesPermission


def find_own_school(request: HttpRequest, pk: int) -> School:
    """Return a school of this person, for which they register. Raises Http404 for another one, PermissionDenied without the right."""
    scope = scope_of(request.user)
    school = schools_visible_to(scope).filter(pk=pk).first() if scope.covers(pk) else None
    if school is None:
        raise Http404
    if not request.user.has_perm(P.REGISTER_FOR_SCHOOL, school):
        raise PermissionDenied
    return school


@require_safe
def school_choose(request: HttpRequest, year: int, school_pk: int) -> HttpResponse:
    """Choose trainees in the list of the school; nothing is written. Who is registered already is shown, and not offered."""
    edition = find_edition(request, year)
    school = find_own_school(request, school_pk)
    chosen = chosen_ids(request.GET)
    if "suite" in request.GET and len(chosen) <= GROUP_AT_MOST:
        return redirect(f"{_address('school_register', edition, school)}?{_query(chosen)}")
    form = ChooseForm(request.GET)
    found = candidates_of(school, edition, form.words(), chosen)
    context = {
        "edition": edition, "school": school, "form": form, "found": found, "chosen_ids": [row.pk for row in found.chosen],
        "others": [row for row in found.chosen if row.pk not in {one.pk for one in found.rows}], "words": form.words(),
        "too_many": len(chosen) > GROUP_AT_MOST, "most": GROUP_AT_MOST, "closed": closed_because(edition),
        "figures": _shown_figures(edition),
    }  # fmt: skip
    return render(request, "assises/school_choose.html", context)


@show_or_save
def school_register(request: HttpRequest, year: int, school_pk: int) -> HttpResponse:
    """Say what is asked of each person chosen, add the team, and send: once."""
    edition = find_edition(request, year)
    school = find_own_school(request, school_pk)
    ids = chosen_ids(request.GET)
    user: Any = request.user
    form = _group_form(request.POST or None, edition, school, ids)
    if record_of(form.sending(), user, Edition):
        messages.info(request, "Ce groupe est déjà envoyé : voici où en est chaque personne.")
        return redirect(_list_of(edition, school))
    closed = closed_because(edition)
    if form.is_valid() and not closed:
        outcome = saved(
            form, lambda: register_school_group(edition.pk, school, form.attendees(), user, sending=form.sending())
        )
        if outcome:
            return _told(request, edition, school, outcome)
    context = {
        "edition": edition, "school": school, "form": form, "closed": closed, "figures": _shown_figures(edition),
        "back": f"{_address('school_choose', edition, school)}?{_query(ids)}", "outcome": None,
        "number": len(form.trainees),
    }  # fmt: skip
    refused = form.errors or (closed and request.method == "POST")
    return render(request, "assises/school_register.html", context, status=UNPROCESSABLE if refused else 200)


def _group_form(data: QueryDict | None, edition: Edition, school: School, ids: list[int]) -> GroupForm:
    return GroupForm(edition, chosen_of(school, edition, ids), questions_of(edition, Category.TRAINEE), data)


def _told(request: HttpRequest, edition: Edition, school: School, outcome: GroupOutcome) -> HttpResponse:
    """Say who is registered and who waits; those refused stay on the page, with why and all that was typed."""
    if outcome.registered:
        messages.success(request, told_of(outcome))
    if not outcome.refused:
        return redirect(_list_of(edition, school))
    data = request.POST.copy()
    form = GroupForm(edition, [], [], data)
    form.send_anew()
    refused = {one.key: one.sentence for one in outcome.refused}
    ids = [int(key.removeprefix("stagiaire-")) for key in refused if key.startswith("stagiaire-")]
    form = _group_form(form.data, edition, school, ids)
    form.is_valid()
    form.keep_only(refused)
    context = {
        "edition": edition, "school": school, "form": form, "closed": "", "figures": _shown_figures(edition), "outcome": outcome,
        "back": _address("school_choose", edition, school), "number": len(form.trainees),
    }  # fmt: skip
    return render(request, "assises/school_register.html", context, status=UNPROCESSABLE)


def told_of(outcome: GroupOutcome) -> str:
    """Say in a sentence what became of a group."""
    told = [counted(len(outcome.registered), "personne enregistrée", "personnes enregistrées")]
    for status, one, several in (("confirmed", "inscrite", "inscrites"), ("waiting", "sur liste d’attente", "sur liste d’attente"),
                                 ("asked", "à accepter par la Région", "à accepter par la Région")):  # fmt: skip
        if number := outcome.number(status):
            told.append(counted(number, one, several))
    return f"{told[0]} : {', '.join(told[1:])}."


def _shown_figures(edition: Edition) -> list[Any]:
    """Return the places of the two categories that a school registers, and of the whole."""
    return [one for one in figures_of(edition) if one.category in (Category.TRAINEE, Category.STAFF, "")]


def _query(ids: list[int]) -> str:
    return "&".join(f"qui={pk}" for pk in ids)


def _address(name: str, edition: Edition, school: School) -> str:
    return reverse(f"assises:{name}", args=[edition.year, school.pk])


def _list_of(edition: Edition, school: School) -> str:
    return f"{reverse('assises:registrations', args=[edition.year])}?origine=school"
