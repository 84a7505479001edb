"""One address for the history of any record: its kind, its number."""

from django.urls import path

from e2c_portal.audit import views

app_name = "audit"

urlpatterns = [path("<str:name>/<int:pk>/", views.history, name="history")]
