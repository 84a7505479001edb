"""Amendments (avenants): what a signed convention changes into, field by field, from a date on."""

from dataclasses import replace

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse

from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from e2c_portal.signing.lookups import completed_envelope
from e2c_portal.signing.models import Envelope
from e2c_portal.signing.rules import signed_by_all
from partnerships import amendment_life as life
from partnerships.models.conventions import PartnershipConvention
from partnerships.terms import Terms

TERM_COLUMNS = ("new_ends_on", "new_renewal", "new_renewal_months", "new_renewal_limit", "new_notice_months")
NO_NEW_TERMS = " AND ".join(f"NEW.{column} IS NULL" for column in TERM_COLUMNS)
SIGNED = Q(status=life.SIGNED)

# The dates of the convention follow a signature in the same statement: an overlap with another convention then refuses it.
TAKES_EFFECT = pgtrigger.Trigger(
    name="signed_takes_effect",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Q(new__status=life.SIGNED) & pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
    func="UPDATE partnerships_partnershipconvention SET "
    "amended_ends_on = COALESCE(NEW.new_ends_on, amended_ends_on), "
    "amended_notice_months = COALESCE(NEW.new_notice_months, amended_notice_months), "
    "amended_renewal = COALESCE(NEW.new_renewal, amended_renewal), "
    "amended_renewal_months = CASE WHEN NEW.new_renewal IS NULL THEN amended_renewal_months ELSE NEW.new_renewal_months END, "
    "amended_renewal_limit = CASE WHEN NEW.new_renewal IS NULL THEN amended_renewal_limit ELSE NEW.new_renewal_limit END "
    f"WHERE id = NEW.convention_id AND NOT ({NO_NEW_TERMS}); RETURN NULL;",
)
IN_ITS_TURN = pgtrigger.Trigger(
    name="turn_of_signature",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Q(new__status=life.SIGNED) & pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
    declare=[("reached", "text"), ("first_day", "date"), ("latest", "date")],
    func="SELECT status, starts_on INTO reached, first_day FROM partnerships_partnershipconvention "
    "WHERE id = NEW.convention_id FOR UPDATE; "
    "SELECT max(effective_on) INTO latest FROM partnerships_conventionamendment "
    "WHERE convention_id = NEW.convention_id AND status = 'signed'; "
    "IF reached <> 'signed' THEN RAISE EXCEPTION 'Seule une convention signée et non dénoncée peut être modifiée par avenant.' "
    "USING ERRCODE = 'restrict_violation'; END IF; "
    "IF NEW.effective_on < first_day OR NEW.effective_on < latest THEN "
    "RAISE EXCEPTION 'Un avenant ne prend pas effet avant la convention ni avant l’avenant précédent.' "
    "USING ERRCODE = 'restrict_violation'; END IF; "
    f"IF NOT ({NO_NEW_TERMS}) AND EXISTS (SELECT 1 FROM partnerships_partnershipconvention s WHERE "
    "s.predecessor_id = NEW.convention_id AND s.status IN ('signed', 'denounced', 'terminated', 'archived')) THEN "
    "RAISE EXCEPTION 'Une convention qui renouvelle celle-ci est déjà signée : ses dates ne changent plus.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
)
VOTED_WHEN_RULED = pgtrigger.Trigger(
    name="voted_when_ruled",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("status"),
    condition=pgtrigger.Q(new__status=life.TO_SIGN) & pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
    func=f"IF NEW.deliberation_number = '' AND (NOT ({NO_NEW_TERMS}) OR EXISTS (SELECT 1 FROM partnerships_amendmentchange c "
    "WHERE c.amendment_id = NEW.id AND c.part <> 'signatory')) THEN "
    "RAISE EXCEPTION 'Cet avenant doit être voté avant d’être mis à la signature.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
)


