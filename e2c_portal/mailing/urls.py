"""The one public address of messages: what their recipient wishes to receive."""

from django.urls import path

from e2c_portal.mailing import views

app_name = "mailing"
urlpatterns = [
    path("choix/<str:key>/", views.choose_messages, name="preferences"),
]
