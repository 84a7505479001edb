"""Finding a host: search, approaches, offers, visits."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
