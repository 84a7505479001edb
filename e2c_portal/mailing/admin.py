"""The messages as staff watch over them: read, see as the recipient does, send again, give up. Nothing is written by hand."""

from typing import Any

from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted, typeset
from e2c_portal.mailing import composing, controls
from e2c_portal.mailing.message_types import MessageType, all_mail_types, all_sms_types, type_of
from e2c_portal.mailing.models import Mail, Message, Sms
from e2c_portal.mailing.permissions import MailingPermission
from e2c_portal.mailing.queries import messages_searched, next_step, state_of
from e2c_portal.ui.admin_lists import ListAdmin

UNPROCESSABLE = 422
# A mail as mail programs show it: its own styles, and nothing else of what a page may do.
MAIL_POLICY = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "sandbox": True}


class ByKind(admin.SimpleListFilter):
    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        kinds: list[Any] = [*(all_mail_types() if model_admin.model is Mail else all_sms_types())]
        return [(kind.name, kind.label) for kind in kinds]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class MessageAdmin(ListAdmin):
    """What the lists of e-mails and of text messages share."""

    list_filter = ("status", ByKind)
    ordering = ("-requested_at", "-pk")
    actions = ("retry_selected",)
    change_form_template = "mailing/admin_message.html"
    change_list_template = "mailing/admin_message_list.html"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return messages_searched(queryset, search_term), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(MailingPermission.RESEND)

    @admin.display(description="type", ordering="kind")
    def kind_shown(self, message: Message) -> str:
        return _kind_of(message).label

    @admin.display(description="état", ordering="status")
    def state_shown(self, message: Message) -> SafeString:
        return render_to_string("components/state_badge.html", {"state": state_of(message)})

    @admin.display(description="état et suite", ordering="status")
    def standing_shown(self, message: Message) -> SafeString:
        return format_html("{}<br>{}", self.state_shown(message), self.next_step_shown(message))

    @admin.display(description="suite")
    def next_step_shown(self, message: Message) -> str:
        return typeset(next_step(message))

    @admin.display(description="à", ordering="email")
    def address_shown(self, message: Message) -> str:
        return message.address

    @admin.display(description="demandé le", ordering="requested_at")
    def asked_shown(self, message: Message) -> str:
        return date_format(timezone.localtime(message.requested_at), "SHORT_DATETIME_FORMAT")

    @admin.display(description="reçu deux fois")
    def twice_shown(self, message: Message) -> str:
        return (
            "Peut-être : un essai s’est interrompu sans réponse du service d’envoi."
            if message.maybe_delivered
            else "Non"
        )

    def get_urls(self) -> list[URLPattern]:
        name = f"mailing_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/relancer/", view(require_POST(self.retry_view)), name=f"{name}_retry"),
            path("<int:pk>/annuler/", view(require_POST(self.cancel_view)), name=f"{name}_cancel"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict, *args: Any, **kwargs: Any) -> HttpResponse:
        message, allowed = context["original"], self.has_resend_permission(request)
        name = f"admin:mailing_{self.opts.model_name}"
        context["retry_url"] = (
            allowed and message.status in controls.RETRIABLE and reverse(f"{name}_retry", args=[message.pk])
        )
        context["cancel_url"] = (
            allowed and message.status in controls.CANCELLABLE and reverse(f"{name}_cancel", args=[message.pk])
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def retry_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        if self._retried(request, message):
            messages.success(request, "Le message est relancé.")
        return redirect(f"admin:mailing_{self.opts.model_name}_change", pk)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            controls.cancel(message, request.user, request.POST.get("reason", ""))
        except PortalError as refusal:
            return self._not_cancelled(request, message, refusal)
        messages.success(request, "Le message est annulé.")
        return redirect(f"admin:mailing_{self.opts.model_name}_change", pk)

    def _not_cancelled(self, request: HttpRequest, message: Message, refusal: PortalError) -> HttpResponse:
        """Say why, and give the reason back as it was typed, to be corrected and sent again."""
        message.refresh_from_db()
        context = {
            "message": message, "refusal": refusal.message, "reason": request.POST.get("reason", ""),
            "back": reverse(f"admin:mailing_{self.opts.model_name}_change", args=[message.pk]),
            "may_cancel": self.has_resend_permission(request) and message.status in controls.CANCELLABLE,
        }  # fmt: skip
        return render(request, "mailing/not_cancelled.html", context, status=UNPROCESSABLE)

    @admin.action(description="Relancer les messages en échec ou revenus", permissions=["resend"])
    def retry_selected(self, request: HttpRequest, queryset: QuerySet) -> None:
        done = sum(self._retried(request, message) for message in queryset)
        if done:
            messages.success(request, f"{counted(done, 'message relancé', 'messages relancés')}.")

    def _retried(self, request: HttpRequest, message: Message) -> bool:
        try:
            controls.retry(message, request.user)
        except PortalError as refusal:
            messages.error(request, f"{message} : {refusal.message}")
            return False
        return True


@admin.register(Mail)
class MailAdmin(MessageAdmin):
    list_display = ("subject_line", "address_shown", "standing_shown", "asked_shown")
    search_fields = ("subject_line", "email", "name")
    search_help_text = "Objet, nom ou adresse ; les accents ne comptent pas."
    fieldsets = (
        ("Message", {"fields": ("subject_line", "kind_shown", "name", "email", "reply_to", "words_shown")}),
        (
            "Envoi",
            {
                "fields": (
                    "state_shown",
                    "next_step_shown",
                    "requested_at",
                    "due_at",
                    "sent_at",
                    "attempts",
                    "twice_shown",
                )
            },
        ),
        ("Réponses", {"fields": ("answer", "failure", "message_id", "grouped_in")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("grouped_in")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(csp_replace(MAIL_POLICY)(self.words_view))
        return [path("<int:pk>/apercu/", view, name="mailing_mail_words"), *super().get_urls()]

    @admin.display(description="texte, liens remplacés par des exemples")
    def words_shown(self, mail: Mail) -> SafeString:
        try:
            words = composing.preview_of(mail)
        except PortalError as error:
            return format_html("{}", error.message)
        address = reverse("admin:mailing_mail_words", args=[mail.pk])
        return format_html('{}<br><a href="{}">Voir comme le destinataire</a>', linebreaksbr(words.text), address)

    def words_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        try:
            return HttpResponse(composing.preview_of(mail).html)
        except PortalError as error:
            return HttpResponse(error.message, content_type="text/plain; charset=utf-8", status=409)


@admin.register(Sms)
class SmsAdmin(MessageAdmin):
    list_display = ("phone", "kind_shown", "standing_shown", "asked_shown")
    search_fields = ("phone",)
    search_help_text = "Numéro, écrit +33612345678."
    fieldsets = (
        ("Message", {"fields": ("kind_shown", "phone", "words_shown")}),
        ("Envoi", {"fields": ("state_shown", "next_step_shown", "requested_at", "due_at", "sent_at", "attempts", "twice_shown")}),
        ("Réponses", {"fields": ("answer", "failure")}),
    )  # fmt: skip

    @admin.display(description="texte, code remplacé par un exemple")
    def words_shown(self, sms: Sms) -> str:
        try:
            return composing.preview_sms(sms.kind, sms.context)
        except PortalError as error:
            return error.message


def _kind_of(message: Message) -> MessageType:
    """Return the type of a message, or one that says its name when no app knows it any more."""
    try:
        return type_of(message)
    except PortalError:
        return MessageType(name=message.kind, label=message.kind)
