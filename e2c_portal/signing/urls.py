"""The addresses of signatures. Signatories come by their personal link (links.urls), or by the QR code of an officer."""

from django.urls import path

from e2c_portal.signing.views import following, on_site

app_name = "signing"
urlpatterns = [
    path("sur-place/<str:token>/", on_site.on_site, name="on_site"),
    path("sur-place/<str:token>/document/", on_site.on_site_document, name="on_site_document"),
    path("<uuid:public_id>/", following.envelope, name="envelope"),
    path("<uuid:public_id>/document/", following.document, name="document"),
    path("<uuid:public_id>/annuler/", following.void, name="void"),
    path("<uuid:public_id>/prolonger/", following.extend, name="extend"),
    path("<uuid:public_id>/pieces/<uuid:piece>/", following.exhibit, name="exhibit"),
    path("<uuid:public_id>/signataires/<uuid:person>/", following.signatory, name="signatory"),
    path("<uuid:public_id>/signataires/<uuid:person>/sur-place/", following.open_on_site, name="open_on_site"),
    path("<uuid:public_id>/signataires/<uuid:person>/<slug:action>/", following.act, name="act"),
]
