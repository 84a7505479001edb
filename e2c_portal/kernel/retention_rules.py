"""How long the rows of this floor are kept."""

from datetime import datetime

from django.db.models import QuerySet

from e2c_portal.kernel import failures, jobs, submissions
from e2c_portal.kernel.models import Job, Submission, TaskFailure
from e2c_portal.kernel.retention import Fate, Rule, kept


def published_before(limit: datetime) -> QuerySet[Job]:
    """Return the jobs that left before a moment."""
    return Job.objects.filter(published_at__lt=limit)


def sent_before(limit: datetime) -> QuerySet[Submission]:
    """Return the forms sent before a moment."""
    return Submission.objects.filter(sent_at__lt=limit)


def failed_before(limit: datetime) -> QuerySet[TaskFailure]:
    """Return the failures of tasks that have not come back since a moment."""
    return TaskFailure.objects.filter(last_at__lt=limit)


TECHNICAL = "Minimisation (RGPD, art. 5-1-e) : la ligne ne sert plus."
RULES = (
    Rule(
        "kernel.Job", Fate.DELETED, "Supprimé sept jours après son départ.", TECHNICAL, counted_from="le départ du travail",
        delay=jobs.PUBLISHED_KEPT_FOR, due=published_before, purge=lambda held: jobs.purge_published(),
        mentions=("arguments",),
    ),
    Rule(
        "kernel.TaskFailure", Fate.DELETED, "Supprimé quatre-vingt-dix jours après le dernier échec, aussitôt si le travail réussit.",
        TECHNICAL, counted_from="le dernier échec", delay=failures.KEPT_FOR, due=failed_before,
        purge=lambda held: failures.purge_old(), mentions=("arguments",),
    ),
    Rule(
        "kernel.Submission", Fate.DELETED, "Supprimé sept jours après l’envoi.", TECHNICAL, counted_from="l’envoi du formulaire",
        delay=submissions.KEPT_FOR, due=sent_before, purge=lambda held: submissions.purge_old(),
    ),
    kept(
        "kernel.Removal", "Conservé : il prouve ce qui a été effacé, et ne nomme personne.",
        "Responsabilité (RGPD, art. 5-2) : prouver que les durées sont tenues.",
    ),
)  # fmt: skip
