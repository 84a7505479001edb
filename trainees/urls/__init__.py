"""The pages of this app, one file for each part of the work."""

from django.urls import URLPattern

from trainees.urls import agreements, assessments, attendance, boards, hosts, imports, internships, people

app_name = "trainees"
urlpatterns: list[URLPattern] = [
    *boards.urlpatterns,
    *people.urlpatterns,
    *internships.urlpatterns,
    *agreements.urlpatterns,
    *attendance.urlpatterns,
    *hosts.urlpatterns,
    *imports.urlpatterns,
    *assessments.urlpatterns,
]
