"""The conventions of the Région with companies: to have voted, to sign, about to end, and what companies say and ask."""

from datetime import date, timedelta

from django.db.models import Count, Min, Q
from django.urls import reverse

from e2c_portal.home.panels.counting import ahead, late, task, waiting
from e2c_portal.home.panels.desk import Desk
from e2c_portal.home.panels.page import Task, Urgency
from e2c_portal.kernel.french import counted
from partnerships.delivery_reads import deliveries_to_confirm
from partnerships.permissions import PartnershipPermission
from partnerships.queries import DAYS_OF_MONTHS, ENDING, actions_to_do, conventions_visible_to
from partnerships.request_queries import waiting_requests
from partnerships.situation import ACTIVE, LEAVING
from partnerships.sleeping import sleeping_companies

STEPS = (
    ("to_sign", "convention à signer", "conventions à signer", Urgency.SOON),
    (ENDING, "convention se termine dans les six mois", "conventions se terminent dans les six mois", Urgency.SOON),
    ("deliberated", "convention délibérée à mettre à la signature", "conventions délibérées à mettre à la signature", Urgency.OPEN),
    ("approved", "projet de convention attend le vote", "projets de convention attendent le vote", Urgency.OPEN),
)  # fmt: skip


def tasks_of(desk: Desk) -> list[Task]:
    """Return what waits for those who may move a convention; nobody else is told."""
    found = []
    if desk.may(PartnershipPermission.ANSWER_REQUEST):
        words = ("demande d’entreprise attend une réponse", "demandes d’entreprises attendent une réponse")
        url = f"{reverse('companies:requests')}?status=received"
        found += task(waiting_requests(desk.scope), "received_at", words, url, Urgency.LATE, wait=waiting)
    if desk.may(PartnershipPermission.MOVE_CONVENTION):
        found += _steps(desk)
    if desk.may(PartnershipPermission.WRITE_DELIVERY):
        found += _deliveries(desk)
    return found


def _steps(desk: Desk) -> list[Task]:
    counts, first_end = _counts(desk)
    ends = ahead(first_end, desk.today, counts[ENDING] > 1) if first_end else ""
    url = f"{reverse('partnerships:conventions')}?situation="
    found = [
        Task(counted(counts[name], one, many), f"{url}{name}", urgency, ends if name == ENDING else "")
        for name, one, many, urgency in STEPS
        if counts[name]
    ]
    actions = actions_to_do(desk.scope, late_on=desk.today)
    words = ("action décidée en comité, en retard", "actions décidées en comité, en retard")
    return found + task(actions, "due_on", words, reverse("partnerships:actions"), Urgency.LATE, wait=late)


def _counts(desk: Desk) -> tuple[dict[str, int], date | None]:
    """Count the conventions by situation, and those about to end with the nearest end. Where each stands is worked out once."""
    soon = Q(last_day__lte=desk.today + timedelta(days=DAYS_OF_MONTHS[6]))
    told = conventions_visible_to(desk.scope).order_by().values_list("situation")
    rows = told.annotate(n=Count("pk"), ending=Count("pk", filter=soon), first_end=Min("last_day", filter=soon))
    counts, ends = dict.fromkeys((name for name, *_ in STEPS), 0), []
    for situation, number, ending, first_end in rows:
        counts[situation] = number
        if situation in (ACTIVE.name, LEAVING.name) and ending:
            counts[ENDING] += ending
            ends.append(first_end)
    return counts, min(ends, default=None)


def _deliveries(desk: Desk) -> list[Task]:
    """What companies say they did waits to be counted; so do the partners nobody hears of."""
    words, url = ("réalisation à confirmer", "réalisations à confirmer"), reverse("partnerships:deliveries_waiting")
    found = task(deliveries_to_confirm(desk.scope), "declared_at", words, url, Urgency.SOON, wait=waiting)
    words, url = ("partenaire en sommeil", "partenaires en sommeil"), f"{reverse('companies:companies')}?sommeil=on"
    return found + task(sleeping_companies(), "pk", words, url, Urgency.OPEN)
