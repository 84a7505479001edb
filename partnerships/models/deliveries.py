"""What a company did of what it promised, when no row of the portal counts it by itself: declared, with its proof."""

import uuid

import pgtrigger
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.workflow import State
from partnerships.models.companies import CompanyContact
from partnerships.models.conventions import PartnershipConvention

REPORTED, COUNTED, SET_ASIDE, CANCELLED = "reported", "counted", "set_aside", "cancelled"
STATES = {
    REPORTED: State("À confirmer", "L’entreprise l’a signalée ; elle compte une fois confirmée.", "warning"),
    COUNTED: State("Comptée", "Elle compte pour l’engagement.", "success"),
    SET_ASIDE: State("Écartée", "L’entreprise l’a signalée ; elle n’a pas été retenue.", "neutral"),
    CANCELLED: State("Annulée", "Elle avait été comptée par erreur.", "neutral"),
}
NEXT = [(REPORTED, COUNTED), (REPORTED, SET_ASIDE), (COUNTED, CANCELLED)]
WRITTEN_ONCE = (
    "public_id", "convention_id", "key", "delivered_on", "quantity", "description", "declared_by_id",
    "reported_by_contact_id", "declared_at", "proof", "proof_mime", "proof_sha256", "proof_size",
)  # fmt: skip

STARTS_AS_TOLD = pgtrigger.Trigger(
    name="starts_as_told",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=f"IF NEW.status <> (CASE WHEN NEW.reported_by_contact_id IS NULL THEN '{COUNTED}' ELSE '{REPORTED}' END) THEN "
    "RAISE EXCEPTION 'Une réalisation signalée par l’entreprise attend d’être confirmée.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
# The convention is locked: it can neither end nor be amended while the row is written.
WITHIN_THE_CONVENTION = pgtrigger.Trigger(
    name="within_the_convention",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("reached", "text"), ("days", "daterange"), ("owner", "bigint")],
    func="SELECT status, days_taken, company_id INTO reached, days, owner FROM partnerships_partnershipconvention "
    "WHERE id = NEW.convention_id FOR SHARE; "
    "IF reached NOT IN ('signed', 'denounced', 'terminated', 'archived') THEN "
    "RAISE EXCEPTION 'Une réalisation se déclare une fois la convention signée.' USING ERRCODE = 'restrict_violation'; "
    "END IF; IF days IS NULL OR NOT days @> NEW.delivered_on THEN "
    "RAISE EXCEPTION 'Une réalisation est datée d’un jour où la convention est en vigueur.' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.delivered_on > (now() AT TIME ZONE 'Europe/Paris')::date THEN "
    "RAISE EXCEPTION 'Une réalisation ne peut pas être datée d’un jour à venir.' USING ERRCODE = 'check_violation'; "
    "END IF; IF NOT EXISTS (SELECT 1 FROM partnerships_commitment c WHERE c.convention_id = NEW.convention_id "
    "AND c.position = NEW.key) AND NOT EXISTS (SELECT 1 FROM partnerships_amendmentchange c "
    "JOIN partnerships_conventionamendment a ON a.id = c.amendment_id WHERE a.convention_id = NEW.convention_id "
    "AND a.status = 'signed' AND c.part = 'commitment' AND c.key = NEW.key::text) THEN "
    "RAISE EXCEPTION 'Cet engagement n’est pas dans la convention.' USING ERRCODE = 'check_violation'; END IF; "
    "IF NEW.reported_by_contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM partnerships_companycontact p "
    "WHERE p.id = NEW.reported_by_contact_id AND p.company_id = owner) THEN "
    "RAISE EXCEPTION 'Ce contact est celui d’une autre entreprise.' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW;",
)


