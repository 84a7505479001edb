"""The page that prepares the renewal of a convention."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from e2c_portal.kernel.errors import PortalError
from partnerships.admin.writing import ConventionPages, page_of
from partnerships.calendar import DAY
from partnerships.operations.renewals import renew_convention, renewal_missing

FOLDER = "admin/partnerships/partnershipconvention"


class ConventionRenewals(ConventionPages):
    """Renewing makes a draft: nothing is signed here."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.renew_view)
        return [
            path("<int:pk>/renouveler/", view, name="partnerships_partnershipconvention_renew"),
            *super().get_urls(),
        ]

    def renew_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what the renewal will be; create its draft when it is posted."""
        convention = self.find(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                draft = renew_convention(convention.pk, request.user)
            except PortalError as refusal:
                messages.error(request, " ".join([refusal.message, *getattr(refusal, "details", [])]))
                return redirect(page_of(convention))
            messages.success(request, f"La convention {draft.number} est créée pour renouveler {convention.number}.")
            return redirect(page_of(draft))
        last_day = convention.terms.last_day
        context = {
            "convention": convention,
            "missing": renewal_missing(convention),
            "first_day": last_day + DAY if last_day else None,
            "cancel_url": page_of(convention),
        }
        return TemplateResponse(request, f"{FOLDER}/renew.html", context)
