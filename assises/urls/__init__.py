"""The pages of the Assises, by part."""

from assises.urls import after, door, editions, groups, registering, report

app_name = "assises"

urlpatterns = [
    *editions.urlpatterns,
    *registering.urlpatterns,
    *groups.urlpatterns,
    *door.urlpatterns,
    *report.urlpatterns,
    *after.urlpatterns,
]
