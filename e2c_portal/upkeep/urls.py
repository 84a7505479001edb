from django.urls import path

from e2c_portal.upkeep.views import consistency, incidents, queues, sections

app_name = "upkeep"
urlpatterns = [
    path("", sections.index, name="index"),
    path("files/", queues.work, name="work"),
    path("files/ouvriers/", queues.workers, name="workers"),
    path("files/relancer/", queues.restart, name="restart"),
    path("files/<slug:sort>/<int:pk>/abandon/", queues.give_up, name="give_up"),
    path("controles/", consistency.checks, name="checks"),
    path("controles/avancement/", consistency.progress, name="checks_progress"),
    path("controles/lancer/", consistency.run_now, name="run_checks"),
    path("controles/<int:pk>/fiche/", consistency.record, name="finding_record"),
    path("pannes/", incidents.incident_list, name="incidents"),
]
