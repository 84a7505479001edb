"""The anonymous survey: what was answered, and apart from it, who answered already.

Nothing links the two: no key, no moment, no order. A reply has a random key and no date; the registration keeps the day it
answered, so that nobody answers twice. Written in one transaction, both would still bear its number inside PostgreSQL, and
the rows would lie in the order they came: `operations.survey.shuffle_replies` writes them all anew each night.
"""

from uuid import uuid4

import pgtrigger
from django.db import models
from django.db.models import Q

from assises.life.survey import HIGHEST, LOWEST, OPEN_DAYS, SCALES
from assises.models.editions import Edition
from assises.models.registrations import Registration
from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from trainees.models.nir import refuse_nir_in, without_nir

LONGEST_WORDS = 1500


class SurveyReply(ChecksAtOnce, models.Model):
    """One reply, of nobody in particular. Retention: the scales stay, for they name nobody; the words are erased with the
    names of the edition, since whoever writes freely may name somebody. `has_words` keeps their count.
    """

    id = models.UUIDField("identifiant", primary_key=True, default=uuid4, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="survey_replies")
    welcome = models.PositiveSmallIntegerField("accueil et organisation")
    programme = models.PositiveSmallIntegerField("utilité du programme")
    encounters = models.PositiveSmallIntegerField("rencontres")
    again = models.PositiveSmallIntegerField("envie de revenir")
    words = models.TextField("ce que la personne dit", blank=True)
    has_words = models.BooleanField("a écrit quelques mots", default=False, editable=False)

    class Meta:
        verbose_name = "réponse à l’enquête"
        verbose_name_plural = "réponses à l’enquête"
        ordering = ["edition", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{question.name}__range": (LOWEST, HIGHEST) for question in SCALES}),
                name="survey_reply_on_the_scale",
                violation_error_message=f"Choisissez une note de {LOWEST} à {HIGHEST}.",
            ),
            models.CheckConstraint(
                condition=Q(words="") | Q(has_words=True), name="survey_reply_counts_its_words",
                violation_error_message="Votre mot n’a pas été compté : renvoyez votre réponse.",
            ),
            without_nir("survey_reply_without_nir", "words"),
        ]  # fmt: skip
        triggers = [
            triggers.frozen_columns(
                "edition_id", *(question.name for question in SCALES), "has_words", name="survey_reply_settled"
            ),
            triggers.frozen_columns("words", when_sql="NEW.words <> ''", name="survey_words_settled"),
        ]

    def __str__(self) -> str:
        return f"Réponse à l’enquête, {self.edition}"

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "words")


ANSWERED_WHILE_OPEN = pgtrigger.Trigger(
    name="answered_while_open",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    declare=[("day", "date")],
    func="SELECT e.held_on INTO day FROM assises_edition e JOIN assises_registration r ON r.edition_id = e.id "  # noqa: S608  our own constants
    "WHERE r.id = NEW.registration_id; "
    f"IF NEW.answered_on < day OR NEW.answered_on > day + {OPEN_DAYS} THEN "
    "RAISE EXCEPTION 'L’enquête n’est pas ouverte ce jour-là.' USING ERRCODE = 'check_violation'; END IF; "
    "IF NOT EXISTS (SELECT 1 FROM assises_scan s WHERE s.registration_id = NEW.registration_id AND s.outcome = 'ok' "
    "AND s.voided_at IS NULL) THEN "
    "RAISE EXCEPTION 'Seules les personnes venues répondent à l’enquête.' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW;",
)


class SurveyAnswered(models.Model):
    """Somebody answered, on that day: what keeps one from answering twice. It says nothing of the reply.

    Retention: with its registration; it names nobody.
    """

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="survey_answered")
    answered_on = models.DateField("répondu le")

    class Meta:
        verbose_name = "enquête répondue"
        verbose_name_plural = "enquêtes répondues"
        triggers = [triggers.immutable(), ANSWERED_WHILE_OPEN]

    def __str__(self) -> str:
        return f"{self.registration_id} {self.answered_on:%d/%m/%Y}"
