from django.urls import path

from e2c_portal.upkeep.views import incidents, sections

app_name = "upkeep"
urlpatterns = [
    path("", sections.index, name="index"),
    path("pannes/", incidents.incident_list, name="incidents"),
]
