"""The Assises: who asks for a place, who waits for one, the edition to close."""

from django.db.models import Count
from django.urls import reverse

from assises.life import editions as edition_life
from assises.life import registrations as life
from assises.models import Edition
from assises.permissions import AssisesPermission
from assises.reads.editions import editions_to_follow
from e2c_portal.home.panels.counting import ahead, waiting
from e2c_portal.home.panels.desk import Desk
from e2c_portal.home.panels.page import Task, Urgency
from e2c_portal.kernel.french import counted


def tasks_of(desk: Desk) -> list[Task]:
    """Return what waits in the editions that the Région prepares or has not closed."""
    if not desk.may(AssisesPermission.MANAGE_REGISTRATIONS):
        return []
    found = []
    for edition in editions_to_follow(desk.today):
        if edition.held_on < desk.today:
            url = reverse("assises:report", args=[edition.year])
            found.append(Task(f"{edition.name} à clôturer", url, Urgency.OPEN, waiting(edition.held_on, desk.today)))
        elif edition.status == edition_life.ANNOUNCED:
            found += _registrations(desk, edition)
    return found


def _registrations(desk: Desk, edition: Edition) -> list[Task]:
    rows = edition.registrations.filter(status__in=[life.ASKED, life.WAITING]).order_by()
    tally = dict(rows.values_list("status").annotate(n=Count("pk")))
    when = f"les Assises ont lieu {ahead(edition.held_on, desk.today)}"
    urgency = Urgency.SOON if (edition.held_on - desk.today).days <= 30 else Urgency.OPEN
    wanted = (
        (life.ASKED, "assises:requests", "inscription aux Assises à accepter", "inscriptions aux Assises à accepter"),
        (life.WAITING, "assises:waiting", "personne sur la liste d’attente des Assises", "personnes sur la liste d’attente des Assises"),
    )  # fmt: skip
    return [
        Task(counted(tally[status], one, many), reverse(page, args=[edition.year]), urgency, when)
        for status, page, one, many in wanted
        if tally.get(status)
    ]
