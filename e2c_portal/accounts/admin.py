"""The accounts, for regional staff: opened by e-mail, never deleted, closed when somebody leaves."""

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from e2c_portal.accounts.models import User
from e2c_portal.accounts.operations import change_account, open_account, send_password_link
from e2c_portal.accounts.queries import people_searched
from e2c_portal.audit.trail import trail_of
from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import counted
from e2c_portal.ui.operation_admin import OperationAdmin


@admin.register(User)
class UserAdmin(OperationAdmin):
    trail = staticmethod(trail_of)
    list_display = ("full_name", "email", "role_shown", "is_active", "created_at")
    list_filter = ("role", "is_active")
    search_fields = ("full_name",)
    search_help_text = "Nom ou adresse ; les accents et les majuscules ne comptent pas."
    ordering = ("full_name", "pk")
    actions = ("send_links",)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("full_name", "role", "is_active", "email", "last_login") if obj else ("full_name", "email", "role")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        return ("email", "last_login") if obj else ()

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return people_searched(queryset, search_term), False

    @admin.display(description="rôle régional", ordering="role")
    def role_shown(self, account: User) -> str:
        return account.get_role_display() if account.role else "Équipe d’une école"

    def operate(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> User:
        if change:
            return change_account(form.instance, request.user)
        account = open_account(form.instance, request.user)
        messages.info(request, f"Un message part à {account.email} avec un lien pour choisir son mot de passe.")
        return account

    def has_send_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request)

    @admin.action(description="Envoyer un lien de mot de passe", permissions=["send"])
    def send_links(self, request: HttpRequest, queryset: QuerySet) -> None:
        sent = 0
        for account in queryset:
            try:
                send_password_link(account, request.user)
                sent += 1
            except PortalError as refusal:
                messages.error(request, refusal.message)
        if sent:
            messages.success(request, f"{counted(sent, 'lien part', 'liens partent')} par messagerie.")
