"""Whether a link may be used now, and the French words when it may not."""

from datetime import datetime

from e2c_portal.kernel.errors import Refused
from e2c_portal.links.models import LinkToken, PersonalLink
from e2c_portal.links.purposes import purpose_named


class ClosedLink(Refused):
    """A link that does not open. `link` is None when nobody knows it."""

    code = "closed_link"
    title = "Ce lien ne s’ouvre pas"

    def __init__(self, message: str, link: PersonalLink | None = None) -> None:
        super().__init__(message)
        self.link = link


class UnknownLink(ClosedLink):
    """Nobody ever received this link, or it was deleted long ago."""

    code = "unknown_link"
    title = "Lien inconnu"


class ExpiredLink(ClosedLink):
    """The link lived its time; its holder may receive a new one."""

    code = "expired_link"
    title = "Ce lien a expiré"


class ReplacedLink(ExpiredLink):
    """A more recent message carries another link to the same thing."""

    code = "replaced_link"
    title = "Ce lien a été remplacé"


class RevokedLink(ClosedLink):
    """Somebody withdrew the link."""

    code = "revoked_link"
    title = "Ce lien a été retiré"


class OutdatedLink(ClosedLink):
    """What the link opened has a new version."""

    code = "outdated_link"
    title = "Le document a changé"


UNKNOWN = (
    "Le portail ne connaît pas ce lien. Ouvrez-le depuis le message d’origine, sans le recopier à la main ; "
    "s’il tient sur deux lignes, copiez-le en entier."
)
EXPIRED = "Par sécurité, un lien personnel ne s’ouvre que pendant un temps limité."
REPLACED = "Un message plus récent vous a été envoyé : son lien est le seul qui s’ouvre encore."
REVOKED = "La personne qui suit ce dossier a retiré ce lien : il ne peut plus être utilisé."
OUTDATED = "Ce lien mène à une ancienne version. Pour que vous lisiez la bonne, il ne s’ouvre plus."


def refuse_withdrawn(link: PersonalLink) -> None:
    """Raise RevokedLink, ReplacedLink or OutdatedLink when the link may no longer lead anywhere."""
    purpose = purpose_named(link.purpose)
    if link.revoked_at:
        raise RevokedLink(purpose.revoked_text or REVOKED, link)
    version = purpose.current_version(link)
    if version is None:
        raise RevokedLink(purpose.revoked_text or REVOKED, link)
    if version != link.version:
        raise OutdatedLink(purpose.outdated_text or OUTDATED, link)
    if link.replaced_by_id:
        raise ReplacedLink(REPLACED, link)


def end_of(token: LinkToken) -> datetime:
    """Return the instant at which this token dies: its own, or the limit of its link when that was brought forward."""
    return min(token.expires_at, token.link.not_after or token.expires_at)


def refuse_closed(token: LinkToken, now: datetime) -> None:
    """Raise the ClosedLink that fits unless this token opens its link now. It dies at the instant it expires."""
    refuse_withdrawn(token.link)
    if token.retired_at:
        raise ReplacedLink(REPLACED, token.link)
    if now >= end_of(token):
        raise ExpiredLink(purpose_named(token.link.purpose).expired_text or EXPIRED, token.link)
