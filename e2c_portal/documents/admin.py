"""The documents as files, for those who watch over them: read, search, start a failed one again."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from e2c_portal.audit.trail import trail_of
from e2c_portal.documents.kinds import all_kinds, kind_named
from e2c_portal.documents.models import Document, QuarantinedFile, Status
from e2c_portal.documents.quarantine import destroy, set_apart_files
from e2c_portal.documents.queries import documents_searched
from e2c_portal.documents.requesting import retry
from e2c_portal.documents.states import state_named
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.ui.admin_lists import ListAdmin
from e2c_portal.ui.operation_admin import history_page

FIELDS = (
    ("Demande", ("title", "reference", "kind_shown", "subject_shown", "requested_by", "requested_at", "supersedes")),
    ("Fabrication", ("state_shown", "failure", "attempts", "template_version")),
    (
        "Document scellé",
        (
            "download_shown", "printed_code", "sealed_at", "seal_level", "seal_subject", "size", "sha256",
            "seal_certificate_sha256",
        ),
    ),
)  # fmt: skip


class ByKind(admin.SimpleListFilter):
    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind.name, kind.label) for kind in all_kinds()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Document)
class DocumentAdmin(ListAdmin):
    """Nothing here is written by hand: a document is asked for on the page of what it prints."""

    list_display = ("reference", "title", "kind_shown", "state_shown", "requested_at", "failure")
    list_filter = ("status", ByKind)
    search_fields = ("title",)
    search_help_text = "Titre, référence ou code de vérification ; les accents ne comptent pas."
    ordering = ("-requested_at", "-pk")
    change_list_template = "admin/list_filters_above.html"
    actions = ("retry_selected",)
    fieldsets = tuple((legend, {"fields": fields}) for legend, fields in FIELDS)
    change_form_template = "admin/documents/document/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.retry_document")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return (
            super()
            .get_queryset(request)
            .defer("context", "supersedes__context")
            .select_related("requested_by", "supersedes")
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return documents_searched(queryset, search_term), False

    @admin.display(description="type", ordering="kind")
    def kind_shown(self, document: Document) -> str:
        return kind_named(document.kind).label

    @admin.display(description="état", ordering="status")
    def state_shown(self, document: Document) -> SafeString:
        return render_to_string("components/state_badge.html", {"state": state_named(document.status)})

    @admin.display(description="objet")
    def subject_shown(self, document: Document) -> SafeString:
        return format_html('<a href="{}">{}</a>', kind_named(document.kind).subject_url(document), document.reference)

    @admin.display(description="code de vérification")
    def printed_code(self, document: Document) -> str:
        return document.printed_code if document.is_sealed else ""

    @admin.display(description="fichier")
    def download_shown(self, document: Document) -> SafeString | str:
        if not document.is_sealed:
            return ""
        address = reverse("documents:download", args=[document.public_id])
        return format_html('<a href="{}">Télécharger le PDF</a>', address)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.retry_view))
        return [path("<int:pk>/relancer/", view, name="documents_document_retry"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        document = context["original"]
        context["may_retry"] = document.status == Status.FAILED and kind_named(document.kind).may_retry(
            request.user, document
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        document = self.get_object(request, unquote(object_id))
        if document is None or not self.has_view_permission(request, document):
            raise Http404
        return history_page(request, self.opts, document, trail_of(document))

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        document = get_object_or_404(self.get_queryset(request), pk=pk)
        if self._retried(request, document):
            messages.success(request, "La fabrication est relancée.")
        return redirect("admin:documents_document_change", document.pk)

    @admin.action(description="Relancer les fabrications en échec", permissions=["retry"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = sum(self._retried(request, document) for document in queryset)
        if done:
            messages.success(request, f"{counted(done, 'fabrication relancée', 'fabrications relancées')}.")

    def _retried(self, request: HttpRequest, document: Document) -> bool:
        if not kind_named(document.kind).may_retry(request.user, document):
            messages.error(request, "Vous ne pouvez pas relancer la fabrication de ce document.")
            return False
        try:
            retry(document, request.user)
        except PortalError as refusal:
            messages.error(request, f"{document.reference} : {refusal.message}")
            return False
        return True


@admin.register(QuarantinedFile)
class QuarantinedFileAdmin(ListAdmin):
    """What the antivirus refused. Nobody opens it; the request number leads to the journal of who sent it."""

    list_display = ("threat", "at", "size_shown", "request_id")
    list_display_links = None
    search_fields = ("threat", "sha256", "request_id")
    search_help_text = "Nom donné par l’antivirus, empreinte ou numéro de requête."
    actions = ("destroy_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return set_apart_files()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: QuarantinedFile | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: QuarantinedFile | None = None) -> bool:
        return False

    def has_destroy_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.destroy_quarantinedfile")

    @admin.display(description="taille", ordering="size")
    def size_shown(self, kept: QuarantinedFile) -> str:
        return filesizeformat(kept.size)

    @admin.action(description="Détruire les fichiers choisis", permissions=["destroy"])
    def destroy_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        chosen = list(queryset)
        for kept in chosen:
            destroy(kept, request.user)
        messages.success(request, f"{counted(len(chosen), 'fichier détruit', 'fichiers détruits')}.")
