"""The report of an edition, its photos and its closing."""

from django.urls import path

from assises.views import photos, report

HERE = "<int:year>/preparation/"

urlpatterns = [
    path("<int:year>/bilan.pdf", report.report_paper, name="report_paper"),
    path("<int:year>/bilan.xlsx", report.report_workbook, name="report_workbook"),
    path(f"{HERE}bilan/", report.report_page, name="report"),
    path(f"{HERE}bilan/cloturer/", report.report_close, name="report_close"),
    path(f"{HERE}bilan/corriger/", report.report_revise, name="report_revise"),
    path(f"{HERE}bilan/<int:number>/bilan.xlsx", report.version_workbook, name="version_workbook"),
    path(f"{HERE}bilan/sources/nouveau/", report.fact_new, name="fact_new"),
    path(f"{HERE}bilan/sources/<int:pk>/retirer/", report.fact_remove, name="fact_remove"),
    path(f"{HERE}photos/", photos.photos, name="photos"),
    path(f"{HERE}photos/nouvelle/", photos.photo_new, name="photo_new"),
    path(f"{HERE}photos/<uuid:public_id>/", photos.photo_file, name="photo_file"),
    path(f"{HERE}photos/<uuid:public_id>/retirer/", photos.photo_remove, name="photo_remove"),
]
