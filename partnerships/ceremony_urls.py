"""The pages of ceremonies: prepared by an officer, lived on a tablet, read by the network."""

from django.urls import path

from partnerships.views import ceremonies, ceremony_day

app_name = "ceremonies"

urlpatterns = [
    path("", ceremonies.ceremony_list, name="ceremonies"),
    path("nouvelle/", ceremonies.ceremony_new, name="ceremony_new"),
    path("<int:event_pk>/", ceremonies.ceremony_page, name="ceremony"),
    path("<int:event_pk>/avancement/", ceremonies.ceremony_progress, name="progress"),
    path("<int:event_pk>/modifier/", ceremonies.ceremony_change, name="ceremony_change"),
    path("<int:event_pk>/programme/", ceremonies.programme, name="programme"),
    path("<int:event_pk>/programme/<int:pk>/place/", ceremonies.item_place, name="item_place"),
    path("<int:event_pk>/programme/<int:pk>/retirer/", ceremonies.item_remove, name="item_remove"),
    path("<int:event_pk>/signature/", ceremonies.put_to_sign, name="put_to_sign"),
    path("<int:event_pk>/parapheur/", ceremonies.binder, name="binder"),
    path("<int:event_pk>/scene/", ceremony_day.stage, name="stage"),
    path("<int:event_pk>/personnes/<uuid:person>/", ceremony_day.person, name="person"),
    path("<int:event_pk>/personnes/<uuid:person>/refus/", ceremony_day.refusal, name="refusal"),
    path("<int:event_pk>/personnes/<uuid:person>/inviter/", ceremony_day.invitation, name="invitation"),
]
