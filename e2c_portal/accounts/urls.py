"""Sign-in, sign-out and passwords under French addresses. There is no sign-up and no list of addresses."""

from allauth.account import views
from django.urls import path, re_path

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
]
