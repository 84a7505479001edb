"""The accounts, for regional staff: opened by e-mail, never deleted, closed when somebody leaves."""

from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from e2c_portal.accounts.fresh import ask_again
from e2c_portal.accounts.models import User
from e2c_portal.accounts.operations import change_account, open_account, reset_second_factor, send_password_link
from e2c_portal.accounts.permissions import AccountPermission
from e2c_portal.accounts.queries import people_searched
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import PortalError, Refused
from e2c_portal.kernel.french import counted
from e2c_portal.ui.operation_admin import OperationAdmin

TOO_MANY = "Trop d’invitations en une heure : attendez avant d’en envoyer d’autres."

# allauth shows its own tables to a superuser; there is none here, and what they hold is nobody else's business.
for model in (Authenticator, SocialAccount, SocialApp, SocialToken, UserSession):
    admin.site.unregister(model)


@admin.register(User)
class UserAdmin(OperationAdmin):
    trail = staticmethod(trail_of)
    list_display = ("full_name", "email", "role_shown", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("full_name",)
    search_help_text = "Nom ou adresse ; les accents et les majuscules ne comptent pas."
    ordering = ("full_name", "pk")
    actions = ("send_links", "reset_second_factors")

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        if obj:
            return ("full_name", "role", "is_active", "closed_reason", "email", "last_login")
        return ("full_name", "email", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("email", "last_login") if obj else ()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return people_searched(queryset, search_term), False

    @admin.display(description="rôle régional", ordering="role")
    def role_shown(self, account: User) -> str:
        return account.get_role_display() if account.role else "Équipe d’une école"

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask again who is there before opening, changing or closing an account; reading it asks nothing more."""
        if self.has_change_permission(request):
            ask_again(request)
        return super().changeform_view(request, *args, **kwargs)

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> User:
        if change:
            return change_account(form.instance, request.user)
        _count_invitation(request)
        account = open_account(form.instance, request.user)
        messages.info(request, f"Une invitation part à {account.email} : son lien sert à choisir un mot de passe.")
        return account

    def has_send_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    def has_reset_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(AccountPermission.RESET_SECOND_FACTOR)

    @admin.action(description="Envoyer une invitation ou un lien de mot de passe", permissions=["send"])
    def send_links(self, request: HttpRequest, queryset: QuerySet) -> None:
        ask_again(request)
        sent = 0
        for account in queryset:
            try:
                _count_invitation(request)
                send_password_link(account, request.user)
                sent += 1
            except PortalError as refusal:
                messages.error(request, refusal.message)
        if sent:
            messages.success(request, f"{counted(sent, 'lien part', 'liens partent')} par messagerie.")

    @admin.action(description="Retirer la seconde étape (appareil perdu)", permissions=["reset"])
    def reset_second_factors(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        ask_again(request)
        refusals: list[str] = []
        if "confirmed" in request.POST:
            refusals = self._reset(request, queryset)
            if not refusals:
                return None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "accounts": queryset,
            "refusals": refusals,
        }
        return TemplateResponse(request, "admin/accounts/reset_second_factor.html", context)

    def _reset(self, request: HttpRequest, accounts: QuerySet) -> list[str]:
        refusals = []
        for account in accounts:
            try:
                reset_second_factor(account, request.POST.get("reason", ""), request.user)
                messages.success(request, f"La seconde étape de {account} est retirée et ses sessions sont fermées.")
            except PortalError as refusal:
                refusals.append(f"{account} : {refusal.message}")
        return refusals


def _count_invitation(request: HttpRequest) -> None:
    """Raise Refused beyond so many invitations an hour by one person (ACCOUNT_RATE_LIMITS)."""
    if not ratelimit.consume(request, action="invite", user=request.user):
        raise Refused(TOO_MANY, code="too_many_invitations")
