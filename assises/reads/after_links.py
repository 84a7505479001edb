"""The personal link of after the day: what it opens, and until when."""

from datetime import datetime, time

from django.utils import timezone

from assises.models import Edition, Registration
from assises.reads.attestations import registration_named
from assises.reads.presence import checkpoints_of
from e2c_portal.links.models import PersonalLink
from partnerships.calendar import add_months

AFTER = "assises.after"


def names_end_at(edition: Edition) -> datetime:
    """Return when the names of an edition are erased: so many months after its day, by the clock of Paris."""
    last = add_months(edition.held_on, edition.people_kept_months)
    return timezone.make_aware(datetime.combine(last, time.min))


def opened_by(link: PersonalLink) -> Registration | None:
    """Return the registration that a link of after the day opens: of somebody seen, not erased, at the same address."""
    found = registration_named(link.subject)
    if found is None or found.purged_at or found.email.casefold() != link.email.casefold():
        return None
    return found if checkpoints_of(found) else None


def link_version(link: PersonalLink) -> str | None:
    """Return the version of what a link of after the day opens, None when nothing is left to open."""
    return link.version if opened_by(link) else None


def contact_of(link: PersonalLink) -> str:
    """Return whom to write to when the link does not open."""
    found = registration_named(link.subject)
    return found.edition.contact_email if found else ""
