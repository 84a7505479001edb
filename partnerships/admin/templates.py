"""Templates of conventions: their text, their preview, and the draft made from one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.operation_admin import OperationAdmin, OperationInline
from e2c_portal.ui.refusals import add_refusal
from partnerships import variables
from partnerships.admin.writing import page_of
from partnerships.models import ConventionTemplate, TemplateArticle
from partnerships.operations.templates import TemplateLines, draft_from_template, save_template
from partnerships.permissions import PartnershipPermission
from partnerships.queries import templates_visible_to
from partnerships.template_filling import filled_template
from partnerships.template_forms import UseTemplateForm
from schools.scope import scope_of


class TemplateArticles(OperationInline):
    model = TemplateArticle
    fields = ("number", "title", "body")
    can_delete = True
    verbose_name = "article"
    verbose_name_plural = "articles"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PartnershipPermission.CHANGE_TEMPLATE)

    has_change_permission = has_add_permission

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(PartnershipPermission.VIEW_TEMPLATE)


@admin.register(ConventionTemplate)
class ConventionTemplateAdmin(OperationAdmin):
    list_display = ("name", "kind", "year", "retired", "use_shown")
    list_filter = ("kind", "year", "retired")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "kind", "year", "retired")}),
        (
            "Texte",
            {
                "fields": ("title", "object", "preamble", "visas", "recitals"),
                "description": "Variables : "
                + ", ".join(f"{{{name}}} ({label})" for name, label in variables.KNOWN.items())
                + ".",
            },
        ),
        (
            "Durée, renouvellement et préavis",
            {"fields": ("duration_months", "renewal", "renewal_months", "renewal_limit", "notice_months")},
        ),
    )
    inlines = (TemplateArticles,)
    trail = staticmethod(trail_of)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return templates_visible_to(scope_of(request.user))

    def get_urls(self) -> list[URLPattern]:
        use = path(
            "<int:pk>/utiliser/",
            self.admin_site.admin_view(self.use_view),
            name="partnerships_conventiontemplate_use",
        )
        return [use, *super().get_urls()]

    @admin.display(description="convention")
    def use_shown(self, template: ConventionTemplate) -> SafeString | str:
        if template.retired:
            return "–"
        url = reverse("admin:partnerships_conventiontemplate_use", args=[template.pk])
        return format_html('<a href="{}">Créer à partir de ce modèle</a>', url)

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> ConventionTemplate:
        kept = [row for formset in formsets for row in formset.save(commit=False)]
        removed = [row for formset in formsets for row in formset.deleted_objects]
        return save_template(form.instance, TemplateLines(kept, removed), request.user)

    def use_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what a convention made from this template would read; create its draft when it is posted."""
        template = get_object_or_404(templates_visible_to(scope_of(request.user)), pk=pk)
        if not request.user.has_perm(PartnershipPermission.ADD_CONVENTION):
            raise PermissionDenied
        asked = request.GET if "starts_on" in request.GET else None
        form = UseTemplateForm(request.POST if request.method == "POST" else asked, initial=request.GET.dict())
        if (company := form.chosen()) is None:
            return redirect(f"{reverse('admin:partnerships_partnershipconvention_company')}?modele={pk}")
        filled = None
        if form.is_bound and form.is_valid():
            chosen = form.cleaned_data
            filled = filled_template(template, chosen["company"], chosen["starts_on"])
            if request.method == "POST":
                try:
                    draft = draft_from_template(
                        template.pk, chosen["company"], chosen["starts_on"], request.user, sending=form.sending()
                    )
                except (PortalError, ValidationError) as refusal:
                    add_refusal(form, refusal)
                else:
                    messages.success(request, f"La convention {draft.number} est créée à partir du modèle.")
                    return redirect(page_of(draft))
            else:
                form.send_anew()
        context = {
            "template": template, "form": form, "filled": filled, "known": variables.KNOWN, "company": company,
        }  # fmt: skip
        return TemplateResponse(request, "admin/partnerships/conventiontemplate/use.html", context)
