"""Load what the signed example did of its promises: declared, and reported by its contact. Never for the archives."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from e2c_portal.accounts.models import User
from e2c_portal.demo.seed.example_facts import SIGNED_COMPANY
from partnerships.models import CompanyContact, PartnershipConvention
from partnerships.operations.companies import save_record
from partnerships.operations.deliveries import DeliveryText, declare_delivery, report_delivery

CONTACT, CONTACT_EMAIL = "Sacha Modèle (exemple)", "sacha@maraichers.exemple.invalid"
# The promise, how many days ago, how many, what was done.
DECLARED = (
    ("internships", 12, 2, "Deux stages de découverte à la plateforme d’expédition (exemple)"),
    ("tutors", 12, 2, "Deux tutrices désignées pour les stages (exemple)"),
    ("mock_interviews", 5, 1, "Une demi-journée de simulations à l’école (exemple)"),
)
REPORTED = ("internships", 3, 1, "Un stage de confirmation à la serre (exemple)")


@transaction.atomic
def load_deliveries(actor: User) -> int:
    """Write the deliveries of the signed example if it has none. Returns how many."""
    convention = PartnershipConvention.objects.select_for_update().get(company__legal_name=SIGNED_COMPANY)
    if convention.deliveries.exists():
        return 0
    today = timezone.localdate()
    promises = {row.kind: row.position for row in convention.commitments.all()}
    for kind, days, quantity, told in (row for row in DECLARED if row[0] in promises):
        declare_delivery(convention.pk, promises[kind], _text(convention, today, days, quantity, told), actor)
    contact = CompanyContact(
        company=convention.company,
        full_name=CONTACT,
        job_title="responsable de site (exemple)",
        email=CONTACT_EMAIL,
    )
    kind, days, quantity, told = REPORTED
    text = _text(convention, today, days, quantity, told)
    report_delivery(convention.pk, promises[kind], text, save_record(contact, actor).pk)
    return convention.deliveries.count()


def _text(convention: PartnershipConvention, today: date, days: int, quantity: int, told: str) -> DeliveryText:
    """Date a delivery some days ago, never before the convention begins."""
    day = today - timedelta(days=days)
    return DeliveryText(max(day, convention.starts_on or day), quantity, told)
