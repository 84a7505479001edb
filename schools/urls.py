"""The reading pages of the network, for whoever works in it."""

from django.urls import path

from schools.views import network

app_name = "schools"

urlpatterns = [
    path("", network.school_list, name="schools"),
    path("<slug:slug>/", network.school_page, name="school"),
]
