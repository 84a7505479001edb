"""Figures that outlive the people they counted: numbers by school and civil year, never a name."""

from django.db import models
from django.db.models import Q

from schools.models import School


class ErasedFigure(models.Model):
    """How many pathways, exits and skills of a school and a year belonged to people whose files were erased since.

    Whoever counts adds them to what the rows still say (trainees.reads.yearly_figures). Retention: kept; it names nobody.
    """

    class Measure(models.TextChoices):
        ENTERED = "entered", "Entrées"
        ENDED = "ended", "Fins de parcours"
        EXIT = "exit", "Sorties"
        POSITIVE = "positive", "Sorties positives"
        SKILL = "skill", "Compétences validées"

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("année civile")
    measure = models.CharField("mesure", max_length=8, choices=Measure)
    key = models.CharField("détail", max_length=30, blank=True)
    number = models.PositiveIntegerField("nombre")

    class Meta:
        verbose_name = "effectif conservé"
        verbose_name_plural = "effectifs conservés"
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "measure", "key"], name="erased_figure_one_a_cell"),
            models.CheckConstraint(
                condition=Q(measure__in=["entered", "ended", "exit", "positive", "skill"]), name="erased_figure_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.year} : {self.number}"
