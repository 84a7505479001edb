from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class UiConfig(AppConfig):
    name = "e2c_portal.ui"
    label = "ui"
    verbose_name = "Interface"


class PortalAdminConfig(AdminConfig):
    """Django's admin, with the portal's own site."""

    default_site = "e2c_portal.ui.admin_site.PortalAdminSite"
