"""Envelopes, acts and evidence as those who watch over them read them: nothing is written here."""

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from e2c_portal.signing.models import Act, Envelope, Evidence, Signatory
from e2c_portal.signing.states import envelope_state, signatory_state
from e2c_portal.ui.admin_lists import ListAdmin


class ReadOnlyAdmin(ListAdmin):
    """A list and a page to read."""

    view_on_site = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class SignatoryInline(admin.TabularInline):
    model = Signatory
    fields = readonly_fields = ("rank", "role", "full_name", "quality", "method", "state_shown", "signed_at")
    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    @admin.display(description="état")
    def state_shown(self, signatory: Signatory) -> SafeString:
        return render_to_string("components/state_badge.html", {"state": signatory_state(signatory)})


@admin.register(Envelope)
class EnvelopeAdmin(ReadOnlyAdmin):
    list_display = ("title_shown", "reference_shown", "state_shown", "opened_at", "expires_at", "ended_at")
    list_filter = ("status",)
    search_fields = ("document__title", "document__reference", "signatories__full_name")
    list_select_related = ("document",)
    inlines = (SignatoryInline,)
    fields = readonly_fields = (
        "title_shown", "reference_shown", "state_shown", "mode", "opened_by", "opened_at", "expires_at", "ended_at",
        "end_reason", "failure", "page_shown",
    )  # fmt: skip

    @admin.display(description="document", ordering="document__title")
    def title_shown(self, envelope: Envelope) -> str:
        return envelope.document.title

    @admin.display(description="référence")
    def reference_shown(self, envelope: Envelope) -> str:
        return envelope.document.reference

    @admin.display(description="état", ordering="status")
    def state_shown(self, envelope: Envelope) -> SafeString:
        return render_to_string("components/state_badge.html", {"state": envelope_state(envelope)})

    @admin.display(description="suivi")
    def page_shown(self, envelope: Envelope) -> SafeString:
        return format_html(
            '<a href="{}">Suivre les signatures</a>', reverse("signing:envelope", args=[envelope.public_id])
        )


@admin.register(Act)
class ActAdmin(ReadOnlyAdmin):
    list_display = ("signatory", "kind", "method", "at", "channel")
    list_filter = ("kind", "method")
    search_fields = ("signatory__full_name",)
    list_select_related = ("signatory",)


@admin.register(Evidence)
class EvidenceAdmin(ReadOnlyAdmin):
    list_display = ("sequence", "kind", "at", "envelope", "hash")
    list_filter = ("kind",)
    list_select_related = ("envelope",)
    ordering = ("-sequence",)
