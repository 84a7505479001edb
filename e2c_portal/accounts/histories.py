"""The history of an account: for those who see accounts, with its addresses and its second factors."""

from typing import Any

from django.db.models import Model

from e2c_portal.accounts.models import User
from e2c_portal.accounts.permissions import AccountPermission
from e2c_portal.audit.histories import History, admin_page_of


def account(user: Any, pk: int) -> Model | None:
    """Return an account, for those who see accounts."""
    return User.objects.filter(pk=pk).first() if user.has_perm(AccountPermission.VIEW_USER) else None


HISTORIES = (History("accounts.User", account, ("account.EmailAddress", "mfa.Authenticator"), url=admin_page_of),)
