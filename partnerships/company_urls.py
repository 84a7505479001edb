"""The pages of companies, for whoever works in the network."""

from django.urls import path

from partnerships.views import access, companies, merging, requests, sirene

app_name = "companies"

urlpatterns = [
    path("", companies.company_list, name="companies"),
    path("nouvelle/", companies.company_new, name="company_new"),
    path("ressemblances/", companies.company_likenesses, name="likenesses"),
    path("sirene/", sirene.sirene_imports, name="sirene"),
    path("sirene/<uuid:public_id>/", sirene.sirene_import, name="sirene_import"),
    path("sirene/<uuid:public_id>/avancement/", sirene.sirene_progress, name="sirene_progress"),
    path("sirene/<uuid:public_id>/appliquer/", sirene.sirene_apply, name="sirene_apply"),
    path("<int:pk>/", companies.company_page, name="company"),
    path("<int:pk>/echanges/nouveau/", companies.exchange_new, name="exchange_new"),
    path("<int:pk>/contacts/<int:contact_pk>/depart/", companies.contact_departure, name="contact_departure"),
    path("<int:pk>/contacts/<int:contact_pk>/acces/", access.contact_access, name="contact_access"),
    path("<int:pk>/contacts/<int:contact_pk>/acces/envoyer/", access.access_grant, name="access_grant"),
    path("demandes/", requests.request_list, name="requests"),
    path("demandes/<int:pk>/", requests.request_page, name="request"),
    path("<int:pk>/reunir/", merging.merge_choose, name="merge_choose"),
    path("<int:pk>/reunir/<int:kept_pk>/", merging.merge_confirm, name="merge_confirm"),
]
