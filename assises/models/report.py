"""What is kept of an edition once it was held: what sources told of it, its frozen reports, and its photos."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from assises.models.editions import Edition
from assises.models.registrations import SHA256, Registration
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.french import number
from trainees.models.nir import refuse_nir_in, without_nir

REPORT_KIND = "assises.report"


class ToldFact(ChecksAtOnce, models.Model):
    """What a source says of an edition that the portal did not see. It never enters a figure that the portal counted.

    Retention: with its edition; it names no private person.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="told_facts")
    key = models.SlugField("clé", max_length=40)
    label = models.CharField("ce dont il s’agit", max_length=120, help_text="Par exemple : participants.")
    qualifier = models.CharField("nuance", max_length=30, blank=True, help_text="Par exemple : plus de, environ.")
    value = models.PositiveIntegerField("nombre", null=True, blank=True)
    words = models.CharField("en mots", max_length=300, blank=True)
    source = models.CharField("source", max_length=250, help_text="Qui l’écrit, où, et quel jour.")
    position = models.PositiveSmallIntegerField("ordre", default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="noté par", on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "fait rapporté"
        verbose_name_plural = "faits rapportés"
        ordering = ["edition", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "key", "source"], name="told_fact_once",
                violation_error_message="Ce fait est déjà noté d’après cette source.",
            ),
            models.CheckConstraint(
                condition=(Q(value__isnull=False) & Q(words="")) | (Q(value=None, qualifier="") & ~Q(words="")),
                name="told_fact_is_a_number_or_words",
                violation_error_message="Écrivez un nombre, avec sa nuance s’il le faut, ou des mots : l’un ou l’autre.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""), name="told_fact_has_a_source",
                violation_error_message="Dites d’où vient ce fait.",
            ),
            without_nir("told_fact_without_nir", "label", "words", "source"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.label} : {self.told}"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "label", "words", "source")

    @property
    def told(self) -> str:
        """Return what is told, as the source has it: « plus de 100 », or words."""
        return self.words or f"{self.qualifier} {number(self.value or 0)}".strip()


# A report is of a closed edition, and follows the one before it: no number is skipped.
NEXT_REVISION = pgtrigger.Trigger(
    name="next_revision",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("last", "integer")],
    func="IF NOT EXISTS (SELECT 1 FROM assises_edition e WHERE e.id = NEW.edition_id AND e.status = 'closed') THEN "
    "RAISE EXCEPTION 'Seule une édition clôturée a un bilan.' USING ERRCODE = 'check_violation'; END IF; "
    "SELECT max(number) INTO last FROM assises_editionreport WHERE edition_id = NEW.edition_id; "
    "IF NEW.number <> COALESCE(last, 0) + 1 THEN "
    "RAISE EXCEPTION 'Une autre version de ce bilan existe déjà : rechargez la page.' USING ERRCODE = 'check_violation'; "
    "END IF; RETURN NEW;",
)


