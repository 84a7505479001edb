from django.urls import path

from e2c_portal.privacy.views import access, holds, people, register, waiting

app_name = "privacy"
urlpatterns = [
    path("", people.index, name="index"),
    path("durees/", register.rules, name="rules"),
    path("effacements/", register.erased, name="removals"),
    path("gels/", holds.hold_list, name="holds"),
    path("gels/nouveau/<str:subject>/", holds.place, name="place_hold"),
    path("gels/<int:pk>/levee/", holds.lift, name="lift_hold"),
    path("preavis/", waiting.notice_list, name="notices"),
    path("dossiers/", waiting.access_file_list, name="access_files"),
    path("dossiers/<uuid:public_id>/", access.access_file, name="access_file"),
    path("dossiers/<uuid:public_id>/avancement/", access.progress, name="access_progress"),
    path("dossiers/<uuid:public_id>/fichier/", access.download, name="access_download"),
    path("personnes/<slug:slug>/<int:pk>/", people.person, name="person"),
    path("personnes/<slug:slug>/<int:pk>/dossier-acces/", access.ask, name="ask_access"),
    path("personnes/<slug:slug>/<int:pk>/effacement/", people.erase, name="erase"),
]
