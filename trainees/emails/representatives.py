"""What somebody who answers for a minor is told once their address is known (RGPD, art. 12 and 14): what is kept, and whose rights.

The young person is not named: the message says which school, which knows whom it is about.
"""

from django.utils import timezone

from e2c_portal.mailing.addresses import Recipient, address_sha256
from e2c_portal.mailing.message_types import MailType
from e2c_portal.mailing.models import Mail
from e2c_portal.mailing.requesting import send_mail_on_commit
from trainees.models import LegalRepresentative

RIGHTS = "trainees.representative_rights"


def send_rights(representative: LegalRepresentative) -> Mail | None:
    """Tell somebody who answers for a minor what is kept and what they may ask, once for each address.

    Returns None when there is nobody to tell: no address, somebody of age, a representation that is over.
    """
    trainee = representative.trainee
    if not representative.email or representative.ended_on or not trainee.is_minor_on(timezone.localdate()):
        return None
    key = f"{RIGHTS}:{representative.pk}:{address_sha256(representative.email)[:32]}"
    recipient = Recipient(representative.email, representative.full_name)
    return send_mail_on_commit(RIGHTS, recipient, trainee, {"school": trainee.school.name}, dedup_key=key)


TYPES: tuple[MailType, ...] = (
    MailType(
        RIGHTS, "Droits du représentant légal et du mineur", subject="Vos données, et celles du mineur que vous représentez",
        sample={"school": "École de la 2e chance (exemple)"},
    ),
)  # fmt: skip
