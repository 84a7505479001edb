"""Accidents of the tests, by the real operation."""

from datetime import timedelta

from django.utils import timezone

from e2c_portal.accounts.models import User
from trainees.models import AccidentReport, Pathway
from trainees.operations.accidents import open_accident


def accident_of(pathway: Pathway, actor: User, hours: int = 1) -> AccidentReport:
    """Return an accident at school that was known so many hours ago."""
    known = timezone.now() - timedelta(hours=hours)
    return open_accident(
        AccidentReport(
            pathway=pathway, school=pathway.school, trainee=pathway.trainee, place="school", place_words="Atelier", occurred_at=known,
            known_at=known, circumstances="A glissé", injuries="Bosse au front",
        ),
        actor,
    )  # fmt: skip
