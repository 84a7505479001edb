"""A ceremony to come, with the example that waits for its signatures at its programme. The archives keep their own events."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.example_facts import AWAITED_COMPANY
from e2c_portal.kernel.french import typeset
from partnerships import workflows
from partnerships.models import PartnershipConvention, SigningEvent
from partnerships.operations.ceremonies import add_to_programme, plan_ceremony

NAME = "Assises des Écoles de la 2e chance (exemple)"
DAYS_AHEAD = 21


@transaction.atomic
def load_ceremony(actor: User) -> int:
    """Prepare the ceremony of the demonstration unless it was. Returns how many were prepared."""
    name = typeset(NAME)
    if SigningEvent.objects.filter(name=name).exists():
        return 0
    day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
    event = SigningEvent(name=name, held_on=day, place=typeset("Hôtel de Région"), city="Montpellier")
    plan_ceremony(event, actor)
    awaited = PartnershipConvention.objects.filter(company__legal_name=AWAITED_COMPANY, status=workflows.TO_SIGN)
    if numbers := list(awaited.filter(ceremony_item=None).values_list("pk", flat=True)):
        add_to_programme(event.pk, numbers, actor)
    return 1
