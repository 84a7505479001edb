"""The questions that an edition asks of those who register: list, add from a suggestion or from nothing, change, remove."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assises.forms.questions import SUGGESTION_LABELS, SUGGESTIONS, QuestionForm
from assises.models import Category, Edition, Question
from assises.operations.questions import add_question, change_question, remove_question
from assises.reads.questions import questions_counted
from assises.views.editions import act, find_edition, may_prepare, require_preparing, show_or_save
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from partnerships.views.saving import saved

EVERYBODY = "tout le monde"


@require_safe
def question_list(request: HttpRequest, year: int) -> HttpResponse:
    """Show what an edition asks, of whom, and how many answered."""
    edition = find_edition(request, year)
    rows = list(questions_counted(edition))
    for row in rows:
        labels = [str(Category(name).label).lower() for name in row.categories]
        row.asked_of = ", ".join(labels) or EVERYBODY  # type: ignore[attr-defined]
    context = {
        "edition": edition, "questions": rows, "prepares": may_prepare(request), "suggestions": list(SUGGESTION_LABELS.items()),
    }  # fmt: skip
    return render(request, "assises/questions.html", context)


@show_or_save
def question_new(request: HttpRequest, year: int) -> HttpResponse:
    """Add a question, from a suggestion when one was chosen."""
    edition = _prepared(request, year)
    suggested = SUGGESTIONS.get(request.GET.get("modele", ""), {})
    question = Question(edition=edition, position=_next_position(edition), **suggested)
    form = QuestionForm(question, request.POST or None, cancel_url=_list_of(edition))
    user: Any = request.user
    if record_of(form.sending(), user, Question):
        return redirect("assises:questions", year=edition.year)
    if form.is_valid() and saved(form, lambda: add_question(form.instance, user, sending=form.sending())):
        messages.success(request, "La question est ajoutée au formulaire d’inscription.")
        return redirect("assises:questions", year=edition.year)
    return act(request, edition, form, "Ajouter une question")


@show_or_save
def question_change(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Change a question that nobody answered."""
    edition = _prepared(request, year)
    question = _question(edition, pk)
    form = QuestionForm(question, request.POST or None, cancel_url=_list_of(edition))
    user: Any = request.user
    if form.is_valid() and saved(form, lambda: change_question(form.instance, form.seen(), user)):
        messages.success(request, "La question est à jour.")
        return redirect("assises:questions", year=edition.year)
    return act(request, edition, form, "Modifier la question")


@require_POST
def question_remove(request: HttpRequest, year: int, pk: int) -> HttpResponse:
    """Take away a question that nobody answered."""
    edition = _prepared(request, year)
    question = _question(edition, pk)
    user: Any = request.user
    try:
        remove_question(question, user)
    except PortalError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"« {question.label} » ne se demande plus.")
    return redirect("assises:questions", year=edition.year)


def _prepared(request: HttpRequest, year: int) -> Edition:
    require_preparing(request)
    return find_edition(request, year)


def _question(edition: Edition, pk: int) -> Question:
    question = questions_counted(edition).filter(pk=pk).first()
    if question is None:
        raise Http404
    return question


def _next_position(edition: Edition) -> int:
    last = questions_counted(edition).last()
    return last.position + 1 if last else 1


def _list_of(edition: Edition) -> str:
    return reverse("assises:questions", args=[edition.year])
