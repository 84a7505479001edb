"""An admin that writes nothing itself: what is typed goes to one operation, and its refusal comes back into the form."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.submissions import record_of
from e2c_portal.ui.admin_lists import ListAdmin
from e2c_portal.ui.forms import DateInput
from e2c_portal.ui.refusals import add_refusal, refusal_of_database
from e2c_portal.ui.revised import REVISION, Revised
from e2c_portal.ui.sent_once import TOKEN, SentOnce, sending_of


class TrailEntry(Protocol):
    """One act on a record, as the audit floor keeps it."""

    at: datetime
    actor: Any
    action: str
    summary: str


class OperationAdmin(ListAdmin):
    """Pages for the simple records. A subclass says in `operate` which operation receives what was typed.

    Nothing is ever deleted here, and Django's own log stays empty: the operations keep the trail.
    """

    change_list_template = "admin/list_filters_above.html"
    formfield_overrides = {models.DateField: {"widget": DateInput}}
    view_on_site = False

    def operate(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[forms.BaseInlineFormSet], change: bool
    ) -> models.Model:
        """Hand the valid form and formsets to an operation and return the saved record."""
        raise NotImplementedError

    def trail(self, record: models.Model) -> Iterable[TrailEntry]:
        """Return who did what to the record, latest first."""
        raise NotImplementedError

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Lead to the history of the record: what the database and the operations kept, not Django's own log."""
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        return redirect("audit:history", self.opts.label_lower, record.pk)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form again, with all that was typed, when the operation or the database refuses it."""
        if request.method == "POST" and (made := record_of(sending_of(request.POST), request.user, self.model)):
            return redirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[made.pk]))
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            request.refusal = refusal_of_database(error)
        except (PortalError, ValidationError) as refusal:
            request.refusal = refusal
        return super().changeform_view(request, *args, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return _refused(form, refusal) if refusal else form

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        """Add what the form keeps by itself, out of sight: its token when it creates, its revision when it changes."""
        kept = TOKEN if obj is None and issubclass(self.form, SentOnce) else ""
        if obj is not None and issubclass(self.form, Revised) and self.has_change_permission(request, obj):
            kept = REVISION
        fieldsets = super().get_fieldsets(request, obj)
        if not kept:
            return fieldsets
        (title, first), *others = fieldsets
        return [(title, {**first, "fields": (*first["fields"], kept)}), *others]

    def save_model(self, request: HttpRequest, obj: models.Model, form: forms.ModelForm, change: bool) -> None:
        """Write nothing: the operation does, once, in save_related."""

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: list[forms.BaseInlineFormSet], change: bool
    ) -> None:
        saved = self.operate(request, form, formsets, change)
        form.instance.pk = saved.pk

    def construct_change_message(self, *args: Any, **kwargs: Any) -> list[dict]:
        return []

    def log_addition(self, *args: Any) -> None:
        """Leave the trail to the operation."""

    def log_change(self, *args: Any) -> None:
        """Leave the trail to the operation."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


def history_page(request: HttpRequest, opts: Any, record: models.Model, trail: Iterable[TrailEntry]) -> HttpResponse:
    """Return the page that tells the history of a record."""
    events = [
        {
            "title": entry.summary or entry.action,
            "at": entry.at,
            "who": entry.actor or "le portail",
            "text": "",
            "tone": "neutral",
        }
        for entry in trail
    ]
    return TemplateResponse(request, "admin/trail.html", {"opts": opts, "record": record, "events": events})


class SharedChoices(forms.BaseInlineFormSet):
    """Lines that read the choices of each list once, whatever their number."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            if isinstance(field, forms.ModelChoiceField) and name not in (self.fk.name, self._pk_field.name):
                self.narrow(name, field)
                field.choices = self._choices_of(name, field)

    def narrow(self, name: str, field: forms.ModelChoiceField) -> None:
        """Leave all choices; a subclass may keep those of the record at hand."""

    def _choices_of(self, name: str, field: forms.ModelChoiceField) -> list[tuple[Any, str]]:
        read = self.__dict__.setdefault("_choices_read", {})
        if name not in read:
            read[name] = [(value, label) for value, label in field.choices]
        return read[name]


class OperationInline(admin.StackedInline):
    """The records kept with another one: added and changed on its page, never removed."""

    formset = SharedChoices
    extra = 1
    can_delete = False
    show_change_link = False
    formfield_overrides = OperationAdmin.formfield_overrides


def changed_rows(formset: forms.BaseInlineFormSet) -> list[models.Model]:
    """Return the new and changed records of an inline, unsaved."""
    return formset.save(commit=False)


def _refused(form: type[forms.ModelForm], refusal: PortalError | ValidationError) -> type[forms.ModelForm]:
    class RefusedForm(form):  # type: ignore[misc, valid-type]
        def full_clean(self) -> None:
            super().full_clean()
            add_refusal(self, refusal)

    return RefusedForm
