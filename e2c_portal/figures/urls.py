from django.urls import path

from e2c_portal.figures.annual import urls as annual
from e2c_portal.figures.views import pages, public, publishing, rows

app_name = "figures"
urlpatterns = [
    *annual.urlpatterns,
    path("", pages.figures, name="index"),
    path("publics/", public.public, name="public"),
    path("publics/<int:year>.csv", public.public_csv, name="public_csv"),
    path("publics/<int:year>.json", public.public_json, name="public_json"),
    path("publier/<int:year>/", publishing.publish_year, name="publish"),
    path("<slug:key>/", pages.indicator, name="indicator"),
    path("<slug:key>/lignes/", rows.rows, name="rows"),
]
