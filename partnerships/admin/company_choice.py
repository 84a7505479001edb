"""The page where the company of a convention is chosen, by searching: for a new one, for a template, for a draft."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from partnerships.admin.writing import ConventionPages, page_of
from partnerships.company_forms import CompanySearchForm
from partnerships.diffusion import shown_name
from partnerships.permissions import PartnershipPermission
from partnerships.queries import companies_listed, companies_searched, templates_visible_to
from schools.scope import scope_of

FOLDER = "admin/partnerships/partnershipconvention"
SHOWN = 12


class CompanyChoice(ConventionPages):
    """Choosing writes nothing: it leads to the form that does."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.company_view)
        name = "partnerships_partnershipconvention_company"
        return [path("entreprise/", view, name=name), *super().get_urls()]

    def company_view(self, request: HttpRequest) -> HttpResponse:
        """Show the companies that match what is searched; each leads where it was asked from."""
        if not request.user.has_perm(PartnershipPermission.ADD_CONVENTION):
            raise PermissionDenied
        place = reverse("admin:partnerships_partnershipconvention_company")
        purpose = {name: request.GET[name] for name in ("modele", "convention") if name in request.GET}
        form = CompanySearchForm(request.GET, live_url=f"{place}?{urlencode(purpose)}" if purpose else place)
        target, parameter = self._target(request)
        found = companies_searched(companies_listed(scope_of(request.user)), form.words(), writer=True)
        companies = list(found[: SHOWN + 1])
        for company in companies:
            company.told_name = shown_name(company, writer=True)  # type: ignore[attr-defined]
            company.choice_url = f"{target}?{urlencode({parameter: company.pk})}"  # type: ignore[attr-defined]
        context = {
            "form": form, "companies": companies[:SHOWN], "more": len(companies) > SHOWN, "purpose": purpose,
            "cancel_url": target if "convention" in purpose else "",
        }  # fmt: skip
        live = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
        return TemplateResponse(request, f"{FOLDER}/{'company_found' if live else 'company'}.html", context)

    def _target(self, request: HttpRequest) -> tuple[str, str]:
        """Return the form to go back to, and the name by which it takes the company."""
        if draft := request.GET.get("convention"):
            return page_of(self.find(request, draft)), "entreprise"
        template = request.GET.get("modele", "")
        known = templates_visible_to(scope_of(request.user))
        if template.isdecimal() and known.filter(pk=template).exists():
            return reverse("admin:partnerships_conventiontemplate_use", args=[template]), "company"
        return reverse("admin:partnerships_partnershipconvention_add"), "entreprise"
