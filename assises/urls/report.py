"""The report of an edition, its photos and its closing."""

from django.urls import URLPattern

HERE = "<int:year>/preparation/"

urlpatterns: list[URLPattern] = []
