"""How often each skill is planned, seen and validated, kept ready to be read: the figures cost the same among millions of rows."""

from django.db import models
from django.db.models import Q

from schools.models import School
from trainees.models.frameworks import Skill, SkillLevel


class SkillTally(models.Model):
    """A number of internships, by school, civil year, skill and level. Written by triggers (skill_tally_triggers) alone.

    Each event adds a small row, +1 or -1, so that nobody waits for anybody; a watcher folds them into one row a cell. Whoever
    reads sums: the figure is always that of the moment. Retention: with the skill; it names nobody.
    """

    class Measure(models.TextChoices):
        PLANNED = "planned", "Prévue"
        SEEN = "seen", "Évaluée"
        VALIDATED = "validated", "Validée"

    school = models.ForeignKey(School, verbose_name="école", on_delete=models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField("année")
    skill = models.ForeignKey(
        Skill, verbose_name="compétence", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Empty for what is planned, and for « non observé » among what is seen.
    level = models.ForeignKey(
        SkillLevel, verbose_name="niveau", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    measure = models.CharField("mesure", max_length=9, choices=Measure)
    number = models.IntegerField("nombre")
    folded = models.BooleanField("repliée", default=False, db_default=False)

    class Meta:
        verbose_name = "décompte de compétences"
        verbose_name_plural = "décomptes de compétences"
        indexes = [
            models.Index(fields=["skill", "school", "year"], name="tally_by_skill"),
            models.Index(fields=["id"], condition=Q(folded=False), name="tally_to_fold"),
            models.Index(fields=["year"], name="tally_by_year"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "year", "skill", "level", "measure"], condition=Q(folded=True), nulls_distinct=False,
                name="tally_one_row_a_cell",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["planned", "seen", "validated"]), name="tally_measure_known"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_measure_display()} : {self.number}"
