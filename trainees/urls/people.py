"""Trainees and their pathways."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
