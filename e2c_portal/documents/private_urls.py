"""The addresses of documents for people who are signed in."""

from django.urls import path

from e2c_portal.documents.views import batches, downloads

urlpatterns = [
    path("<uuid:public_id>/", downloads.download, name="download"),
    path("<uuid:public_id>/etat/", downloads.state, name="state"),
    path("<uuid:public_id>/relancer/", downloads.retry, name="retry"),
    path("lots/<uuid:public_id>/", batches.batch, name="batch"),
    path("lots/<uuid:public_id>/avancement/", batches.progress, name="batch_progress"),
]