class CommitmentDelivery(ChecksAtOnce, models.Model):
    """One delivery, declared by the Région or reported by the company. Written once; a mistake is cancelled and kept.

    `key` is the position of the promise in its convention, amendments included. `quantity` is in the unit of the promise,
    whole euros for money. Retention: with its convention; it names no trainee.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    convention = models.ForeignKey(
        PartnershipConvention, verbose_name="convention", on_delete=models.PROTECT, related_name="deliveries"
    )
    key = models.PositiveSmallIntegerField("engagement")
    delivered_on = models.DateField("date")
    quantity = models.PositiveIntegerField("quantité", validators=[MinValueValidator(1)])
    description = models.CharField(
        "ce qui a été fait", max_length=500, help_text="Aucun nom ni aucune donnée d’un stagiaire."
    )
    proof = models.CharField("justificatif", max_length=200, blank=True, editable=False)
    proof_mime = models.CharField("format", max_length=40, blank=True, editable=False)
    proof_sha256 = models.CharField("empreinte", max_length=64, blank=True, editable=False)
    proof_size = models.PositiveIntegerField("taille en octets", null=True, blank=True, editable=False)
    status = models.CharField(
        "état", max_length=10, editable=False, choices=[(name, state.label) for name, state in STATES.items()]
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="déclarée par", null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    reported_by_contact = models.ForeignKey(
        CompanyContact, verbose_name="signalée par", null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="reported_deliveries",
    )  # fmt: skip
    declared_at = models.DateTimeField("déclarée le", db_default=Now(), editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="décidée par", null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    decided_at = models.DateTimeField("décidée le", null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="annulée par", null=True, blank=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True, editable=False)
    reason = models.CharField("motif", max_length=500, blank=True, editable=False)

    class Meta:
        verbose_name = "réalisation"
        verbose_name_plural = "réalisations"
        ordering = ["-delivered_on", "-pk"]
        indexes = [
            models.Index(fields=["convention", "key", "delivered_on"], name="delivery_by_promise"),
            models.Index(fields=["declared_at"], condition=Q(status=REPORTED), name="delivery_to_confirm"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(STATES)), name="delivery_status_known"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="delivery_is_something",
                violation_error_message="Une réalisation compte au moins pour 1.",
            ),
            models.CheckConstraint(
                condition=~Q(description=""), name="delivery_says_what",
                violation_error_message="Dites en une ligne ce qui a été fait.",
            ),
            models.CheckConstraint(
                condition=Q(declared_by__isnull=False, reported_by_contact=None)
                | Q(declared_by=None, reported_by_contact__isnull=False),
                name="delivery_told_by_one_person",
                violation_error_message="Une réalisation est dite par une personne de la Région ou par un contact de "
                "l’entreprise, pas par les deux : rechargez la page, puis recommencez.",
            ),
            # Declared by the Région it waits for nobody; reported it waits, until somebody decides.
            models.CheckConstraint(
                condition=Q(reported_by_contact=None, decided_by=None, decided_at=None, status__in=[COUNTED, CANCELLED])
                | Q(reported_by_contact__isnull=False, status=REPORTED, decided_by=None, decided_at=None)
                | Q(reported_by_contact__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(status=REPORTED),
                name="delivery_decision_is_whole",
                violation_error_message="La décision sur cette réalisation dit qui l’a prise et quand : rechargez la "
                "page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(status=CANCELLED, cancelled_by__isnull=False, cancelled_at__isnull=False)
                | ~Q(status=CANCELLED) & Q(cancelled_by=None, cancelled_at=None),
                name="delivery_cancelling_is_whole",
                violation_error_message="L’annulation d’une réalisation dit qui l’a faite et quand : rechargez la "
                "page, puis recommencez.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[SET_ASIDE, CANCELLED]) & ~Q(reason="")
                | ~Q(status__in=[SET_ASIDE, CANCELLED]) & Q(reason=""),
                name="delivery_not_counted_says_why",
                violation_error_message="Écrivez pourquoi cette réalisation ne compte pas.",
            ),
            models.CheckConstraint(
                condition=Q(proof="", proof_mime="", proof_sha256="", proof_size=None)
                | ~Q(proof="") & Q(proof_mime__in=["application/pdf", "image/jpeg", "image/png"])
                & Q(proof_sha256__regex=r"^[0-9a-f]{64}$", proof_size__isnull=False, proof_size__gt=0),
                name="delivery_proof_is_stored",
                violation_error_message="Cette preuve n’a pas été gardée : choisissez de nouveau un fichier PDF, "
                "JPEG ou PNG.",
            ),
        ]  # fmt: skip
        triggers = [
            STARTS_AS_TOLD,
            WITHIN_THE_CONVENTION,
            triggers.follows(NEXT),
            triggers.frozen_columns(*WRITTEN_ONCE, name="written_once"),
            triggers.frozen_columns(
                "decided_by_id", "decided_at", when_sql=f"OLD.status <> '{REPORTED}'", name="decided_for_good"
            ),
            triggers.frozen_columns(
                "cancelled_by_id", "cancelled_at", "reason", "status",
                when_sql=f"OLD.status IN ('{SET_ASIDE}', '{CANCELLED}')", name="over_for_good",
            ),
            triggers.never_deleted(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.description} ({self.delivered_on:%d/%m/%Y})"

    @property
    def state(self) -> State:
        return STATES[self.status]

    @property
    def promise_url(self) -> str:
        """The page of the promise that this delivery keeps."""
        return reverse("partnerships:promise", args=[self.convention_id, self.key])

    @property
    def told_by(self) -> str:
        """Who said it, for people: a name, and the company's side when it is theirs."""
        contact = self.reported_by_contact
        return f"{contact.full_name}, pour l’entreprise" if contact else str(self.declared_by)
