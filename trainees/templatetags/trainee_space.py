"""Small words of a trainee's own page."""

from collections.abc import Mapping

from django import template

from e2c_portal.documents.models import Document

register = template.Library()


@register.filter
def phone_address(number: str) -> str:
    """`tel:{{ number|phone_address }}`: the digits alone, with a leading + when there is one."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.filter
def address_of(links: Mapping[int, str], paper: Document) -> str:
    """`{{ links|address_of:paper }}`: where this paper is downloaded from the page of its trainee."""
    return links[paper.pk]
