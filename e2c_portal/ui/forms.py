"""How the forms of the portal look: one helper for all, native dates, errors told twice (summary and field)."""

from crispy_forms.bootstrap import StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, LayoutObject
from django import forms
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString


class DateInput(forms.DateInput):
    """A native date field: the browser shows the French order, the value travels as ISO."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """A native time field, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


class DateTimeInput(forms.DateTimeInput):
    """A native field of a day and a time, by the clock of Paris."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class CancelLink(LayoutObject):
    """The way out of a form, as a link: leaving never needs a submission."""

    def __init__(self, url: str, label: str = "Annuler") -> None:
        self.url = url
        self.label = label

    def render(self, form: forms.BaseForm, context: Context, template_pack: str = "", **kwargs: object) -> SafeString:
        return format_html('<a class="btn btn-secondary" href="{}">{}</a>', self.url, self.label)


class PortalHelper(FormHelper):
    """The portal's crispy helper: the error summary comes first by itself, then the fields, then the buttons.

    The browser's own bubbles are off: they vanish, speak the browser's language and hide the other errors.
    """

    def __init__(
        self,
        form: forms.BaseForm | None = None,
        *layout: str | LayoutObject,
        submit: str = "Enregistrer",
        cancel_url: str = "",
        css_class: str = "",
    ) -> None:
        super().__init__(form)
        self.attrs = {"novalidate": True}
        self.form_class = css_class
        fields = layout or tuple(self.layout.fields if self.layout else ())
        self.layout = Layout(*fields, buttons(submit, cancel_url))


def buttons(submit: str, cancel_url: str = "") -> Div:
    """Return the row of buttons that ends a form; `cancel_url` is an address of the portal."""
    row: list[LayoutObject] = [StrictButton(submit, type="submit", css_class="btn-primary")]
    if cancel_url:
        row.append(CancelLink(cancel_url))
    return Div(*row, css_class="form-buttons")


def first_input(field: forms.BoundField) -> str:
    """Return the id of what a link to a field must reach: its first choice when it is made of several, "" when it has none."""
    if field.id_for_label:
        return field.id_for_label
    parts = field.subwidgets
    return parts[0].id_for_label or f"{field.auto_id}_0" if parts else ""


def refusals_in(form: forms.BaseForm, who: str = "") -> list[tuple[str, str, str]]:
    """Return all that is wrong in a form as (name of the field, where its link leads, sentence), after the name of its line."""
    found = [(who, "", str(sentence)) for sentence in form.non_field_errors()]
    for field in form:
        label = ", ".join(part for part in (who, str(field.label or "")) if part)
        anchor = "" if field.is_hidden else first_input(field)
        found += [(label, anchor, str(sentence)) for sentence in field.errors]
    return found


def group(legend: str, *fields: str | LayoutObject) -> Fieldset:
    """Return fields that belong together under one legend."""
    return Fieldset(legend, *fields)
