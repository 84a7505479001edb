"""Who at the Région follows a company or a convention: whom its contacts write to, and who is told of what they ask."""

from collections.abc import Iterable, Sequence

from e2c_portal.accounts.models import Role, User
from e2c_portal.accounts.queries import regional_officers
from partnerships import workflows
from partnerships.models import Company, PartnershipConvention


def officer_of(convention: PartnershipConvention) -> User | None:
    """Return who follows a convention, read with its author: whoever wrote it, for as long as they hold that role."""
    author = convention.created_by
    return author if author.is_active and author.role == Role.REGIONAL_OFFICER else None


def followers_of(convention: PartnershipConvention, officers: Sequence[User] | None = None) -> list[User]:
    """Return who is told about a convention: the officer who follows it, else all regional officers.

    `officers` are those of today, when they were read already.
    """
    follower = officer_of(convention)
    if follower:
        return [follower]
    return list(regional_officers()) if officers is None else list(officers)


def officers_of(company: Company) -> list[User]:
    """Return the officers who follow the conventions of a company, all regional officers when nobody does any more."""
    alive = company.conventions.exclude(status__in=[workflows.SHELVED, workflows.ARCHIVED])
    authors = set(alive.order_by().values_list("created_by", flat=True))
    return list(regional_officers(authors)) or list(regional_officers())


def contact_words(officers: Iterable[User]) -> str:
    """Return "Claire Garrigue (claire@region.fr)", the line that tells a company whom to write to; empty without anybody."""
    first = next(iter(officers), None)
    return f"{first.full_name} ({first.email})" if first else ""
