"""The young people, who answers for them while they are minors, and who sent them. No NIR, and as little as the training needs."""

from datetime import date
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now, Upper

from e2c_portal.kernel import triggers
from e2c_portal.kernel.addresses import address_of
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.kernel.search import folded
from e2c_portal.kernel.workflow import State
from schools.models import School
from trainees.life import referrals as life
from trainees.models.nir import refuse_nir_in, without_nir
from trainees.models.references import Commune

MAJORITY = 18
TYPED_OF_TRAINEE = ("last_name", "first_name", "email", "phone", "address", "city")
# A person goes to another school by a transfer that this one accepts, once the pathway in the former school is over.
SCHOOL_BY_TRANSFER = pgtrigger.Trigger(
    name="school_by_transfer",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("school_id"),
    condition=pgtrigger.Q(old__school__df=pgtrigger.F("new__school")),
    func="IF NOT EXISTS (SELECT 1 FROM trainees_traineetransfer t WHERE t.trainee_id = NEW.id AND t.status = 'accepted' "
    "AND t.from_school_id = OLD.school_id AND t.to_school_id = NEW.school_id AND t.decided_in = txid_current()) THEN "
    "RAISE EXCEPTION 'Un stagiaire change d’école par un transfert accepté.' USING ERRCODE = 'restrict_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM trainees_pathway p WHERE p.trainee_id = NEW.id "
    "AND p.status IN ('planned', 'trial', 'running', 'suspended')) THEN "
    "RAISE EXCEPTION 'Un parcours est encore ouvert dans l’ancienne école.' USING ERRCODE = 'restrict_violation'; END IF; "
    "RETURN NEW;",
)

# The calls after an exit go with the person (models.exits.IN_CHARGE says whose they are).
HANDS_OVER_FOLLOW_UPS = pgtrigger.Trigger(
    name="hands_over_follow_ups",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("school_id"),
    condition=pgtrigger.Q(old__school__df=pgtrigger.F("new__school")),
    func="UPDATE trainees_followup SET followed_by_id = NEW.school_id "
    "WHERE pathway_id IN (SELECT id FROM trainees_pathway WHERE trainee_id = NEW.id); RETURN NULL;",
)