class EditionReport(ChecksAtOnce, models.Model):
    """One version of the report of an edition: its figures with their definitions, frozen, and the fingerprint of the rows behind.

    Retention: kept; it names nobody but in the captions of photos whose people agreed to be seen.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField("version")
    content = models.JSONField("chiffres figés")
    data_sha256 = models.CharField("empreinte des données", max_length=64)
    changes = models.JSONField("ce qui change", default=list, blank=True)
    reason = models.CharField("motif de la correction", max_length=250, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="établi par", on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField("établi le", db_default=Now())

    class Meta:
        verbose_name = "bilan d’une édition"
        verbose_name_plural = "bilans des éditions"
        ordering = ["edition", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="edition_report_once"),
            models.CheckConstraint(condition=Q(data_sha256__regex=SHA256), name="edition_report_fingerprint"),
            models.CheckConstraint(
                condition=Q(number=1, reason="") | (Q(number__gt=1) & ~Q(reason="")), name="edition_report_correction_says_why",
                violation_error_message="Écrivez ce que cette version corrige.",
            ),
            without_nir("edition_report_without_nir", "reason"),
        ]  # fmt: skip
        triggers = [NEXT_REVISION, triggers.immutable()]

    def __str__(self) -> str:
        return f"Bilan {self.edition.year}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("assises:report", args=[self.edition.year])

    @property
    def reference(self) -> str:
        """The lasting name of the version: BA-2014-v1."""
        return f"BA-{self.edition.year}-v{self.number}"


SAID_OF_EVERYBODY = (
    "SELECT p.nobody_recognisable INTO nobody FROM assises_photo p WHERE p.id = {photo}; "
    "IF FOUND AND nobody = EXISTS (SELECT 1 FROM assises_photoperson s WHERE s.photo_id = {photo}) THEN "
    "RAISE EXCEPTION 'Une photo montre des personnes nommées, ou personne que l’on reconnaisse : dites l’un ou l’autre.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
)


class Photo(ChecksAtOnce, models.Model):
    """A photo of an edition, made anew before it is kept. Whoever is recognised is named here, and agreed.

    The database refuses a person without consent. A consent withdrawn later takes the photo out of the next report.
    Retention: until the Région removes it, its file with it, and at the latest when the people of the edition are erased, for a
    photo on which somebody is recognised; a report already sealed keeps what it printed.
    """

    public_id = models.UUIDField("identifiant", default=uuid.uuid4, unique=True, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="photos")
    file = models.CharField("fichier", max_length=200, editable=False)
    mime = models.CharField("nature", max_length=20, editable=False)
    sha256 = models.CharField("empreinte", max_length=64, editable=False)
    size = models.PositiveIntegerField("taille en octets", editable=False)
    caption = models.CharField("légende", max_length=200)
    alt_text = models.CharField(
        "ce que montre la photo", max_length=300, help_text="Pour qui ne la voit pas : décrivez la scène en une phrase."
    )
    nobody_recognisable = models.BooleanField("personne n’est reconnaissable")
    people = models.ManyToManyField(Registration, through="PhotoPerson", related_name="photos")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ajoutée par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    added_at = models.DateTimeField("ajoutée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "photo"
        verbose_name_plural = "photos"
        ordering = ["edition", "added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mime__in=["image/jpeg", "image/png"]), name="photo_is_a_picture",
                violation_error_message="Choisissez une photo au format JPEG ou PNG.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=SHA256), name="photo_fingerprint",
                violation_error_message="Cette photo n’a pas été gardée : choisissez de nouveau son fichier.",
            ),
            models.CheckConstraint(
                condition=~Q(caption="") & ~Q(alt_text=""), name="photo_says_what_it_shows",
                violation_error_message="Écrivez la légende, et ce que montre la photo.",
            ),
            without_nir("photo_without_nir", "caption", "alt_text"),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns("public_id", "edition_id", "file", "mime", "sha256", "size", name="photo_settled"),
            pgtrigger.Trigger(
                name="says_who_is_on_it", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred, declare=[("nobody", "boolean")], func=SAID_OF_EVERYBODY.format(photo="NEW.id"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.caption

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "caption", "alt_text")


class PhotoPerson(models.Model):
    """Somebody recognised on a photo, who agreed to be. Retention: with the photo."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="persons")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "personne d’une photo"
        verbose_name_plural = "personnes des photos"
        constraints = [models.UniqueConstraint(fields=["photo", "registration"], name="photo_person_once")]
        triggers = [
            pgtrigger.Trigger(
                name="agreed_to_be_seen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="IF NOT EXISTS (SELECT 1 FROM assises_registration r JOIN assises_photo p ON p.edition_id = r.edition_id "
                "WHERE r.id = NEW.registration_id AND p.id = NEW.photo_id AND r.image_consent) THEN "
                "RAISE EXCEPTION 'Une personne de cette photo n’a pas accepté d’être prise en photo.' "
                "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="nobody_or_somebody", when=pgtrigger.After, operation=pgtrigger.Insert | pgtrigger.Delete,
                timing=pgtrigger.Deferred, declare=[("nobody", "boolean")],
                func=SAID_OF_EVERYBODY.format(photo="COALESCE(NEW.photo_id, OLD.photo_id)"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.photo} : {self.registration}"
