"""The people who sign in. Their rights come from their role here and from their memberships in schools."""

import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac

from e2c_portal.kernel.nir import NIR_PATTERN


class Role(models.TextChoices):
    """What somebody is for the whole network. School staff have none: their memberships say what they may do."""

    NONE = "", "Aucun rôle régional"
    REGIONAL_OFFICER = "regional_officer", "Chargé de mission régional"
    DATA_OFFICER = "data_officer", "Délégué à la protection des données"
    AUDITOR = "auditor", "Auditeur (lecture seule)"
    DOOR_STAFF = "door_staff", "Accueil des Assises"


# They read the whole network, enter the admin and must sign in with two factors. Door staff only scan tickets, by a link.
NETWORK_ROLES = frozenset({Role.REGIONAL_OFFICER, Role.DATA_OFFICER, Role.AUDITOR})


class UserManager(BaseUserManager["User"]):
    """Users are found by e-mail, whatever the case typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person, one e-mail. There is no superuser: every right has a name and a rule.

    Retention: as long as acts bear the name; the account itself is closed, with its reason, the day its holder leaves.
    """

    email = models.EmailField("adresse électronique", unique=True)
    full_name = models.CharField("nom complet", max_length=150)
    role = models.CharField("rôle régional", max_length=30, choices=Role, default=Role.NONE, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    created_at = models.DateTimeField("créé le", db_default=Now())
    closed_at = models.DateTimeField("fermé le", null=True, blank=True, editable=False)
    closed_reason = models.CharField("motif de la fermeture", max_length=300, blank=True)
    # Part of what a session is checked against: adding one closes every session of this person at once.
    sessions_ended = models.PositiveIntegerField("fermetures de sessions", default=0, db_default=0, editable=False)

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
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
            models.CheckConstraint(
                condition=Q(is_active=True, closed_at=None, closed_reason="")
                | (Q(is_active=False, closed_at__isnull=False) & ~Q(closed_reason="")),
                name="user_closed_with_a_reason",
                violation_error_message="Un compte fermé garde le motif de sa fermeture : écrivez-le.",
            ),  # fmt: skip
            models.CheckConstraint(
                condition=~Q(closed_reason__regex=NIR_PATTERN),
                name="user_closed_reason_without_nir",
                violation_error_message="Retirez le numéro de sécurité sociale du motif.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def reads_the_network(self) -> bool:
        """Say whether the role opens the whole network; door staff have a role and see no record."""
        return self.role in NETWORK_ROLES

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for this name: only people who read the whole network enter it."""
        return self.reads_the_network

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie sessions to the password and to the last time all of them were closed."""
        salt = "e2c_portal.accounts.models.User.get_session_auth_hash"
        return salted_hmac(
            salt, f"{self.password}|{self.sessions_ended}", secret=secret, algorithm="sha256"
        ).hexdigest()

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