class ConventionAmendment(ChecksAtOnce, models.Model):
    """An amendment of a signed convention. Retention: with its convention."""

    convention = models.ForeignKey(
        PartnershipConvention, verbose_name="convention", on_delete=models.PROTECT, related_name="amendments"
    )
    number = models.PositiveSmallIntegerField("numéro", editable=False)
    purpose = models.CharField("objet de l’avenant", max_length=200)
    effective_on = models.DateField(
        "prend effet le", null=True, blank=True, help_text="Laissez vide pour la date de la dernière signature."
    )
    new_ends_on = models.DateField("nouvelle date de fin", null=True, blank=True)
    new_renewal = models.CharField(  # noqa: DJ001  null: unchanged; empty would be « non connu »
        "nouveau renouvellement", max_length=10, null=True, blank=True,
        choices=[choice for choice in PartnershipConvention.Renewal.choices if choice[0]],
    )  # fmt: skip
    new_renewal_months = models.PositiveSmallIntegerField(
        "nouvelle durée de chaque reconduction", null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )  # fmt: skip
    new_renewal_limit = models.PositiveSmallIntegerField(
        "nouveau nombre de reconductions", null=True, blank=True, validators=[MaxValueValidator(50)]
    )
    new_notice_months = models.PositiveSmallIntegerField(
        "nouveau préavis", null=True, blank=True, validators=[MaxValueValidator(60)]
    )

    deliberation_number = models.CharField("numéro de la délibération", max_length=40, blank=True)
    deliberation_date = models.DateField("date de la délibération", null=True, blank=True)
    signed_on = models.DateField("signé le", null=True, blank=True)
    signed_place = models.CharField("lieu de signature", max_length=150, blank=True)
    status = models.CharField(
        "état", max_length=20, default=life.DRAFT, editable=False,
        choices=[(name, state.label) for name, state in life.STATES.items()],
    )  # fmt: skip
    moves_made = models.PositiveIntegerField("étapes franchies", default=0, db_default=0, editable=False)
    revision = models.PositiveIntegerField("révision", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="créé par", on_delete=models.PROTECT, related_name="+", editable=False
    )
    created_at = models.DateTimeField("créé le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "avenant"
        verbose_name_plural = "avenants"
        ordering = ["convention", "number", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(life.STATES)), name="amendment_status_known"),
            models.UniqueConstraint(
                fields=["convention", "number"], condition=~Q(status=life.SHELVED), name="amendment_number_once",
                violation_error_message="Un autre avenant de cette convention vient de prendre ce numéro : "
                "enregistrez de nouveau.",
            ),
            models.UniqueConstraint(
                fields=["convention"], condition=Q(status__in=life.OPEN), name="amendment_one_open",
                violation_error_message="Un projet d’avenant est déjà ouvert : terminez-le ou classez-le d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(new_renewal__isnull=False, new_renewal="tacit", new_renewal_months__isnull=False, new_renewal_months__range=(1, 120))
                & (Q(new_renewal_limit=None) | Q(new_renewal_limit__lte=50))
                | Q(new_renewal_months=None, new_renewal_limit=None) & (Q(new_renewal=None) | ~Q(new_renewal="tacit")),
                name="amendment_tacit_has_a_length",
                violation_error_message="Une reconduction tacite dit la durée de chaque reconduction ; les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                condition=~SIGNED | Q(signed_on__isnull=False, effective_on__gte=F("signed_on")),
                name="amendment_signed_before_its_effect",
                violation_error_message="Un avenant prend effet au plus tôt le jour de sa signature.",
            ),
            models.CheckConstraint(
                condition=~Q(status=life.VOTED) | ~Q(deliberation_number="") & Q(deliberation_date__isnull=False),
                name="amendment_voted_has_its_vote",
                violation_error_message="Indiquez la délibération et sa date.",
            ),
            models.CheckConstraint(
                condition=Q(signed_on=None) | Q(deliberation_date=None) | Q(signed_on__gte=F("deliberation_date")),
                name="amendment_signed_after_vote",
                violation_error_message="La signature ne peut pas précéder la délibération.",
            ),
            models.CheckConstraint(
                condition=Q(new_ends_on=None) | Q(effective_on=None) | Q(new_ends_on__gte=F("effective_on")),
                name="amendment_ends_after_its_effect",
                violation_error_message="La nouvelle date de fin ne peut pas précéder la date d’effet de l’avenant.",
            ),
        ]  # fmt: skip
        triggers = [
            triggers.starts_in(life.DRAFT),
            triggers.follows(life.AMENDMENT_LIFE.pairs()),
            triggers.counts_its_moves(),
            triggers.leaves_a_move("partnerships_amendmentmove", "amendment_id"),
            triggers.frozen_columns("convention_id", "number", name="place_settled"),
            triggers.frozen_columns("purpose", *TERM_COLUMNS, when_sql="OLD.status <> 'draft'", name="text_settled"),
            triggers.frozen_columns(
                "effective_on", when_sql="OLD.status = 'signed' OR OLD.status <> 'draft' AND OLD.effective_on IS NOT NULL",
                name="effect_settled",
            ),
            triggers.frozen_columns(
                "deliberation_number", "deliberation_date", "signed_on", "signed_place",
                when_sql="OLD.status = 'signed'", name="signature_settled",
            ),
            VOTED_WHEN_RULED, IN_ITS_TURN, TAKES_EFFECT,
            signed_by_all("convention_amendment", "partnerships.conventionamendment"),
            triggers.never_deleted(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Avenant n° {self.number} à la convention {self.convention.number}"

    def get_absolute_url(self) -> str:
        return reverse("partnerships:amendment", args=[self.convention_id, self.pk])

    @property
    def reference(self) -> str:
        """The number printed on the document: that of the convention and its own."""
        return f"{self.convention.number}-A{self.number}"

    @property
    def state(self) -> life.State:
        return life.STATES[self.status]

    @property
    def is_editable(self) -> bool:
        return self.status == life.DRAFT

    @property
    def changes_terms(self) -> bool:
        return any(getattr(self, column) is not None for column in TERM_COLUMNS)

    @property
    def changes_something(self) -> bool:
        return self.changes_terms or bool(self.changes.all())

    @property
    def needs_vote(self) -> bool:
        """Apply VOTE_RULE."""
        return self.changes_terms or any(change.part != AmendmentChange.Part.SIGNATORY for change in self.changes.all())

    def terms_after(self, before: Terms) -> Terms:
        """Return what the dates and conditions become with this amendment."""
        changed = before
        if self.new_ends_on is not None:
            changed = replace(changed, ends_on=self.new_ends_on)
        if self.new_notice_months is not None:
            changed = replace(changed, notice_months=self.new_notice_months)
        if self.new_renewal is not None:
            changed = replace(
                changed, renewal=self.new_renewal, renewal_months=self.new_renewal_months,
                renewal_limit=self.new_renewal_limit,
            )  # fmt: skip
        return changed

    def signed_envelope(self) -> Envelope | None:
        """Return the envelope in which everybody signed this amendment, None while somebody is awaited."""
        return completed_envelope("convention_amendment", subject_of(self))


class AmendmentChange(models.Model):
    """One article, commitment or signatory that the amendment adds, replaces or removes. Retention: with its convention.

    `key` names the line within the convention: the number of an article, the rank of a commitment, side and rank of a
    signatory. Keys are never used twice, so that a removed article leaves its number empty, as legal texts do.
    """

    class Part(models.TextChoices):
        ARTICLE = "article", "Article"
        COMMITMENT = "commitment", "Engagement"
        SIGNATORY = "signatory", "Signataire"

    class Action(models.TextChoices):
        ADD = "add", "Ajout"
        REPLACE = "replace", "Remplacement"
        REMOVE = "remove", "Suppression"

    amendment = models.ForeignKey(ConventionAmendment, on_delete=models.CASCADE, related_name="changes")
    position = models.PositiveSmallIntegerField("ordre")
    part = models.CharField("partie", max_length=12, choices=Part)
    action = models.CharField("action", max_length=10, choices=Action)
    key = models.CharField("ligne", max_length=20)
    before = models.JSONField("avant", null=True, blank=True)
    after = models.JSONField("après", null=True, blank=True)

    class Meta:
        verbose_name = "modification"
        verbose_name_plural = "modifications"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "part", "key"], name="amendment_change_once"),
            models.UniqueConstraint(
                fields=["amendment", "position"], name="amendment_change_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(action="add", before__isnull=True, after__isnull=False)
                | Q(action="replace", before__isnull=False, after__isnull=False)
                | Q(action="remove", before__isnull=False, after__isnull=True),
                name="amendment_change_says_both_sides",
                violation_error_message="Un ajout dit le texte nouveau, un retrait l’ancien, un remplacement les "
                "deux : complétez ce changement.",
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="text_still_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("settled", "boolean")],
                func="SELECT bool_or(parents.status <> 'draft') INTO settled FROM "
                "(SELECT status FROM partnerships_conventionamendment WHERE id IN (OLD.amendment_id, NEW.amendment_id) "
                "FOR SHARE) AS parents; IF settled THEN "
                "RAISE EXCEPTION 'Le texte de cet avenant est arrêté : revenez au brouillon pour le changer.' "
                "USING ERRCODE = 'restrict_violation'; END IF; "
                "IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.get_part_display()} {self.key}"
