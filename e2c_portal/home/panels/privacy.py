"""Personal data: what the data officer has to hand over, what will be erased, what is held for too long."""

from django.urls import reverse

from e2c_portal.home.panels.counting import ahead, late, task, waiting
from e2c_portal.home.panels.desk import Desk
from e2c_portal.home.panels.page import Task, Urgency
from e2c_portal.privacy.permissions import PrivacyPermission
from e2c_portal.privacy.queries import (
    access_files_to_give,
    access_files_to_make_again,
    holds_over,
    notices_given,
)


def tasks_of(desk: Desk) -> list[Task]:
    """Return what waits for the data officer."""
    if not desk.may(PrivacyPermission.HANDLE_PEOPLE):
        return []
    url = f"{reverse('privacy:access_files')}?etat="
    words = ("dossier d’accès n’a pas pu être fabriqué", "dossiers d’accès n’ont pas pu être fabriqués")
    found = task(access_files_to_make_again(), "asked_at", words, f"{url}failed", Urgency.NOW, wait=waiting)
    words = ("dossier d’accès à remettre avant qu’il expire", "dossiers d’accès à remettre avant qu’ils expirent")
    found += task(access_files_to_give(), "expires_at", words, f"{url}ready", Urgency.SOON, wait=ahead)
    words = ("gel arrivé à sa date, à lever ou à prolonger", "gels arrivés à leur date, à lever ou à prolonger")
    found += task(holds_over(desk.today), "until", words, f"{reverse('privacy:holds')}?echus", Urgency.LATE, wait=late)
    words = ("effacement annoncé", "effacements annoncés")
    return found + task(notices_given(), "due_on", words, reverse("privacy:notices"), Urgency.OPEN, wait=ahead)
