"""Who somebody is, as small questions that the rules of the apps join with & and |."""

from enum import StrEnum

import rules

from e2c_portal.accounts.models import Role, User


@rules.predicate
def is_regional_officer(user: User) -> bool:
    return user.role == Role.REGIONAL_OFFICER


@rules.predicate
def is_data_officer(user: User) -> bool:
    return user.role == Role.DATA_OFFICER


@rules.predicate
def is_auditor(user: User) -> bool:
    return user.role == Role.AUDITOR


@rules.predicate
def is_door_staff(user: User) -> bool:
    """Say whether somebody may scan at the door of the Assises, and nothing else: no other rule may build on this."""
    return user.role == Role.DOOR_STAFF


has_network_role = is_regional_officer | is_data_officer | is_auditor


class AccountPermission(StrEnum):
    """The rights on accounts, and on documents and messages as such: those floors know no role, so they are named here."""

    VIEW_USER = "accounts.view_user"
    ADD_USER = "accounts.add_user"
    CHANGE_USER = "accounts.change_user"
    RESET_SECOND_FACTOR = "accounts.reset_second_factor"
    VIEW_DOCUMENT = "documents.view_document"
    RETRY_DOCUMENT = "documents.retry_document"
    VIEW_QUARANTINE = "documents.view_quarantinedfile"
    DESTROY_QUARANTINED = "documents.destroy_quarantinedfile"
    VIEW_MAIL = "mailing.view_mail"
    VIEW_SMS = "mailing.view_sms"
    RESEND_MESSAGE = "mailing.resend"


READ_BY_NETWORK_ROLES = (
    AccountPermission.VIEW_USER,
    AccountPermission.VIEW_DOCUMENT,
    AccountPermission.VIEW_QUARANTINE,
    AccountPermission.VIEW_MAIL,
    AccountPermission.VIEW_SMS,
)
for name in AccountPermission:
    rules.add_perm(name, has_network_role if name in READ_BY_NETWORK_ROLES else is_regional_officer)
