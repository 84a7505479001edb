"""The addresses of documents. Those under verifier/ are for anybody, those under documents/ for who may read."""

from django.urls import include, path

from e2c_portal.documents.views import verification

app_name = "documents"

urlpatterns = [
    path("verifier/", verification.verify, name="verify"),
    path("verifier/<str:typed>/", verification.verdict, name="verdict"),
    path("documents/", include("e2c_portal.documents.private_urls")),
]
