"""The yearly reports. The list and the files are for anybody."""

from django.urls import URLPattern, path

from e2c_portal.figures.annual import views

urlpatterns: list[URLPattern] = [
    path("rapports/", views.report_list, name="reports"),
    path("rapports/<int:year>.pdf", views.report_paper, name="report_paper"),
    path("rapports/<int:year>.xlsx", views.report_workbook, name="report_workbook"),
    path("rapports/<int:year>/", views.report_page, name="report"),
    path("rapports/<int:year>/publier/", views.report_publish, name="report_publish"),
]
