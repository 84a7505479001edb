"""The framework convention between the Région and a company. Never to be confused with an internship agreement."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from psycopg.types.range import Range

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.search import folded
from e2c_portal.signing.lookups import completed_envelope
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.rules import signed_by_all
from partnerships import workflows
from partnerships.diffusion import shown_name
from partnerships.models import convention_rules as rules
from partnerships.models.companies import Company
from partnerships.models.events import SigningEvent
from partnerships.models.merging import company_settled, of_a_living_company
from partnerships.models.terms import DAYS_TAKEN, DateRange  # noqa: F401  the first migration finds DateRange here
from partnerships.terms import Terms

SIGNED = Q(status__in=workflows.SIGNED_STATES)
TEXT_COLUMNS = (
    "number", "title", "object", "origin", "sources", "preamble", "visas", "recitals", "starts_on", "ends_on", "renewal",
    "renewal_months", "renewal_limit", "notice_months", "predecessor_id",
)  # fmt: skip
# What was voted and signed: once the signature is recorded, only an early end may still be added.
SIGNATURE_COLUMNS = ("deliberation_number", "deliberation_date", "signed_on", "signed_place", "signing_event_id")


class PartnershipConvention(ChecksAtOnce, models.Model):
    """A convention, from its draft to its archive. Retention: kept (contract of a public body)."""

    class Origin(models.TextChoices):
        PORTAL = "portal", "Écrite dans le portail"
        ARCHIVE = "archive", "Reprise d’archives"

    class Renewal(models.TextChoices):
        UNKNOWN = "", "Non connu"
        NONE = "none", "Sans renouvellement"
        EXPRESS = "express", "Renouvellement exprès"
        TACIT = "tacit", "Reconduction tacite"

    class Side(models.TextChoices):
        REGION = "region", "la Région"
        COMPANY = "company", "l’entreprise"

    number = models.CharField(
        "numéro", max_length=30, unique=True, error_messages={"unique": "Une convention porte déjà ce numéro."}
    )
    company = models.ForeignKey(
        Company, verbose_name="entreprise", on_delete=models.PROTECT, related_name="conventions"
    )
    printed_company_name = models.CharField(
        "nom tel qu’imprimé", max_length=200, blank=True,
        help_text="Si le document d’époque écrit autrement le nom de l’entreprise.",
    )  # fmt: skip
    title = models.CharField("titre", max_length=200)
    object = models.CharField("objet", max_length=200, default="Partenariat général")
    origin = models.CharField("origine", max_length=10, choices=Origin, default=Origin.PORTAL)
    sources = models.TextField("sources", blank=True, help_text="Une source par ligne.")
    preamble = models.TextField("préambule", blank=True)
    visas = models.TextField("visas (Vu…)", blank=True, help_text="Un visa par ligne, sans le mot « Vu ».")
    recitals = models.TextField(
        "considérants", blank=True, help_text="Un considérant par ligne, sans le mot « Considérant »."
    )
    starts_on = models.DateField("prend effet le", null=True, blank=True)
    ends_on = models.DateField("prend fin le", null=True, blank=True)
    renewal = models.CharField("renouvellement", max_length=10, choices=Renewal, default=Renewal.EXPRESS, blank=True)
    renewal_months = models.PositiveSmallIntegerField(
        "durée de chaque reconduction, en mois", null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="Pour une reconduction tacite seulement.",
    )  # fmt: skip
    renewal_limit = models.PositiveSmallIntegerField(
        "nombre de reconductions au plus", null=True, blank=True, validators=[MaxValueValidator(50)],
        help_text="Pour une reconduction tacite seulement. Laissez vide si le texte ne fixe pas de limite.",
    )  # fmt: skip
    notice_months = models.PositiveSmallIntegerField(
        "préavis en mois", null=True, blank=True, validators=[MaxValueValidator(60)]
    )
    predecessor = models.ForeignKey(
        "self", verbose_name="renouvelle", null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="successors",
    )  # fmt: skip

    deliberation_number = models.CharField("numéro de la délibération", max_length=40, blank=True)
    deliberation_date = models.DateField("date de la délibération", null=True, blank=True)
    signed_on = models.DateField("signée le", null=True, blank=True)
    signed_place = models.CharField("lieu de signature", max_length=150, blank=True)
    signing_event = models.ForeignKey(
        SigningEvent,
        verbose_name="signée lors de",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="conventions",
    )
    notice_given_on = models.DateField(
        "congé reçu le", null=True, blank=True, help_text="Le jour où l’autre partie a reçu la lettre."
    )
    notice_given_by = models.CharField("congé donné par", max_length=10, choices=Side, blank=True)
    early_end_agreement = models.CharField(
        "accord écrit de l’autre partie", max_length=200, blank=True,
        help_text="Seulement pour une fin avant le terme du préavis : date et référence de l’accord.",
    )  # fmt: skip
    ended_on = models.DateField("fin effective", null=True, blank=True)

    # What signed amendments made of the dates: written by the database when an amendment is signed, never by a form.
    amended_ends_on = models.DateField(null=True, blank=True, editable=False)
    amended_renewal = models.CharField(max_length=10, choices=Renewal, null=True, blank=True, editable=False)  # noqa: DJ001  null: not amended
    amended_renewal_months = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    amended_renewal_limit = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    amended_notice_months = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    days_taken = models.GeneratedField(expression=DAYS_TAKEN, output_field=DateRangeField(), db_persist=True)

    status = models.CharField(
        "état", max_length=20, default=workflows.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in workflows.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    revision = models.PositiveIntegerField("révision", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créée par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créée le", db_default=Now(), editable=False)
    search = models.GeneratedField(
        expression=folded("number", "title", "object", "printed_company_name"),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        verbose_name = "convention de partenariat"
        verbose_name_plural = "conventions de partenariat"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["status", "ends_on"], name="convention_by_status"),
            models.Index(fields=["company", "-starts_on"], name="convention_by_company"),
            # The order of the list, and that of the admin: not signed yet first, then the latest.
            models.Index(F("signed_on").desc(nulls_first=True), F("number").desc(), name="convention_in_order"),
            models.Index(
                F("signed_on").desc(nulls_first=True),
                F("created_at").desc(),
                F("id").desc(),
                name="convention_in_admin_order",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(workflows.STATES)), name="convention_status_known"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="convention_ends_after_it_starts",
                violation_error_message="La date de fin ne peut pas précéder la date de début : corrigez l’une des deux.",
            ),
            models.CheckConstraint(
                condition=~SIGNED | Q(signed_on__isnull=False), name="convention_signed_has_a_date",
                violation_error_message="Indiquez la date de signature.",
            ),
            models.CheckConstraint(
                condition=~(SIGNED | Q(status__in=[workflows.DELIBERATED, workflows.TO_SIGN])) | Q(origin="archive")
                | ~Q(deliberation_number="") & Q(deliberation_date__isnull=False),
                name="convention_voted_before_signed",
                violation_error_message="Une convention se vote avant de se signer : indiquez la délibération et sa date.",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(deliberation_date=None) | Q(signed_on__gte=F("deliberation_date")),
                name="convention_signed_after_vote",
                violation_error_message="La signature ne peut pas précéder la délibération.",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[workflows.DENOUNCED, workflows.TERMINATED]) | Q(ended_on__isnull=False),
                name="convention_end_has_a_date",
                violation_error_message="Indiquez la date à laquelle la convention prend fin.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(signed_on__isnull=False, ended_on__gte=F("signed_on")),
                name="convention_ended_after_signed",
                violation_error_message="La fin effective ne peut pas précéder la signature.",
            ),
            *rules.RENEWAL_CONSTRAINTS,
            models.CheckConstraint(
                condition=~Q(origin="archive") | ~Q(sources=""), name="convention_archive_has_sources",
                violation_error_message="Une reprise d’archives cite ses sources.",
            ),
            ExclusionConstraint(
                name="convention_one_at_a_time",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("object", RangeOperators.EQUAL),
                    ("days_taken", RangeOperators.OVERLAPS),
                ],
                condition=SIGNED,
                violation_error_message="Cette entreprise a déjà une convention signée pour le même objet à ces dates.",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(workflows.DRAFT),
            triggers.follows(workflows.CONVENTION_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("partnerships_conventionmove", "convention_id"),
            triggers.frozen_columns(
                *TEXT_COLUMNS,
                when_sql="OLD.status NOT IN ({})".format(", ".join(f"'{s}'" for s in workflows.EDITABLE)),
                name="text_settled",
            ),
            company_settled(workflows.EDITABLE),
            of_a_living_company(),
            triggers.frozen_columns(
                *SIGNATURE_COLUMNS,
                when_sql="OLD.status IN ({})".format(", ".join(f"'{s}'" for s in workflows.SIGNED_STATES)),
                name="signature_settled",
            ),
            *rules.LIFE_TRIGGERS,
            signed_by_all("convention", "partnerships.partnershipconvention"),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.number} – {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:convention", args=[self.pk])

    @property
    def state(self) -> workflows.State:
        return workflows.STATES[self.status]

    @property
    def is_editable(self) -> bool:
        return self.status in workflows.EDITABLE

    @property
    def printed_name(self) -> str:
        """The name that the convention prints: the one of the time when it differs, else the company's own."""
        return self.printed_company_name or self.company.legal_name

    @property
    def shown_company_name(self) -> str:
        """The printed name for pages and files, a neutral one when partial diffusion hides it."""
        return shown_name(self.company, name=self.printed_name)

    @property
    def terms(self) -> Terms:
        """The dates and conditions in force, all signed amendments counted."""
        renewed = self.amended_renewal is not None
        return Terms(
            starts_on=self.starts_on,
            ends_on=self.amended_ends_on or self.ends_on,
            renewal=(self.amended_renewal if renewed else self.renewal) or "",
            renewal_months=self.amended_renewal_months if renewed else self.renewal_months,
            renewal_limit=self.amended_renewal_limit if renewed else self.renewal_limit,
            notice_months=self.notice_months if self.amended_notice_months is None else self.amended_notice_months,
            ended_on=self.ended_on,
        )

    @property
    def written_terms(self) -> Terms:
        """The dates and conditions as first signed, before any amendment and any early end."""
        return Terms(
            self.starts_on, self.ends_on, self.renewal, self.renewal_months, self.renewal_limit, self.notice_months
        )

    def shares_its_days(self, terms: Terms) -> bool:
        """Say whether another signed convention of the company, for the same object, takes days of these terms.

        The exclusion constraint would refuse the signature: people are told before they sign.
        """
        if terms.starts_on is None or terms.ends_on is None:
            return False
        last_day = terms.last_day
        taken = Range(terms.starts_on, max(last_day, terms.starts_on) if last_day else None, "[]")
        others = PartnershipConvention.objects.filter(SIGNED, company=self.company_id, object=self.object)
        return others.exclude(pk=self.pk).filter(days_taken__overlap=taken).exists()

    def is_renewed(self) -> bool:
        """Say whether a signed convention follows this one: « renouvelée » is derived from it, never typed. One query."""
        return bool(self.pk) and self.successors.filter(SIGNED).exists()

    def signed_envelope(self) -> Envelope | None:
        """Return the envelope in which everybody signed this convention, None for archives and while somebody is awaited."""
        return completed_envelope("convention", subject_of(self))
