"""The personal link by which somebody invited chooses a first password: it lasts a week, serves once, and may be sent again."""

from datetime import timedelta

from e2c_portal.accounts.models import User
from e2c_portal.accounts.queries import account_of
from e2c_portal.audit.trail import subject_of
from e2c_portal.kernel.errors import Refused
from e2c_portal.links import issuing
from e2c_portal.links.models import PersonalLink
from e2c_portal.links.purposes import Purpose
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit

INVITATION = "accounts.invitation"
LIFETIME = timedelta(days=7)
NO_MORE = "Cette invitation n’a plus d’objet : le mot de passe est choisi, ou le compte est fermé."


def invited(subject: str) -> User | None:
    """Return whom a link or a message invites, None once a password was chosen or the account closed."""
    account = account_of(subject)
    return account if account and account.is_active and not account.has_usable_password() else None


def living_link(account: User) -> PersonalLink | None:
    """Return the invitation of this account that nobody withdrew, None when there is none."""
    links = PersonalLink.objects.filter(purpose=INVITATION, subject=subject_of(account), revoked_at=None)
    return links.filter(replaced_by=None).order_by("-pk").first()


def send_invitation(account: User) -> Mail:
    """Prepare the link and ask for its message, in the transaction under way. Raises Refused within a minute of the last one."""
    issuing.prepare(INVITATION, account, "1", issuing.Holder(account.full_name, account.email))
    return send_mail_on_commit(INVITATION, Recipient(account.email, account.full_name), account, {})


def _send(link: PersonalLink) -> None:
    if account := invited(link.subject):
        send_invitation(account)


def _version(link: PersonalLink) -> str | None:
    return link.version if invited(link.subject) else None


def _may_renew(link: PersonalLink) -> bool:
    return invited(link.subject) is not None


def _secrets(mail: Mail) -> dict[str, str]:
    account = invited(mail.subject)
    link = living_link(account) if account else None
    if link is None:
        raise Refused(NO_MORE, code="no_invitation")
    return {"link": issuing.rotate(link, delivery=mail.delivery)}


def _left(mail: Mail) -> None:
    issuing.delivered(mail.delivery)


MAIL = MailType(
    INVITATION,
    "Invitation à ouvrir son compte",
    cool_down=timedelta(minutes=1),
    examples={"link": "https://portail.exemple.invalid/lien/exemple/"},
    subject="Votre compte sur le portail des Écoles de la 2e chance",
    secrets=_secrets,
    sent=_left,
    staff=True,
)


def purpose() -> Purpose:
    """Return the use of the link. Its page stands above this module, hence the import at the moment of registering."""
    from e2c_portal.accounts.views import invitation as pages  # noqa: PLC0415

    return Purpose(
        name=INVITATION,
        label="Ouvrir son compte",
        lifetime=LIFETIME,
        pages={"": pages.accept},
        send=_send,
        current_version=_version,
        may_renew=_may_renew,
        expired_text="Une invitation s’ouvre pendant sept jours. Demandez-en une nouvelle : elle ira à la même adresse.",
        revoked_text="Cette invitation a déjà servi, ou la Région l’a retirée. Si votre mot de passe est choisi, connectez-vous.",
        outdated_text="Votre mot de passe est déjà choisi : connectez-vous. S’il est oublié, demandez-en un nouveau.",
    )
