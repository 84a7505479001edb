"""The reading pages of partnerships, for whoever works in the network."""

from django.urls import path

from partnerships.views import amendments, conventions, deliveries, following, promises

app_name = "partnerships"
DELIVERY = "<int:pk>/engagements/<int:key>/realisations/<uuid:public_id>"

urlpatterns = [
    path("", conventions.convention_list, name="conventions"),
    path("<int:pk>/", conventions.convention_page, name="convention"),
    path("<int:pk>/documents/", conventions.convention_documents, name="convention_documents"),
    path("actions/", following.action_list, name="actions"),
    path("<int:pk>/commentaires/", following.comment_add, name="comment_add"),
    path("<int:pk>/commentaires/<int:comment_pk>/", following.comment_resolve, name="comment_resolve"),
    path("engagements/", promises.promise_list, name="promises"),
    path("engagements/a-confirmer/", promises.waiting_list, name="deliveries_waiting"),
    path("<int:pk>/engagements/<int:key>/", promises.promise_page, name="promise"),
    path(f"{DELIVERY}/justificatif/", deliveries.proof, name="delivery_proof"),
    path(f"{DELIVERY}/confirmer/", deliveries.confirm, name="delivery_confirm"),
    path(f"{DELIVERY}/ecarter/", deliveries.set_aside, name="delivery_set_aside"),
    path(f"{DELIVERY}/annuler/", deliveries.cancel, name="delivery_cancel"),
    path("<int:pk>/texte/", amendments.consolidated_page, name="consolidated"),
    path("<int:pk>/avenants/<int:amendment_pk>/", amendments.amendment_page, name="amendment"),
]
