"""Every read of accounts."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from e2c_portal.accounts.models import Role, User
from e2c_portal.kernel.search import Fold, fold
from e2c_portal.mailing.addresses import Recipient


def active_account(email: str) -> User | None:
    """Return the open account of this address, None when there is none."""
    return User.objects.filter(email__iexact=email, is_active=True).first()


def regional_officers(among: Iterable[int] | None = None) -> QuerySet[User]:
    """Return the regional officers whose account is open, by name; `among` narrows them to some accounts."""
    officers = User.objects.filter(role=Role.REGIONAL_OFFICER, is_active=True).order_by("full_name", "pk")
    return officers if among is None else officers.filter(pk__in=among)


def officers_to_write() -> list[Recipient]:
    """Return the addresses of the regional officers whose account is open."""
    return [Recipient(officer.email, officer.full_name) for officer in regional_officers()]


def account_of(subject: str) -> User | None:
    """Return the account that a link or a message names as "accounts.user:12", None when it is something else."""
    label, _, number = subject.partition(":")
    if label != User._meta.label_lower or not number.isdecimal():
        return None
    return User.objects.filter(pk=int(number)).first()


def people_searched(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Keep the people whose name or address holds every word, accents and case aside."""
    found = people.alias(folded_name=Fold("full_name"), folded_email=Fold("email"))
    for word in fold(words).split():
        found = found.filter(Q(folded_name__contains=word) | Q(folded_email__contains=word))
    return found
