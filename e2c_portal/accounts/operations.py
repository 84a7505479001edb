"""Open and keep the accounts of the portal. Nobody ever types the password of somebody else."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import validate_password
from django.db import connection, transaction
from django.utils import timezone

from e2c_portal.accounts import notices
from e2c_portal.accounts.invitation import INVITATION, NO_MORE, send_invitation
from e2c_portal.accounts.models import Role, User
from e2c_portal.accounts.permissions import AccountPermission
from e2c_portal.accounts.sessions import end_all_sessions
from e2c_portal.audit.changes import changed_fields
from e2c_portal.audit.trail import record
from e2c_portal.kernel.acting import says_why
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.jobs import enqueue_on_commit
from e2c_portal.kernel.nir import refuse_nir
from e2c_portal.links import issuing

SEND_PASSWORD_LINK = "accounts.send_password_link"  # noqa: S105  the name of a task


@transaction.atomic
def open_account(account: User, actor: AbstractBaseUser) -> User:
    """Create an account without a password and invite its owner to choose one.

    Raises NotAllowed, ValidationError by field.
    """
    _require(actor, AccountPermission.ADD_USER)
    account.set_unusable_password()
    account.full_clean()
    account.save()
    record(actor, "account.opened", account, f"Compte ouvert : {account.get_role_display()}")
    send_invitation(account)
    return account


@transaction.atomic
def open_first_account(email: str, full_name: str) -> User:
    """Open and invite the first officer of a new portal, whom nobody inside could invite; asked again, invite them again.

    Raises Refused once another officer has an open account, ValidationError by field.
    """
    with connection.cursor() as cursor:
        # Two commands at once: the second one finds the account of the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.first_officer'))")
    officers = User.objects.filter(role=Role.REGIONAL_OFFICER, is_active=True)
    account = officers.filter(email__iexact=email, password__startswith=UNUSABLE_PASSWORD_PREFIX).first()
    if account is None and officers.exists():
        raise Refused(
            "Le portail a déjà un chargé de mission régional : c’est lui qui invite, depuis « Gestion » puis « Comptes »."
        )
    if account is None:
        account = User(email=email, full_name=full_name, role=Role.REGIONAL_OFFICER)
        account.set_unusable_password()
        account.full_clean()
        account.save()
    record(None, "account.opened", account, "Premier compte ouvert par l’exploitant")
    send_invitation(account)
    return account


@transaction.atomic
def accept_invitation(account: User, password: str) -> User:
    """Keep the first password of somebody invited and withdraw the invitation: it serves once.

    Raises Refused when a password was chosen meanwhile or the account closed, ValidationError for a weak password.
    """
    held = User.objects.select_for_update().get(pk=account.pk)
    if held.has_usable_password() or not held.is_active:
        raise Refused(NO_MORE, code="no_invitation")
    validate_password(password, held)
    held.set_password(password)
    held.save(update_fields=["password"])
    issuing.revoke_all(held, "Invitation acceptée", held, purpose=INVITATION)
    record(held, "account.invitation_accepted", held, "Invitation acceptée : mot de passe choisi")
    return held


@transaction.atomic
def change_account(account: User, actor: AbstractBaseUser) -> User:
    """Change the name or the role of an account, close it with a reason, or open it again.

    Closing ends every session at once and withdraws the invitation; opening again revives none of them.
    Raises NotAllowed, ValidationError by field, and Refused when somebody would take away their own access.
    """
    _require(actor, AccountPermission.CHANGE_USER)
    saved = User.objects.select_for_update().get(pk=account.pk)
    if account.pk == actor.pk and (account.role, account.is_active) != (saved.role, saved.is_active):
        raise Refused(
            "Vous ne pouvez ni changer votre propre rôle ni fermer votre propre compte : demandez à un collègue."
        )
    _close_or_open(account, saved)
    changed = changed_fields(account)
    account.full_clean(exclude=["password"])
    account.save(update_fields=["full_name", "role", "is_active", "closed_at", "closed_reason"])
    if saved.is_active and not account.is_active:
        end_all_sessions(account)
        issuing.revoke_all(account, "Compte fermé", actor, purpose=INVITATION)
        record(actor, "account.closed", account, f"Compte fermé : {account.closed_reason}")
    elif account.is_active and not saved.is_active:
        record(actor, "account.reopened", account, "Compte rouvert")
    elif changed:
        record(actor, "account.changed", account, "Compte modifié : " + ", ".join(changed), changed=changed)
    return account


def _close_or_open(account: User, saved: User) -> None:
    """Set what closing and opening again write by themselves. Raises Refused without a reason."""
    account.closed_at = saved.closed_at
    if account.is_active:
        account.closed_at, account.closed_reason = None, ""
        return
    account.closed_reason = account.closed_reason.strip() or saved.closed_reason
    if not account.closed_reason:
        raise Refused("Pour fermer un compte, écrivez le motif : départ, changement de poste, appareil volé…")
    refuse_nir(account.closed_reason)
    if saved.is_active:
        account.closed_at = timezone.now()


@transaction.atomic
def send_password_link(account: User, actor: AbstractBaseUser) -> None:
    """Invite again the owner of an open account who has no password yet, or send a link for a new one.

    Raises NotAllowed, Refused.
    """
    _require(actor, AccountPermission.CHANGE_USER)
    if not account.is_active:
        raise Refused(f"Le compte de {account} est fermé : rouvrez-le avant d’envoyer un lien.")
    if account.has_usable_password():
        record(actor, "account.link_sent", account, "Lien de mot de passe envoyé")
        enqueue_on_commit(SEND_PASSWORD_LINK, user_id=account.pk)
        return
    record(actor, "account.invited_again", account, "Invitation envoyée de nouveau")
    send_invitation(account)


@says_why
@transaction.atomic
def reset_second_factor(account: User, reason: str, actor: AbstractBaseUser) -> None:
    """Take away the second factors of somebody who lost theirs, end their sessions and write to them.

    Raises NotAllowed, and Refused without a reason or for one's own account.
    """
    _require(actor, AccountPermission.RESET_SECOND_FACTOR)
    if account.pk == actor.pk:
        raise Refused("Vous ne pouvez pas retirer votre propre seconde étape ici : demandez à un collègue.")
    if not reason.strip():
        raise Refused("Écrivez le motif, et comment vous avez vérifié qui vous le demande.")
    refuse_nir(reason)
    User.objects.select_for_update().get(pk=account.pk)
    Authenticator.objects.filter(user=account).delete()
    end_all_sessions(account)
    record(actor, "account.second_factor_reset", account, f"Seconde étape retirée : {reason.strip()}")
    notices.tell(account, "reset")


def _require(actor: AbstractBaseUser, permission: AccountPermission) -> None:
    if not actor.has_perm(permission):  # type: ignore[attr-defined]
        raise NotAllowed("Seul un chargé de mission régional peut ouvrir et modifier les comptes.")
