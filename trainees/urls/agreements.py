"""Agreements of internships, their amendments, the reading page of the trainee."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
