"""Companies, their establishments and the people met there. One record for the whole network."""

from datetime import date

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper
from django.urls import reverse

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.identifiers import SirenValid, SiretValid, validate_siren, validate_siret
from e2c_portal.kernel.search import folded
from partnerships import sirene_codes
from partnerships.diffusion import HELP, Diffusion, shown_name, shown_place
from partnerships.models.merging import EMPTIED, MERGED_FOR_GOOD, of_a_living_company

SAME_SIREN = pgtrigger.Trigger(
    name="siret_of_its_company",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    condition=~pgtrigger.Q(new__siret=""),
    declare=[("company_siren", "text")],
    func="SELECT siren INTO company_siren FROM partnerships_company WHERE id = NEW.company_id; "
    "IF company_siren <> '' AND left(NEW.siret, 9) <> company_siren THEN "
    "RAISE EXCEPTION 'Le SIRET % ne commence pas par le SIREN % de son entreprise.', NEW.siret, company_siren "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
SAME_SIRETS = pgtrigger.Trigger(
    name="siren_of_its_establishments",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("siren"),
    condition=~pgtrigger.Q(new__siren=""),
    func="IF EXISTS (SELECT 1 FROM partnerships_establishment e WHERE e.company_id = NEW.id AND e.siret <> '' "
    "AND left(e.siret, 9) <> NEW.siren) THEN "
    "RAISE EXCEPTION 'Un établissement a un SIRET qui ne commence pas par le SIREN %.', NEW.siren "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)


class Company(ChecksAtOnce, models.Model):
    """A legal person. The SIREN stays empty for an archived name that no source identifies.

    Retention: kept while a convention or an internship names it.
    """

    legal_name = models.CharField("nom", max_length=200)
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    legal_form = models.CharField("forme juridique", max_length=60, blank=True)
    legal_category = models.CharField(
        "catégorie juridique",
        max_length=4,
        blank=True,
        default="",
        db_default="",
        help_text="Les 4 chiffres du code de l’Insee, 5710 par exemple.",
    )
    diffusion_status = models.CharField(
        "diffusion", max_length=1, blank=True, default="", db_default="", choices=Diffusion, help_text=HELP
    )
    note = models.TextField("remarque", blank=True)
    created_at = models.DateTimeField("créée le", db_default=Now())
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    merged_into = models.ForeignKey(
        "self", verbose_name="réunie à", null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="absorbed",
    )  # fmt: skip
    search = models.GeneratedField(
        expression=folded("legal_name", "siren"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = "entreprise"
        verbose_name_plural = "entreprises"
        ordering = ["legal_name", "pk"]
        indexes = [
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="company_by_words"),
            # The list by name: without it, each page would sort them all.
            models.Index(fields=["search", "id"], condition=Q(merged_into=None), name="company_by_name"),
        ]
        constraints = [
            # A merged record keeps its SIREN as a trace: the one that lives on may bear it too.
            models.UniqueConstraint(
                fields=["siren"], condition=~Q(siren="") & Q(merged_into=None), name="company_siren_once",
                violation_error_message="Une entreprise porte déjà ce SIREN : cherchez-la au lieu d’en créer une seconde.",
            ),
            models.CheckConstraint(
                condition=Q(siren="") | Q(SirenValid("siren")), name="company_siren_valid",
                violation_error_message="Ce SIREN n’est pas valable : vérifiez ses 9 chiffres.",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="company_never_merged_into_itself",
                violation_error_message="Une fiche ne se réunit pas à elle-même : choisissez l’autre fiche de cette "
                "entreprise.",
            ),
            models.CheckConstraint(
                condition=Q(legal_category="") | Q(legal_category__regex=r"^[0-9]{4}$"), name="company_legal_category",
                violation_error_message="Une catégorie juridique a 4 chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(diffusion_status__in=["", *Diffusion.values]), name="company_diffusion_known"
            ),
        ]  # fmt: skip
        triggers = [triggers.never_deleted(), SAME_SIRETS, MERGED_FOR_GOOD, EMPTIED]

    def __str__(self) -> str:
        return shown_name(self)

    def get_absolute_url(self) -> str:
        return reverse("companies:company", args=[self.pk])

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        if (
            self.siren
            and self.pk
            and self.establishments.exclude(siret="").exclude(siret__startswith=self.siren).exists()
        ):
            raise ValidationError(
                {"siren": "Un établissement de cette entreprise a un SIRET qui ne commence pas par ce SIREN."}
            )


class Establishment(ChecksAtOnce, models.Model):
    """A place of a company. Retention: with its company."""

    company = models.ForeignKey(
        Company, verbose_name="entreprise", on_delete=models.PROTECT, related_name="establishments"
    )
    name = models.CharField("nom usuel", max_length=200)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    is_head_office = models.BooleanField("siège", default=False)
    address = models.CharField("adresse", max_length=250, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("ville", max_length=100, blank=True)
    commune_code = models.CharField(
        "code de la commune",
        max_length=5,
        blank=True,
        default="",
        db_default="",
        help_text="Code officiel géographique, 34172 ou 2A004 : pas le code postal.",
    )
    headcount_range = models.CharField(
        "effectif", max_length=2, blank=True, default="", db_default="", choices=sirene_codes.HEADCOUNT_RANGES
    )
    diffusion_status = models.CharField(
        "diffusion de l’établissement",
        max_length=1,
        blank=True,
        default="",
        db_default="",
        choices=Diffusion,
        help_text=HELP,
    )
    naf_code = models.CharField("code NAF", max_length=6, blank=True)
    naf_version = models.CharField("nomenclature NAF", max_length=10, blank=True, help_text="rév. 2 ou NAF 2025")
    closed_on = models.DateField("fermé le", null=True, blank=True)
    search = models.GeneratedField(expression=folded("name", "city"), output_field=models.TextField(), db_persist=True)

    class Meta:
        verbose_name = "établissement"
        verbose_name_plural = "établissements"
        ordering = ["company__legal_name", "name", "pk"]
        indexes = [GinIndex(OpClass("search", name="gin_trgm_ops"), name="establishment_by_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"], condition=~Q(siret=""), name="establishment_siret_once",
                violation_error_message="Un établissement porte déjà ce SIRET.",
            ),
            models.CheckConstraint(
                condition=Q(siret="") | Q(SiretValid("siret")), name="establishment_siret_valid",
                violation_error_message="Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.",
            ),
            models.UniqueConstraint(
                fields=["company"], condition=Q(is_head_office=True, closed_on=None), name="establishment_one_head_office",
                violation_error_message="Cette entreprise a déjà un siège.",
            ),
            models.CheckConstraint(
                condition=Q(naf_code="") | ~Q(naf_version=""), name="establishment_naf_says_its_version",
                violation_error_message="Indiquez la nomenclature du code NAF.",
            ),
            models.CheckConstraint(
                condition=Q(commune_code="") | Q(commune_code__regex=r"^([0-9]{2}|2[AB])[0-9]{3}$"),
                name="establishment_commune_code",
                violation_error_message="Un code de commune a 5 caractères : 34172, ou 2A004 en Corse.",
            ),
            models.CheckConstraint(
                condition=Q(headcount_range__in=["", *sirene_codes.RANGE_CODES]), name="establishment_headcount_known"
            ),
            models.CheckConstraint(
                condition=Q(diffusion_status__in=["", *Diffusion.values]), name="establishment_diffusion_known"
            ),
        ]  # fmt: skip
        triggers = [SAME_SIREN, of_a_living_company()]

    def __str__(self) -> str:
        return shown_place(self)

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        siren = self.company.siren if self.company_id else ""
        if self.siret and siren and not self.siret.startswith(siren):
            raise ValidationError({"siret": f"Ce SIRET ne commence pas par le SIREN de l’entreprise ({siren})."})


class CompanyContact(models.Model):
    """Somebody met in a company. Retention: two years after they left or were last useful."""

    company = models.ForeignKey(Company, verbose_name="entreprise", on_delete=models.PROTECT, related_name="contacts")
    establishment = models.ForeignKey(
        Establishment,
        verbose_name="établissement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="contacts",
    )
    full_name = models.CharField("nom complet", max_length=150)
    job_title = models.CharField("fonction", max_length=150, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    left_on = models.DateField("a quitté l’entreprise le", null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", verbose_name="double de", null=True, blank=True, editable=False, on_delete=models.PROTECT,
        related_name="duplicates",
    )  # fmt: skip

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["full_name", "pk"]
        indexes = [
            # The data officer finds people by a part of their name or address, whatever the case.
            GinIndex(
                OpClass(Upper("full_name"), name="gin_trgm_ops"),
                OpClass(Upper("email"), name="gin_trgm_ops"),
                name="contact_by_words",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email"], condition=~Q(email="") & Q(left_on=None, duplicate_of=None),
                name="contact_once_per_company",
                violation_error_message="Cette entreprise a déjà un contact avec cette adresse.",
            ),
            models.CheckConstraint(
                condition=~Q(duplicate_of=F("pk")), name="contact_never_its_own_double",
                violation_error_message="Un contact n’est pas son propre double : choisissez l’autre fiche de cette "
                "personne.",
            ),
        ]  # fmt: skip
        triggers = [of_a_living_company()]

    def __str__(self) -> str:
        return self.full_name

    def is_here_on(self, day: date) -> bool:
        """Say whether they still work there: a departure may be announced, and counts from its day on."""
        return self.left_on is None or self.left_on > day
