"""The timed work of accounts."""

import smtplib

from celery import shared_task

from e2c_portal.accounts import emails
from e2c_portal.accounts.sessions import forget_ended_sessions


@shared_task(name="accounts.clear_expired_sessions")
def clear_expired_sessions(**kwargs: object) -> None:
    """Delete the sessions that are over: they name people and serve nobody."""
    forget_ended_sessions()


@shared_task(
    name="accounts.send_password_link",
    autoretry_for=(OSError, smtplib.SMTPException),
    retry_backoff=30,
    retry_backoff_max=3600,
    max_retries=12,
)
def send_password_link(*, user_id: int, **kwargs: object) -> None:
    """Send somebody the link to choose a password; the mail server may be away for hours."""
    emails.send_password_link(user_id)
