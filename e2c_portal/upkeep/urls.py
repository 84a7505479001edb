from django.urls import path

from e2c_portal.upkeep.views import queues, sections

app_name = "upkeep"
urlpatterns = [
    path("", sections.index, name="index"),
    path("files/", queues.work, name="work"),
    path("files/ouvriers/", queues.workers, name="workers"),
    path("files/relancer/", queues.restart, name="restart"),
    path("files/<slug:sort>/<int:pk>/abandon/", queues.give_up, name="give_up"),
]
