"""Presence, monthly statements, accidents."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
