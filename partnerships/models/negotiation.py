"""What the parties say of a text while it is negotiated: comments on an article, an engagement or a fact."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from e2c_portal.kernel import triggers
from e2c_portal.kernel.checks import ChecksAtOnce
from partnerships.models.conventions import PartnershipConvention


class ConventionComment(ChecksAtOnce, models.Model):
    """A remark on one place of the text, open until somebody answers it. Retention: with its convention.

    Lines are written anew at each revision, so that a comment keeps the words of the place it speaks of (`place_label`).
    """

    class Part(models.TextChoices):
        FACT = "fact", "Donnée"
        ARTICLE = "article", "Article"
        COMMITMENT = "commitment", "Engagement"

    convention = models.ForeignKey(
        PartnershipConvention, verbose_name="convention", on_delete=models.PROTECT, related_name="comments"
    )
    part = models.CharField("partie", max_length=12, choices=Part)
    key = models.CharField("ligne", max_length=30)
    place_label = models.CharField("à propos de", max_length=250)
    text = models.TextField("commentaire")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="par", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("écrit le", db_default=Now())
    answer = models.TextField("réponse", blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="réglé par", null=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField("réglé le", null=True)

    class Meta:
        verbose_name = "commentaire"
        verbose_name_plural = "commentaires"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="comment_says_something",
                violation_error_message="Écrivez votre commentaire.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None, answer="")
                | Q(resolved_by__isnull=False, resolved_at__isnull=False, resolved_at__gte=F("at")),
                name="comment_resolved_by_somebody",
                violation_error_message="Un commentaire réglé dit par qui et quand : rechargez la page, puis "
                "recommencez.",
            ),
        ]
        triggers = [
            triggers.frozen_columns("convention_id", "part", "key", "place_label", "text", "author_id", "at"),
            triggers.frozen_columns(
                "answer", "resolved_by_id", "resolved_at", when_sql="OLD.resolved_at IS NOT NULL", name="answer_settled"
            ),
            triggers.never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.place_label} : {self.text[:60]}"
