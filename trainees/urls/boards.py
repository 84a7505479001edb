"""The day’s board, the calendar of the school, and the link of a trainee’s own page."""

from django.urls import URLPattern, path

from trainees.views import boards, space_access

urlpatterns: list[URLPattern] = [
    path("", boards.board, name="board"),
    path("calendrier/", boards.calendar, name="calendar"),
    path("calendrier/<int:year>/<int:month>/", boards.calendar, name="calendar_month"),
    path("<uuid:public_id>/lien/", space_access.space_access, name="space_access"),
    path("<uuid:public_id>/lien/envoyer/", space_access.space_grant, name="space_grant"),
]
