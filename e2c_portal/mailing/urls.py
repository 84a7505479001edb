"""The addresses of messages: what their recipient wishes to receive, open to all, and what they say, for staff."""

from django.urls import path

from e2c_portal.mailing import staff_views, views

app_name = "mailing"
urlpatterns = [
    path("choix/<str:key>/", views.choose_messages, name="preferences"),
    path("modeles/", staff_views.type_list, name="types"),
    path("modeles/courriel/<str:name>/", staff_views.mail_type, name="mail_type"),
    path("modeles/courriel/<str:name>/html/", staff_views.mail_type_html, name="mail_type_html"),
    path("modeles/sms/<str:name>/", staff_views.sms_type, name="sms_type"),
]
