"""Internships: guided entry, page, list, moves."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
