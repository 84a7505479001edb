"""Finding a host: search, approaches, offers, visits; and the references that they read."""

from django.urls import URLPattern, path

from trainees.views import approaches, hosts, offers, references, visits

urlpatterns: list[URLPattern] = [
    path("accueils/", hosts.host_list, name="hosts"),
    path("accueils/<int:pk>/", hosts.host_page, name="host"),
    path("accueils/<int:pk>/fiche/", hosts.host_profile, name="host_profile"),
    path("accueils/<int:pk>/stage/", hosts.host_internship, name="host_internship"),
    path("accueils/<int:pk>/demarche/", approaches.approach_new, name="approach_new"),
    path("accueils/<int:pk>/offre/", offers.offer_new, name="offer_new"),
    path("metiers/", hosts.trade_suggestions, name="trade_suggestions"),
    path("communes/", hosts.commune_suggestions, name="communes"),
    path("demarches/", approaches.approach_list, name="approaches"),
    path("demarches/<int:pk>/fait/", approaches.approach_settle, name="approach_settle"),
    path("offres/", offers.offer_list, name="offers"),
    path("offres/<int:pk>/", offers.offer_page, name="offer"),
    path("offres/<int:pk>/fermer/", offers.offer_close, name="offer_close"),
    path("offres/<int:pk>/place/", offers.offer_take, name="offer_take"),
    path("offres/<int:pk>/rendre/", offers.offer_give_back, name="offer_give_back"),
    path("visites/", visits.visit_list, name="visits"),
    path("visites/<int:pk>/", visits.visit_page, name="visit"),
    path("visites/<int:pk>/annuler/", visits.visit_cancel, name="visit_cancel"),
    path("stages/<int:internship_pk>/visite/", visits.visit_new, name="visit_new"),
    path("referentiels/", references.reference_list, name="references"),
    path("referentiels/charger/", references.reference_load, name="reference_load"),
    path("referentiels/<int:pk>/en-service/", references.reference_use, name="reference_use"),
]
