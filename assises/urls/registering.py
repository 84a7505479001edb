"""Registering oneself: asked on the public page, written by personal link; the questions of an edition."""

from django.urls import URLPattern

HERE = "<int:year>/preparation/"

urlpatterns: list[URLPattern] = []
