"""Presence, monthly statements, accidents."""

from django.urls import URLPattern, path

from trainees.views import absences, accidents, attendance, school_days, statements, tutor_links

urlpatterns: list[URLPattern] = [
    path("presences/", attendance.attendance, name="attendance"),
    path("presences/absences/", absences.absence_list, name="absences"),
    path("presences/absences/<int:pk>/", absences.absence, name="absence"),
    path("presences/justificatifs/<uuid:public_id>/", absences.absence_proof, name="absence_proof"),
    path("presences/signalements/", absences.report_list, name="reports"),
    path("presences/signalements/<int:pk>/", absences.report, name="report"),
    path("presences/signalements/<int:pk>/noter/", absences.report_confirm, name="report_confirm"),
    path("presences/ecoles/<int:pk>/jours/", school_days.school_days, name="school_days"),
    path("presences/ecoles/<int:pk>/jours/<int:closure_pk>/effacer/", school_days.closure_erase, name="closure_erase"),
    path("presences/etats-mensuels/", statements.statement_list, name="statements"),
    path("presences/etats-mensuels/<int:pk>/<str:month>/", statements.statement, name="statement"),
    path("presences/etats-mensuels/<int:pk>/<str:month>/figer/", statements.statement_freeze, name="statement_freeze"),
    path(
        "presences/etats-mensuels/<int:pk>/<str:month>/corriger/",
        statements.statement_correct,
        name="statement_correct",
    ),
    path(
        "presences/etats-mensuels/<int:pk>/<str:month>/transmettre/", statements.statement_send, name="statement_send"
    ),
    path("presences/<str:day>/", attendance.attendance_day, name="attendance_day"),
    path("<uuid:public_id>/presences/<str:day>/", attendance.attendance_week, name="attendance_week"),
    path("accidents/", accidents.accident_list, name="accidents"),
    path("accidents/nouveau/", accidents.accident_new, name="accident_new"),
    path("accidents/<int:pk>/", accidents.accident, name="accident"),
    path("accidents/<int:pk>/corriger/", accidents.accident_change, name="accident_change"),
    path("accidents/<int:pk>/declarer/", accidents.accident_declare, name="accident_declare"),
    path("accidents/<int:pk>/transmettre/", accidents.accident_pass_on, name="accident_pass_on"),
    path("accidents/<int:pk>/classer/", accidents.accident_aside, name="accident_aside"),
    path("accidents/<int:pk>/reprendre/", accidents.accident_again, name="accident_again"),
    path("accidents/<int:pk>/accuse/", accidents.accident_proof, name="accident_proof"),
    path("stages/<int:pk>/lien-tuteur/", tutor_links.tutor_link, name="tutor_link"),
    path("stages/<int:pk>/lien-tuteur/envoyer/", tutor_links.tutor_link_send, name="tutor_link_send"),
]
