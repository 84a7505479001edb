"""Attestations of acquired skills, and what programs read to verify them."""

from django.urls import URLPattern, path

from trainees.views import certificate_keys, certificates

urlpatterns: list[URLPattern] = [
    path("attestations/", certificates.certificate_list, name="certificates"),
    path("attestations/<int:pk>/", certificates.certificate, name="certificate"),
    path("attestations/<int:pk>/remplacer/", certificates.certificate_reissue, name="certificate_reissue"),
    path("attestations/<int:pk>/revoquer/", certificates.certificate_revoke, name="certificate_revoke"),
    path("attestations/<int:pk>/verification/", certificates.certificate_shown, name="certificate_shown"),
    path("attestations/<int:pk>/fichier-signe/", certificates.certificate_credential, name="certificate_credential"),
    path("attestations/parcours/<int:pk>/", certificates.certificate_new, name="certificate_new"),
    # Two open doors: whoever verifies a signed file has no account. They name nobody.
    path("attestations/ecoles/<int:pk>/did.json", certificate_keys.keys, name="certificate_keys"),
    path(
        "attestations/ecoles/<int:pk>/fin/<int:number>.jwt", certificate_keys.ended, name="certificate_status_list"
    ),
]  # fmt: skip
