"""Registrations seen by a school and by the Région, and the waiting list."""

from django.urls import URLPattern, path

from assises.views import group_registering, registration_desk, registrations

HERE = "<int:year>/preparation/"
LIST = f"{HERE}inscriptions/"
ONE = f"{LIST}<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(LIST, registrations.registration_list, name="registrations"),
    path(f"{LIST}nouvelle/", registration_desk.registration_new, name="registration_new"),
    path(f"{LIST}liste-d-attente/", registration_desk.waiting, name="waiting"),
    path(f"{LIST}a-accepter/", registration_desk.requests, name="requests"),
    path(f"{LIST}reponses/", registration_desk.answer_counts, name="answer_counts"),
    path(ONE, registrations.registration_page, name="registration"),
    path(f"{ONE}modifier/", registrations.registration_change, name="registration_change"),
    path(f"{ONE}ateliers/", registrations.registration_workshops, name="registration_workshops"),
    path(f"{ONE}priorite/", registration_desk.registration_priority, name="registration_priority"),
    path(f"{ONE}<slug:name>/", registrations.registration_act, name="registration_act"),
    path(f"{HERE}ecoles/<int:school_pk>/choisir/", group_registering.school_choose, name="school_choose"),
    path(f"{HERE}ecoles/<int:school_pk>/inscrire/", group_registering.school_register, name="school_register"),
]
