from django.urls import path

from e2c_portal.upkeep.views import sections

app_name = "upkeep"
urlpatterns = [
    path("", sections.index, name="index"),
]
