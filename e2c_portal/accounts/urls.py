"""Sign-in, sign-out, passwords, second factor and sessions under French addresses. There is no sign-up."""

from allauth.account import views
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as application
from allauth.mfa.webauthn import views as keys
from django.urls import path, re_path
from django.views.generic import RedirectView

from e2c_portal.accounts.views import codes as codes_by_mail
from e2c_portal.accounts.views import proconnect, sessions

urlpatterns = [
    path("connexion/", views.login, name="account_login"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("mot-de-passe/changer/", views.password_change, name="account_change_password"),
    path("mot-de-passe/oublie/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", views.password_reset_done, name="account_reset_password_done"),
    path("mot-de-passe/choisir/", views.password_set, name="account_set_password"),
    re_path(
        # The key itself holds hyphens: only the first one parts it from the account.
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("mot-de-passe/enregistre/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("connexion/code/", codes_by_mail.ask_for_code, name="account_request_login_code"),
    path("connexion/code/saisir/", views.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/cle/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/proconnect/", proconnect.leave, name="proconnect_login"),
    path("connexion/proconnect/retour/", proconnect.come_back, name="proconnect_callback"),
    path("connexion/seconde-etape/", factors.authenticate, name="mfa_authenticate"),
    path("confirmer/", views.reauthenticate, name="account_reauthenticate"),
    path("confirmer/code/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("confirmer/cle/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("mon-compte/connexion/", factors.index, name="mfa_index"),
    path("mon-compte/connexion/application/", application.activate_totp, name="mfa_activate_totp"),
    path("mon-compte/connexion/application/retirer/", application.deactivate_totp, name="mfa_deactivate_totp"),
    path("mon-compte/connexion/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("mon-compte/connexion/codes/renouveler/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("mon-compte/connexion/codes/telecharger/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    # allauth returns there after it removed or renamed a key: the one page shows all the factors.
    path("mon-compte/connexion/cles/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("mon-compte/connexion/cles/ajouter/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("mon-compte/connexion/cles/<int:pk>/renommer/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("mon-compte/connexion/cles/<int:pk>/retirer/", keys.remove_webauthn, name="mfa_remove_webauthn"),
    path("mon-compte/appareils/", sessions.devices, name="account_devices"),
    path("mon-compte/appareils/<int:pk>/fermer/", sessions.end_one, name="account_end_session"),
    path("mon-compte/appareils/fermer-les-autres/", sessions.end_others, name="account_end_other_sessions"),
]
