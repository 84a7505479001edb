"""The messages that tell somebody that the way into their account has changed, in case it was not them."""

from e2c_portal.accounts.models import User
from e2c_portal.mailing.addresses import Recipient
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.requesting import send_mail_on_commit

NOTICE = "accounts.notice"
# The names are those by which allauth asks for its own messages.
WHAT = {
    "account/email/password_changed": "Le mot de passe de votre compte a été changé.",
    "account/email/password_set": "Un mot de passe a été choisi pour votre compte.",
    "account/email/password_reset": "Le mot de passe de votre compte a été renouvelé par un lien reçu à cette adresse.",
    "mfa/email/totp_activated": "Une application d’authentification a été ajoutée à votre compte.",
    "mfa/email/totp_deactivated": "L’application d’authentification de votre compte a été retirée.",
    "mfa/email/webauthn_added": "Une clé d’accès a été ajoutée à votre compte.",
    "mfa/email/webauthn_removed": "Une clé d’accès de votre compte a été retirée.",
    "mfa/email/recovery_codes_generated": "De nouveaux codes de secours ont été créés : les anciens ne servent plus.",
    "socialaccount/email/account_connected": "Votre compte s’ouvre désormais aussi par ProConnect.",
    "reset": "La Région a retiré la seconde étape de votre connexion, à votre demande. Vos sessions sont fermées.",
}
MAIL = MailType(
    NOTICE,
    "Changement dans la façon de se connecter",
    subject="Votre compte : la façon de se connecter a changé",
    staff=True,
    sample={"what": WHAT["mfa/email/totp_activated"]},
)


def tell(user: User, name: str) -> None:
    """Ask for the message about one change, by the name of that change. A name without words is not written about."""
    if what := WHAT.get(name):
        send_mail_on_commit(NOTICE, Recipient(user.email, user.full_name), user, {"what": what})
