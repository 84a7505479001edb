from django.urls import path

from e2c_portal.upkeep.views import consistency

app_name = "upkeep"
urlpatterns = [
    path("controles/", consistency.checks, name="checks"),
    path("controles/avancement/", consistency.progress, name="checks_progress"),
    path("controles/lancer/", consistency.run_now, name="run_checks"),
    path("controles/<int:pk>/fiche/", consistency.record, name="finding_record"),
]
