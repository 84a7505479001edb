"""Internships: guided entry, page, list, moves."""

from django.urls import URLPattern, path

from trainees.views import internship_entry, internships

urlpatterns: list[URLPattern] = [
    path("stages/", internships.internship_list, name="internships"),
    path("stages/metiers/", internship_entry.trades, name="internship_trades"),
    path("stages/<int:pk>/", internships.internship_page, name="internship"),
    path("stages/<int:pk>/modifier/", internship_entry.internship_edit, name="internship_edit"),
    path("stages/<int:pk>/etape/<slug:name>/", internships.internship_move, name="internship_move"),
    path("stages/<int:pk>/derogation/", internships.derogation_new, name="derogation_new"),
    path("<uuid:public_id>/stages/nouveau/", internship_entry.internship_new, name="internship_new"),
    path("<uuid:public_id>/stages/accueil/", internship_entry.internship_host, name="internship_host"),
    path("<uuid:public_id>/stages/accueil/nouveau/", internship_entry.internship_host_new, name="internship_host_new"),
]
