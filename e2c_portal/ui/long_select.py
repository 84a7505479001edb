"""A list of choices that may be long, such as every school of the network."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A native list written in one go: Django's own asks a template for each choice, a tenth of a millisecond every time."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        options = options_of(self.choices, self.format_value(value))
        shown = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>\n{}\n</select>', name, shown, options)


SELECTED = SafeString(" selected")


def options_of(choices: Iterable[tuple[Any, Any]], chosen: Iterable[str]) -> SafeString:
    """Return the choices of a native list, those of `chosen` selected."""
    known = set(chosen)
    rows = ((one, SELECTED if str(one) in known else "", label) for one, label in choices)
    return format_html_join("\n", '<option value="{}"{}>{}</option>', rows)
