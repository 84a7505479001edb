"""What an edition asks of those who register, beyond who they are."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assises.models.editions import Category, Edition
from assises.models.registrations import Registration
from e2c_portal.kernel.checks import ChecksAtOnce
from trainees.models.nir import refuse_nir_in, without_nir


class Question(ChecksAtOnce, models.Model):
    """One question of an edition. Retention: with its edition; it names nobody."""

    class Kind(models.TextChoices):
        CHOICE = "choice", "Un choix parmi plusieurs"
        YES_NO = "yes_no", "Oui ou non"
        TEXT = "text", "Quelques mots"

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="questions")
    label = models.CharField("question", max_length=200)
    help_text = models.CharField("précision", max_length=200, blank=True)
    kind = models.CharField("réponse", max_length=8, choices=Kind)
    choices = models.TextField("choix", blank=True, help_text="Un par ligne.")
    categories = ArrayField(
        models.CharField(max_length=12, choices=Category.choices), verbose_name="posée à", default=list, blank=True
    )
    is_required = models.BooleanField("réponse obligatoire", default=False)
    position = models.PositiveSmallIntegerField("ordre", default=1)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)

    class Meta:
        verbose_name = "question"
        verbose_name_plural = "questions"
        ordering = ["edition", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "label"], name="question_once", violation_error_message="Cette question existe déjà."
            ),
            models.CheckConstraint(condition=Q(kind__in=["choice", "yes_no", "text"]), name="question_kind_known"),
            models.CheckConstraint(
                condition=(Q(kind="choice") & ~Q(choices="")) | (~Q(kind="choice") & Q(choices="")), name="question_has_its_choices",
                violation_error_message="Écrivez les choix, un par ligne, pour une question à choix, et pour elle seule.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def options(self) -> list[str]:
        """The answers offered, in order, for a choice or a yes or no."""
        if self.kind == self.Kind.YES_NO:
            return ["Oui", "Non"]
        return [line.strip() for line in self.choices.splitlines() if line.strip()]

    def asks(self, category: str) -> bool:
        """Say whether a category is asked: all are when none is named."""
        return not self.categories or category in self.categories


class Answer(models.Model):
    """What a registration answers to a question. Retention: erased with the name of its registration."""

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField("réponse", max_length=300)

    class Meta:
        verbose_name = "réponse à une question"
        verbose_name_plural = "réponses aux questions"
        constraints = [
            models.UniqueConstraint(fields=["registration", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=~Q(value=""),
                name="answer_says_something",
                violation_error_message="Écrivez la réponse, ou laissez la question de côté.",
            ),
            without_nir("answer_without_nir", "value"),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        """Say in French, beside the field, what the database would refuse."""
        refuse_nir_in(self, "value")
