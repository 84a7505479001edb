"""Who signs in and how: passwords, codes, second factors, limits of tries, ProConnect."""

from urllib.parse import urlsplit

import environ

env = environ.Env()


def origin_of(address: str) -> str:
    """Return "https://host:port" of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "e2c_portal.accounts.passwords.CnilPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "e2c_portal.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "e2c_portal.accounts.forms.SignInForm",
    "reset_password": "e2c_portal.accounts.forms.AskForResetForm",
    "reset_password_from_key": "e2c_portal.accounts.forms.ResetPasswordForm",
    "change_password": "e2c_portal.accounts.forms.ChangePasswordForm",
    "set_password": "e2c_portal.accounts.forms.SetPasswordForm",
    "reauthenticate": "e2c_portal.accounts.forms.ReauthenticateForm",
    "request_login_code": "e2c_portal.accounts.forms.AskForCodeForm",
    "confirm_login_code": "e2c_portal.accounts.forms.ConfirmCodeForm",
}
PASSWORD_RESET_TIMEOUT = 2 * 3600
# A code by e-mail is worth one factor, as a password is: whoever has a second one is still asked for it.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The portal writes by itself to an address without an account: allauth would point to a sign-up page that does not exist.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60
# Lists of people are taken several times a day: a proof is good for longer (ASVS 3.7.1).
EXPORT_PROOF_MINUTES = env.int("EXPORT_PROOF_MINUTES", default=15)
# Who may try, how often: by network address, by account aimed at (key), by person signed in.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key,12/h/key",
    "reset_password": "20/m/ip,5/m/key,12/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "invite": "60/h/user",
}
MFA_ADAPTER = "e2c_portal.accounts.mfa_adapter.PortalMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "e2c_portal.accounts.factor_forms.ShowFactorForm",
    "reauthenticate": "e2c_portal.accounts.factor_forms.ShowFactorAgainForm",
    "activate_totp": "e2c_portal.accounts.factor_forms.ActivateApplicationForm",
    "deactivate_totp": "e2c_portal.accounts.factor_forms.RemoveApplicationForm",
    "generate_recovery_codes": "e2c_portal.accounts.factor_forms.NewCodesForm",
    "add_webauthn": "e2c_portal.accounts.factor_forms.AddPasskeyForm",
    "edit_webauthn": "e2c_portal.accounts.factor_forms.RenamePasskeyForm",
}

# ProConnect (OpenID Connect) opens existing accounts, when it is named here; otherwise its addresses answer 404.
PROCONNECT_SERVER_URL = env("PROCONNECT_SERVER_URL", default="")
SOCIALACCOUNT_ADAPTER = "e2c_portal.accounts.social_adapter.ClosedSocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = (
    {
        "proconnect": {
            "APPS": [
                {
                    "provider_id": "proconnect",
                    "name": "ProConnect",
                    "client_id": env("PROCONNECT_CLIENT_ID", default=""),
                    "secret": env("PROCONNECT_CLIENT_SECRET", default=""),
                    "settings": {"server_url": PROCONNECT_SERVER_URL},
                }
            ]
        }
    }
    if PROCONNECT_SERVER_URL
    else {}
)
