"""The button that leads from a record to its history."""

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse

from e2c_portal.audit.histories import leads_to_history

register = template.Library()


@register.inclusion_tag("audit/fragments/link.html", takes_context=True)
def history_link(context: dict[str, Any], record: Model, label: str = "Historique") -> dict[str, Any]:
    """`{% history_link trainee %}`: « Historique », at the head of the page of a record; nothing where it would tell more than the page."""
    if not leads_to_history(context["request"].user, record):
        return {"url": "", "label": label}
    return {"url": reverse("audit:history", args=[record._meta.label_lower, record.pk]), "label": label}
