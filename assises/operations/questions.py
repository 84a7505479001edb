"""Prepare what an edition asks of those who register. A question that somebody answered stays as it was asked."""

from django.db import transaction

from assises.models import Question
from assises.operations.editions import OVERTAKEN, require_preparing
from e2c_portal.accounts.models import User
from e2c_portal.audit.records import save_over_what_was_seen, save_with_trace
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.submissions import Sending, once

ANSWERED = "Quelqu’un a déjà répondu à cette question : elle ne change plus, pour que chaque réponse garde son sens. Ajoutez-en une autre."


@transaction.atomic
def add_question(question: Question, actor: User, *, sending: Sending | None = None) -> Question:
    """Add a question to an edition. Raises NotAllowed, ValidationError by field."""
    require_preparing(actor)
    return once(sending, actor, Question, lambda: save_with_trace(question, actor))


@transaction.atomic
def change_question(question: Question, seen: int | None, actor: User) -> Question:
    """Save what was changed of a question. Raises NotAllowed, Overtaken, Refused once answered, ValidationError by field."""
    require_preparing(actor)
    _refuse_if_answered(question)
    save_over_what_was_seen(question, seen, lambda: save_with_trace(question, actor), overtaken=OVERTAKEN)
    return question


@transaction.atomic
def remove_question(question: Question, actor: User) -> None:
    """Take a question away. Raises NotAllowed, Refused once answered."""
    require_preparing(actor)
    _refuse_if_answered(question)
    edition, told = question.edition, question.label
    question.delete()
    record(actor, "question.removed", edition, f"Question retirée : {told}")


def _refuse_if_answered(question: Question) -> None:
    # Whoever answers shares the key of the question: nobody does between the look and the commit.
    held = Question.objects.select_for_update().get(pk=question.pk)
    if held.answers.exists():
        raise Refused(ANSWERED, code="answered")