def age_on(birth_date: date, day: date) -> int:
    """Return the age in completed years. Somebody born on 29 February grows older on 1 March in common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


class Trainee(ChecksAtOnce, models.Model):
    """A young person (stagiaire), in one school at a time; a transfer gives the file to another.

    Retention: two years after the last contact, then what the law keeps (agreements: five years from their signature).
    """

    class Gender(models.TextChoices):
        WOMAN = "F", "Femme"
        MAN = "H", "Homme"
        OTHER = "A", "Autre"

    public_id = models.UUIDField("identifiant", default=uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="trainees")
    last_name = models.CharField("nom", max_length=100)
    first_name = models.CharField("prénom", max_length=100)
    birth_date = models.DateField("date de naissance")
    gender = models.CharField("sexe", max_length=1, choices=Gender, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("ville", max_length=100, blank=True)
    commune = models.ForeignKey(
        Commune, verbose_name="commune", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", db_default=Now(), editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)
    search = models.GeneratedField(
        expression=folded("last_name", "first_name", "last_name"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = "stagiaire"
        verbose_name_plural = "stagiaires"
        ordering = ["last_name", "first_name", "pk"]
        indexes = [
            models.Index(fields=["school", "search", "id"], name="trainee_by_school"),
            models.Index(fields=["birth_date"], name="trainee_by_birth"),
            # The whole network by name: without it, each page of the Région would sort everybody.
            models.Index(fields=["search", "id"], name="trainee_by_name"),
            # The latest internships are walked to find those of a name: it is read here, not in the row.
            models.Index(fields=["id"], include=["search"], name="trainee_named"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="trainee_by_words"),
            # The data officer finds people by a part of their address, whatever the case.
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="trainee_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(last_name="") & ~Q(first_name=""), name="trainee_has_a_name",
                violation_error_message="Indiquez le nom et le prénom.",
            ),
            models.CheckConstraint(condition=Q(gender__in=["", "F", "H", "A"]), name="trainee_gender_known"),
            models.CheckConstraint(
                condition=Q(postal_code="") | Q(postal_code__regex=r"^[0-9]{5}$"), name="trainee_postal_code",
                violation_error_message="Un code postal a cinq chiffres.",
            ),
            models.CheckConstraint(
                condition=Q(birth_date__gte=date(1900, 1, 1)), name="trainee_born_lately",
                violation_error_message="Vérifiez la date de naissance.",
            ),
            without_nir("trainee_without_nir", *TYPED_OF_TRAINEE),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns("public_id", name="public_id_settled"),
            SCHOOL_BY_TRANSFER,
            HANDS_OVER_FOLLOW_UPS,
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def get_absolute_url(self) -> str:
        return address_of("trainees:trainee", self.public_id)

    @property
    def sorted_name(self) -> str:
        """The name as lists sort it: « PONS Léa »."""
        return f"{self.last_name.upper()} {self.first_name}"

    def age_on(self, day: date) -> int:
        """Return the age in completed years on a day."""
        return age_on(self.birth_date, day)

    def is_minor_on(self, day: date) -> bool:
        """Say whether this person is under eighteen on a day."""
        return self.age_on(day) < MAJORITY

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, *TYPED_OF_TRAINEE)


class LegalRepresentative(models.Model):
    """Who answers for a minor and signs with them. Retention: with the trainee, and no longer than needed.

    The link of a contact serves until `ended_on`: a change of guardianship keeps the former one in the file.
    """

    class Quality(models.TextChoices):
        MOTHER = "mother", "Mère"
        FATHER = "father", "Père"
        GUARDIAN = "guardian", "Tuteur légal"
        INSTITUTION = "institution", "Aide sociale à l’enfance ou établissement"

    trainee = models.ForeignKey(
        Trainee, verbose_name="stagiaire", on_delete=models.CASCADE, related_name="representatives"
    )
    full_name = models.CharField("nom complet", max_length=150)
    quality = models.CharField("qualité", max_length=15, choices=Quality)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    ended_on = models.DateField("ne représente plus depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "représentant légal"
        verbose_name_plural = "représentants légaux"
        ordering = ["pk"]
        indexes = [
            GinIndex(
                OpClass(Upper("full_name"), name="gin_trgm_ops"), OpClass(Upper("email"), name="gin_trgm_ops"),
                name="representative_by_words",
            )
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["trainee", "full_name"], condition=Q(ended_on=None), name="representative_once",
                violation_error_message="Cette personne est déjà enregistrée comme représentant légal.",
            ),
            models.CheckConstraint(
                condition=~Q(full_name=""), name="representative_has_a_name",
                violation_error_message="Indiquez le nom du représentant légal.",
            ),
            without_nir("representative_without_nir", "full_name", "email", "phone"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name

    def clean(self) -> None:
        refuse_nir_in(self, "full_name", "email", "phone")

    @property
    def school_id(self) -> int:
        return self.trainee.school_id


class SensitiveFlag(models.Model):
    """Recognised disability (RQTH): health data, in a table of its own, read and changed under a right of its own, each time logged.

    Legal basis: RGPD art. 9-2-b and 9-2-g; never in lists, exports, messages or company views.
    Retention: until the pathway ends and its figures are frozen.
    """

    trainee = models.OneToOneField(
        Trainee, verbose_name="stagiaire", on_delete=models.CASCADE, related_name="sensitive_flag"
    )
    rqth = models.BooleanField("reconnaissance de la qualité de travailleur handicapé (RQTH)", default=False)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    arrangements = models.TextField(
        "aménagements utiles à la formation", blank=True,
        help_text="Ce qu’il faut prévoir, jamais un diagnostic.",
    )  # fmt: skip
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="enregistré par",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    recorded_at = models.DateTimeField("enregistré le", db_default=Now(), editable=False)
    revision = models.PositiveIntegerField("révision", default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = "donnée sensible"
        verbose_name_plural = "données sensibles"
        constraints = [
            without_nir("sensitive_without_nir", "arrangements"),
            models.CheckConstraint(
                condition=Q(rqth=True) | Q(valid_until=None), name="sensitive_date_with_recognition",
                violation_error_message="Une date de validité suppose une reconnaissance.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Données sensibles n° {self.pk}"

    @property
    def school_id(self) -> int:
        return self.trainee.school_id

    def clean(self) -> None:
        refuse_nir_in(self, "arrangements")


class Prescriber(models.Model):
    """Who sends young people to the schools (prescripteur). Shared by the network. Retention: kept."""

    class Kind(models.TextChoices):
        LOCAL_MISSION = "mission_locale", "Mission locale"
        EMPLOYMENT_SERVICE = "france_travail", "France Travail"
        CAP_EMPLOI = "cap_emploi", "Cap emploi"
        DEPARTMENT = "departement", "Conseil départemental"
        CIO = "cio", "Centre d’information et d’orientation"
        PJJ = "pjj", "Protection judiciaire de la jeunesse"
        OTHER = "autre", "Autre organisme"
        SPONTANEOUS = "spontane", "Candidature spontanée"

    kind = models.CharField("type", max_length=20, choices=Kind)
    name = models.CharField("nom", max_length=150)
    city = models.CharField("ville", max_length=100, blank=True)
    closed_on = models.DateField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "prescripteur"
        verbose_name_plural = "prescripteurs"
        ordering = ["name", "city"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "city"], name="prescriber_once",
                violation_error_message="Ce prescripteur est déjà dans la liste.",
            ),
            without_nir("prescriber_without_nir", "name", "city"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} ({self.city})" if self.city and self.city not in self.name else self.name


class Referral(models.Model):
    """How somebody came, and what became of the application (candidature). Retention: two years without a pathway, else with it."""

    class Outcome(models.TextChoices):
        RECEIVED = "received", "Reçue"
        MEETING = "meeting", "Réunion d’information"
        INTERVIEW = "interview", "Entretien"
        ADMITTED = "admitted", "Admise"
        REFUSED = "refused", "Refusée"
        DROPPED = "dropped", "Sans suite"

    trainee = models.ForeignKey(Trainee, verbose_name="stagiaire", on_delete=models.PROTECT, related_name="referrals")
    prescriber = models.ForeignKey(
        Prescriber, verbose_name="prescripteur", on_delete=models.PROTECT, related_name="referrals"
    )
    referred_on = models.DateField("adressé le")
    contact_name = models.CharField("conseiller", max_length=150, blank=True)
    outcome = models.CharField("candidature", max_length=10, choices=Outcome, default=Outcome.RECEIVED)
    outcome_on = models.DateField("décidée le", null=True, blank=True)
    reason = models.CharField("motif", max_length=250, blank=True)

    class Meta:
        verbose_name = "prescription"
        verbose_name_plural = "prescriptions"
        ordering = ["-referred_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome_on=None) | Q(outcome_on__gte=F("referred_on")), name="referral_decided_after",
                violation_error_message="La décision ne peut pas précéder la prescription.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""), name="referral_refusal_has_a_reason",
                violation_error_message="Un refus est motivé : écrivez pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(outcome_on=None, outcome__in=life.WAITING) | Q(outcome_on__isnull=False, outcome__in=life.DECIDED),
                name="referral_decision_has_a_day",
                violation_error_message="Une candidature admise, refusée ou sans suite, et elle seule, a un jour de décision.",
            ),
            without_nir("referral_without_nir", "contact_name", "reason"),
        ]  # fmt: skip
        triggers = [triggers.follows(life.pairs(), column="outcome")]

    def __str__(self) -> str:
        return f"{self.prescriber}, {self.referred_on:%d/%m/%Y}"

    @property
    def state(self) -> State:
        return life.STATES[self.outcome]

    @property
    def waits(self) -> bool:
        """Say whether something may still be decided."""
        return self.outcome in life.WAITING

    def clean(self) -> None:
        refuse_nir_in(self, "contact_name", "reason")

    @property
    def school_id(self) -> int:
        return self.trainee.school_id


# A person who holds a pathway, an internship or a sealed paper leaves only through a retention job that logs (invariant 18):
# PROTECT on those foreign keys says it. A file opened by mistake, with nothing behind it, may go.
SCHOOL_OF_TRAINEE = pgtrigger.Trigger(
    name="school_of_its_trainee",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("theirs", "bigint")],
    func="SELECT school_id INTO theirs FROM trainees_trainee WHERE id = NEW.trainee_id; "
    "IF theirs IS DISTINCT FROM NEW.school_id THEN "
    "RAISE EXCEPTION 'Cette personne n’est pas stagiaire de cette école.' "
    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
)
