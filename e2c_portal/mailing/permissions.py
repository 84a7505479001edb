"""The rights of mailing, by name. Who holds them is said on a higher floor (accounts.permissions)."""

from enum import StrEnum


class MailingPermission(StrEnum):
    VIEW_MAIL = "mailing.view_mail"
    VIEW_SMS = "mailing.view_sms"
    RESEND = "mailing.resend"
