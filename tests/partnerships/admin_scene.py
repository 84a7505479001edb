"""What the tests of the admin share: addresses, and what a browser would post from the page of a convention."""

from typing import Any

from django import forms
from django.test import Client
from django.urls import reverse

from partnerships.forms import ConventionWriting
from partnerships.models import PartnershipConvention
from partnerships.queries import convention_in_full

PREFIX = "admin:partnerships_partnershipconvention"
LIST = "/gestion/partnerships/partnershipconvention/"
ADD = "/gestion/partnerships/partnershipconvention/add/"


def page(convention: PartnershipConvention) -> str:
    return reverse(f"{PREFIX}_change", args=[convention.pk])


def move_page(convention: PartnershipConvention, name: str) -> str:
    return reverse(f"{PREFIX}_move", args=[convention.pk, name])


def seal_address(convention: PartnershipConvention) -> str:
    return reverse(f"{PREFIX}_seal", args=[convention.pk])


def progress_address(convention: PartnershipConvention) -> str:
    return reverse(f"{PREFIX}_progress", args=[convention.pk])


def typed(convention: PartnershipConvention | None = None, **changes: Any) -> dict[str, Any]:
    """Return what the page posts when only `changes` were typed: every field of the form and of its lines."""
    full = convention_in_full(convention.pk) if convention else None
    writing = ConventionWriting(full)
    parts: list[forms.BaseForm] = [writing.form]
    for lines in writing.lists:
        parts += [lines.management_form, *lines]
    data: dict[str, Any] = {}
    for part in parts:
        for field in part:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data | changes


def messages_of(client: Client, url: str, data: dict[str, Any]) -> list[str]:
    """Post, follow, and return the messages that the person then reads."""
    answer = client.post(url, data, follow=True)
    return [str(message) for message in answer.context["messages"]]
