"""The addresses of personal links. The fixed words come first: a token is 43 letters long and is never one of them."""

from django.urls import path

from e2c_portal.links import views

app_name = "links"
urlpatterns = [
    path("perdu/", views.lost, name="lost"),
    path("envoye/", views.asked, name="asked"),
    path("visite/<str:key>/", views.visit, name="visit1"),
    path("visite/<str:key>/<slug:page>/", views.visit, name="visit2"),
    path("visite/<str:key>/<slug:page>/<slug:item>/", views.visit, name="visit3"),
    # Some mail programs drop the last slash: no redirection then, which servers would log with the token.
    path("<str:token>", views.open_token, name="open"),
    # Links are written with it: programs that make addresses clickable leave out a "-" or "_" that ends them. The last
    # address of a name is the one that `reverse` writes.
    path("<str:token>/", views.open_token, name="open"),
]
