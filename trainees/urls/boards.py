"""The day’s board and the calendar of the school."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
