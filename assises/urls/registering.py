"""Registering oneself: asked on the public page, written by personal link; the questions of an edition."""

from django.urls import URLPattern, path

from assises.views import asking, questions

HERE = "<int:year>/preparation/"

urlpatterns: list[URLPattern] = [
    path("<int:year>/inscription/", asking.ask, name="register"),
    path("<int:year>/inscription/envoyee/", asking.sent, name="register_sent"),
    path(f"{HERE}questions/", questions.question_list, name="questions"),
    path(f"{HERE}questions/nouvelle/", questions.question_new, name="question_new"),
    path(f"{HERE}questions/<int:pk>/", questions.question_change, name="question_change"),
    path(f"{HERE}questions/<int:pk>/retirer/", questions.question_remove, name="question_remove"),
]
