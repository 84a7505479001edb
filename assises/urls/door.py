"""The door: posts, checkpoints, badges, attendance sheets, scans."""

from django.urls import URLPattern

HERE = "<int:year>/preparation/"

urlpatterns: list[URLPattern] = []
