"""The addresses of exports: the list, the format, then the list's own parameters."""

from django.urls import path

from e2c_portal.exports import views

app_name = "exports"

urlpatterns = [path("<slug:name>/<slug:extension>/", views.export, name="export")]
