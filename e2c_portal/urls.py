"""All the addresses of the portal. Apps are named as strings: nothing here is imported by anybody."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from e2c_portal.home import legal_views as legal
from e2c_portal.home import views as home
from e2c_portal.upkeep.views.metrics import metrics

handler400 = "e2c_portal.home.errors.bad_request"
handler403 = "e2c_portal.home.errors.forbidden"
handler404 = "e2c_portal.home.errors.not_found"
handler500 = "e2c_portal.home.errors.server_error"
# allauth looks for this name too.
handler429 = "e2c_portal.home.errors.too_many_requests"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.index, name="home"),
    path("sante/", home.state, name="health"),
    path("mentions-legales/", legal.notice, name="legal_notice"),
    path("vos-donnees/", legal.your_data, name="your_data"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("plan-du-site/", legal.site_map, name="site_map"),
    path("metriques/", metrics, name="metrics"),
    path(".well-known/security.txt", home.security_txt, name="security_txt"),
    path("", include("e2c_portal.accounts.urls")),
    path("conventions/", include("partnerships.urls")),
    path("ceremonies/", include("partnerships.ceremony_urls")),
    path("entreprises/", include("partnerships.company_urls")),
    path("reseau/", include("schools.urls")),
    path("stagiaires/", include("trainees.urls")),
    path("assises/", include("assises.urls")),
    path("", include("e2c_portal.documents.urls")),
    path("lien/", include("e2c_portal.links.urls")),
    path("donnees-personnelles/", include("e2c_portal.privacy.urls")),
    path("exports/", include("e2c_portal.exports.urls")),
    path("historique/", include("e2c_portal.audit.urls")),
    path("chiffres/", include("e2c_portal.figures.urls")),
    path("exploitation/", include("e2c_portal.upkeep.urls")),
    path("signatures/", include("e2c_portal.signing.urls")),
    path("messages/", include("e2c_portal.mailing.urls")),
    path("gestion/", admin.site.urls),
]
if settings.DEMO:
    urlpatterns.append(path("demonstration/", include("e2c_portal.demo.urls")))
