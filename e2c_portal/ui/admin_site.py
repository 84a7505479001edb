"""The admin of the portal: French, branded, entered by the portal's own sign-in page."""

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator


class PortalAdminSite(AdminSite):
    site_title = "Portail des Écoles de la 2e\N{NO-BREAK SPACE}chance"
    site_header = "Gestion régionale"
    index_title = "Gestion régionale"
    empty_value_display = "–"
    enable_nav_sidebar = True

    # Django's admin sends visitors here; asking for a signed-in person would send them round twice.
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Send to the portal's sign-in page; the admin has none of its own."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(request.GET.get("next", "/gestion/"))

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Send to the portal's sign-out page."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Send to the portal's own page: one place to change a password, with one set of limits."""
        return redirect("account_change_password")
