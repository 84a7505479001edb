"""Editions: public pages first, then those of preparation."""

from django.urls import path

from assises.views import ceremony, editions, programme, public

HERE = "<int:year>/preparation/"

urlpatterns = [
    path("", public.edition_index, name="index"),
    path("<int:year>/", public.edition_public, name="public"),
    path("<int:year>/programme.ics", public.edition_calendar, name="calendar"),
    path("preparation/nouvelle/", editions.edition_new, name="edition_new"),
    path(HERE, editions.edition_page, name="edition"),
    path(f"{HERE}modifier/", editions.edition_change, name="edition_change"),
    path(f"{HERE}reprendre/", editions.edition_copy, name="edition_copy"),
    path(f"{HERE}ceremonie/", ceremony.ceremony_prepare, name="ceremony_prepare"),
    path(f"{HERE}quotas/", editions.quotas, name="quotas"),
    path(f"{HERE}etape/<slug:move>/", editions.edition_move, name="edition_move"),
    path(f"{HERE}salles/nouvelle/", programme.room_new, name="room_new"),
    path(f"{HERE}salles/<int:pk>/", programme.room_change, name="room_change"),
    path(f"{HERE}salles/<int:pk>/retirer/", programme.room_remove, name="room_remove"),
    path(f"{HERE}temps/nouveau/", programme.session_new, name="session_new"),
    path(f"{HERE}temps/<int:pk>/", programme.session_change, name="session_change"),
    path(f"{HERE}temps/<int:pk>/retirer/", programme.session_remove, name="session_remove"),
    path(f"{HERE}publier/", programme.publish, name="publish"),
]
