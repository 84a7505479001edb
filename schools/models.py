"""The regional network, its schools and their sites, and who works where. What is not known stays empty."""

import re
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from e2c_portal.kernel.identifiers import SiretValid, validate_siret
from e2c_portal.kernel.search import folded
from schools.departments import department_name


class Network(models.Model):
    """The network of one Région, and how that Région names itself on documents. Retention: kept."""

    name = models.CharField("nom du réseau", max_length=150, unique=True)
    region_name = models.CharField("nom de la Région", max_length=100)
    region_address = models.TextField("adresse de la Région", blank=True, help_text="Une ligne par ligne d’adresse.")

    class Meta:
        verbose_name = "réseau régional"
        verbose_name_plural = "réseaux régionaux"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school of the network. Retention: kept (public facts)."""

    network = models.ForeignKey(Network, verbose_name="réseau", on_delete=models.PROTECT, related_name="schools")
    name = models.CharField("nom", max_length=150)
    slug = models.SlugField("adresse dans le portail", max_length=80, unique=True)
    department = models.CharField("département", max_length=3, blank=True, help_text="Numéro : 30, 34, 2A…")
    operator = models.CharField("organisme porteur", max_length=200, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    activity_declaration_number = models.CharField("numéro de déclaration d’activité", max_length=11, blank=True)
    uai = models.CharField("code UAI", max_length=8, blank=True)
    opened_year = models.PositiveSmallIntegerField("année d’ouverture", null=True, blank=True)
    label_starts_on = models.DateField("début du label", null=True, blank=True)
    label_ends_on = models.DateField("fin du label", null=True, blank=True)
    facts = models.TextField("ce que l’on sait", blank=True)
    sources = models.TextField("sources", blank=True)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    search = models.GeneratedField(
        expression=folded("name", "operator"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = "école"
        verbose_name_plural = "écoles"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["network", "name"], name="school_name_once_per_network"),
            models.UniqueConstraint(fields=["siret"], condition=~Q(siret=""), name="school_siret_once"),
            models.CheckConstraint(
                condition=Q(siret="") | Q(SiretValid("siret")),
                name="school_siret_valid",
                violation_error_message="Ce SIRET n’est pas valable : vérifiez ses 14 chiffres.",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=Q(label_ends_on__isnull=True)
                | Q(label_starts_on__isnull=True)
                | Q(label_ends_on__gte=F("label_starts_on")),
                name="school_label_ends_after_it_starts",
                violation_error_message="Le label ne peut pas finir avant d’avoir commencé.",
            ),  # fmt: skip
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Say beside the field what the database would refuse by the name of its rule alone."""
        others = School.objects.filter(siret=self.siret).exclude(pk=self.pk)
        if self.siret and others.exists():
            raise ValidationError(
                {"siret": "Une école porte déjà ce SIRET : cherchez-la au lieu d’en créer une seconde."}
            )

    @property
    def department_words(self) -> str:
        """Return « Gard (30) », nothing when its department is not known."""
        return department_name(self.department) if self.department else ""


class Site(models.Model):
    """A place where a school receives its trainees. Retention: kept (public facts)."""

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="sites")
    name = models.CharField("nom", max_length=150)
    address = models.CharField("adresse", max_length=250, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("ville", max_length=100, blank=True)
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    opened_year = models.PositiveSmallIntegerField("année d’ouverture", null=True, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "site"
        verbose_name_plural = "sites"
        ordering = ["school__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], name="site_name_once_per_school"),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}$"), name="site_postal_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Say beside the field what the database would refuse by the name of its rule alone."""
        if self.postal_code and not re.fullmatch("[0-9]{5}", self.postal_code):
            raise ValidationError({"postal_code": "Un code postal a cinq chiffres."})


class Membership(models.Model):
    """Somebody works in a school, from a date to another. Retention: five years after it ended."""

    class Role(models.TextChoices):
        DIRECTOR = "director", "Direction"
        COORDINATOR = "coordinator", "Coordination"
        REFERENT = "referent", "Formateur référent"
        COMPANY_RELATIONS = "company_relations", "Relations entreprises"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="personne", on_delete=models.PROTECT, related_name="memberships"
    )
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("rôle", max_length=30, choices=Role)
    starts_on = models.DateField("depuis le", db_default=Now())
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "appartenance à une école"
        verbose_name_plural = "appartenances aux écoles"
        ordering = ["school__name", "user__full_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "school", "role"], condition=Q(ends_on=None), name="membership_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(role__in=["director", "coordinator", "referent", "company_relations"]),
                name="membership_role_known",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.school}"

    def clean(self) -> None:
        """Say beside the field what the database would refuse by the name of its rule alone."""
        # A first day left out is the one on which the row is written.
        if self.ends_on and isinstance(self.starts_on, date) and self.ends_on < self.starts_on:
            raise ValidationError(
                {"ends_on": "Une personne ne part pas avant d’être arrivée : vérifiez les deux dates."}
            )
        if self.ends_on is None and self.user_id and self.school_id:
            same = Membership.objects.filter(user=self.user_id, school=self.school_id, role=self.role, ends_on=None)
            if same.exclude(pk=self.pk).exists():
                raise ValidationError(
                    {
                        "role": "Cette personne a déjà ce rôle dans cette école : changez la ligne qui le dit, ou donnez-lui une fin."
                    }
                )
