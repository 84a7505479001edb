"""What is kept of the changes of accounts: every one, never a secret."""

from e2c_portal.audit.tracking import Exceptions

ACCOUNTS = Exceptions(
    inner={"accounts.User": ("last_login",), "mfa.Authenticator": ("last_used_at",)},
    quiet={"mfa.Authenticator": ("data",)},
    parents={"account.EmailAddress": "user", "mfa.Authenticator": "user", "socialaccount.SocialAccount": "user"},
    also=("account.EmailAddress", "mfa.Authenticator", "socialaccount.SocialAccount"),
)
