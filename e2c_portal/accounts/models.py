"""The people who sign in. Their rights come from their role here and from their memberships in schools."""

import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now


class Role(models.TextChoices):
    """What somebody is for the whole network. School staff have none: their memberships say what they may do."""

    NONE = "", "Aucun rôle régional"
    REGIONAL_OFFICER = "regional_officer", "Chargé de mission régional"
    DATA_OFFICER = "data_officer", "Délégué à la protection des données"
    AUDITOR = "auditor", "Auditeur (lecture seule)"


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail, whatever the case typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person, one e-mail. There is no superuser: every right has a name and a rule."""

    email = models.EmailField("adresse électronique", unique=True)
    full_name = models.CharField("nom complet", max_length=150)
    role = models.CharField("rôle régional", max_length=30, choices=Role, default=Role.NONE, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    created_at = models.DateTimeField("créé le", db_default=Now())

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_one_account_per_email",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for this name: only people with a role for the whole network enter it."""
        return bool(self.role)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Answer from the named rules of the apps; an inactive account has no right at all."""
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """Say whether the admin shows an app to this person."""
        return self.is_active and self.is_staff

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split(" ")[0]
