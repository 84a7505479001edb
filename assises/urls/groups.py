"""Registrations seen by a school and by the Région, and the waiting list."""

from django.urls import URLPattern

HERE = "<int:year>/preparation/"

urlpatterns: list[URLPattern] = []
