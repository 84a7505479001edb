from django.urls import path

from e2c_portal.figures import views
from e2c_portal.figures.annual import urls as annual

app_name = "figures"
urlpatterns = [
    *annual.urlpatterns,
    path("", views.figures, name="index"),
    path("<slug:key>/lignes/", views.rows, name="rows"),
    path("<slug:key>/", views.indicator, name="indicator"),
]
