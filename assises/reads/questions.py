"""The questions of an edition, with how many answers each has."""

from django.db.models import Count, QuerySet

from assises.models import Edition, Question


def questions_of(edition: Edition) -> QuerySet[Question]:
    """Return the questions in the order in which they are asked."""
    return edition.questions.order_by("position", "pk")


def questions_counted(edition: Edition) -> QuerySet[Question]:
    """Return the same, each with its number of answers (`answered`)."""
    return questions_of(edition).annotate(answered=Count("answers"))
