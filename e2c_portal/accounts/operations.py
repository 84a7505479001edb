"""Open and keep the accounts of the portal. Nobody ever types the password of somebody else."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from e2c_portal.accounts.models import User
from e2c_portal.accounts.permissions import AccountPermission
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit

SEND_PASSWORD_LINK = "accounts.send_password_link"  # noqa: S105  the name of a task


@transaction.atomic
def open_account(account: User, actor: AbstractBaseUser) -> User:
    """Create an account without a password and send its owner the link to choose one.

    Raises NotAllowed, ValidationError by field.
    """
    _require(actor, AccountPermission.ADD_USER)
    account.set_unusable_password()
    account.full_clean()
    account.save()
    record(actor, "account.opened", account, f"Compte ouvert : {account.get_role_display()}")
    enqueue_on_commit(SEND_PASSWORD_LINK, user_id=account.pk)
    return account


@transaction.atomic
def change_account(account: User, actor: AbstractBaseUser) -> User:
    """Change the name, the role or the opening of an account.

    Raises NotAllowed, ValidationError by field, and Refused when somebody would take away their own access.
    """
    _require(actor, AccountPermission.CHANGE_USER)
    saved = User.objects.select_for_update().get(pk=account.pk)
    if account.pk == actor.pk and (account.role, account.is_active) != (saved.role, saved.is_active):
        raise Refused(
            "Vous ne pouvez ni changer votre propre rôle ni fermer votre propre compte : demandez à un collègue."
        )
    changed = changed_fields(account)
    account.full_clean(exclude=["password"])
    account.save(update_fields=["full_name", "role", "is_active"])
    if changed:
        record(actor, "account.changed", account, "Compte modifié : " + ", ".join(changed), changed=changed)
    return account


@transaction.atomic
def send_password_link(account: User, actor: AbstractBaseUser) -> None:
    """Send the owner of an open account a new link to choose a password. Raises NotAllowed, Refused."""
    _require(actor, AccountPermission.CHANGE_USER)
    if not account.is_active:
        raise Refused(f"Le compte de {account} est fermé : rouvrez-le avant d’envoyer un lien.")
    record(actor, "account.link_sent", account, "Lien de mot de passe envoyé")
    enqueue_on_commit(SEND_PASSWORD_LINK, user_id=account.pk)


def _require(actor: AbstractBaseUser, permission: AccountPermission) -> None:
    if not actor.has_perm(permission):  # type: ignore[attr-defined]
        raise NotAllowed("Seul un chargé de mission régional peut ouvrir et modifier les comptes.")
