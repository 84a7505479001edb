"""After the day, and the messages before and after: outbox, attestations, survey."""

from django.urls import URLPattern

HERE = "<int:year>/preparation/"

urlpatterns: list[URLPattern] = []
