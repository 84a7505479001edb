"""What prevents an agreement from being put to signature: what is missing, and what the law or the calendar refuses."""

from trainees.models import Internship
from trainees.reads.signers import signers_missing


def agreement_refusals(internship: Internship, *, sent: bool = False) -> list[str]:
    """Return a sentence for each thing that prevents the signature, empty when nothing does.

    `sent`: the text is at the signature already, and its columns are held: only who signs may have changed.
    """
    if sent:
        return signers_missing(internship)
    return [*_schedule_missing(internship), *signers_missing(internship)]


def _schedule_missing(internship: Internship) -> list[str]:
    days = list(internship.days.all())
    return [] if any(day.place == "company" for day in days) else ["Écrivez l’horaire du stage : il n’a aucun jour en entreprise."]
