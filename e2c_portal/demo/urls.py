"""The addresses of the demonstration; e2c_portal.urls adds them only where it runs."""

from django.urls import path

from e2c_portal.demo import views

app_name = "demo"
urlpatterns = [path("connexion/", views.sign_in, name="sign_in")]
