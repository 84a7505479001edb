"""The portfolio of a trainee, and its evidence."""

from django.urls import URLPattern, path

from trainees.views import portfolio

urlpatterns: list[URLPattern] = [
    path("<uuid:public_id>/portefeuille/", portfolio.portfolio, name="portfolio"),
    path("<uuid:public_id>/portefeuille/preuve/", portfolio.evidence_new, name="evidence_new"),
    path("preuves/<uuid:public_id>/", portfolio.evidence_file, name="evidence"),
    path("preuves/<uuid:public_id>/retirer/", portfolio.evidence_remove, name="evidence_remove"),
]
