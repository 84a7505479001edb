"""What the pages of the admin say of a form that they refuse."""

from collections.abc import Iterable
from typing import Any

from django import template

from e2c_portal.ui.forms import refusals_in

register = template.Library()


@register.simple_tag
def refusals_of(adminform: Any, formsets: Iterable[Any] = ()) -> list[tuple[str, str, str]]:
    """`{% refusals_of adminform inline_admin_formsets as refusals %}`: all that a page of the admin refuses, in its order."""
    found = refusals_in(adminform.form)
    for one in formsets:
        found += [("", "", error) for error in one.formset.non_form_errors()]
        for line in one.formset.forms:
            found += refusals_in(line)
    return found
