"""The coordinator’s spreadsheet."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
