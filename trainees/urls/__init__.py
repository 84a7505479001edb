"""The pages of this app, one file for each part of the work."""

from django.urls import URLPattern

from trainees.urls import (
    agreements,
    assessments,
    attendance,
    boards,
    certificates,
    frameworks,
    hosts,
    imports,
    internships,
    people,
    portfolio,
)

app_name = "trainees"
urlpatterns: list[URLPattern] = [
    *boards.urlpatterns,
    *people.urlpatterns,
    *internships.urlpatterns,
    *agreements.urlpatterns,
    *attendance.urlpatterns,
    *hosts.urlpatterns,
    *imports.urlpatterns,
    *frameworks.urlpatterns,
    *certificates.urlpatterns,
    *portfolio.urlpatterns,
    *assessments.urlpatterns,
]
