"""The portal's addresses as the demonstration has them."""

from django.urls import include, path

from e2c_portal.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401  Django reads them here
from e2c_portal.urls import urlpatterns as portal

urlpatterns = [*portal, path("demonstration/", include("e2c_portal.demo.urls"))]
