"""French words for document templates, made from the plain values of a frozen context (dates arrive as ISO strings).

Loaded by the strict template engine of documents; `{% load document_words %}` in ordinary pages.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from e2c_portal.kernel import french
from e2c_portal.kernel.identifiers import printed_number
from e2c_portal.ui.qr_codes import qr_code

register = template.Library()

RANK = re.compile(r"(?<![\w/.-])(\d{1,3})(ers?|res?|es?)\b")
DASH = re.compile(r"^[-–—•]\s+")
MARKS = ";,.:!?…"


@register.filter
def typeset(text: str | None) -> SafeString:
    """Escape the text and give it French typography, ranks raised: 1<sup>er</sup>. Nothing known prints nothing."""
    escaped = conditional_escape(french.typeset(str(text or "")))
    return mark_safe(RANK.sub(r"\1<sup>\2</sup>", escaped))  # noqa: S308  escaped on the line above


@register.filter
def day(iso_date: str) -> SafeString:
    """Print an ISO date as « 12 décembre 2014 ». Raises ValueError for anything else."""
    return typeset(french.day_in_letters(date.fromisoformat(iso_date)))


@register.filter
def on_day(iso_date: str) -> SafeString:
    """Print an ISO date as « le 12 décembre 2014 ». Raises ValueError for anything else."""
    return typeset(french.date_in_letters(date.fromisoformat(iso_date)))


@register.filter
def ordinal(rank: int | str) -> SafeString:
    """Print a masculine rank: 1er, 2e."""
    return typeset(french.ordinal(int(rank)))


@register.filter
def article_number(number: int | str) -> SafeString:
    """Print the number of an article as legal texts do: 1er, then 2, 3… A number in words or letters stays as it is."""
    return typeset("1er" if str(number) == "1" else str(number))


@register.filter
def quantity(value: float | str) -> SafeString:
    """Print a figure with thin spaces every three digits; a quantity in words, such as « au moins 12 », is typeset."""
    whole = str(value).strip()
    return typeset(french.number(int(whole)) if whole.isdecimal() else whole)


@register.filter
def business_number(digits: str) -> str:
    """Group a SIREN (9 digits) or a SIRET (14 digits) as official papers do: 356 000 000 00048."""
    return printed_number(digits)


@register.filter
def in_a_row(lines: Sequence[str]) -> str:
    """Put the lines of an address on one, between commas."""
    return ", ".join(line.strip().rstrip(",") for line in lines)


@register.filter
def closed_by(text: str, mark: str) -> str:
    """End an item of a list with `mark`, in place of the mark it may carry."""
    return f"{text.rstrip().rstrip(MARKS).rstrip()}{mark}"


@register.filter
def paragraphs(text: str | None) -> list[str]:
    """Split a text at its line ends, blank lines aside."""
    return [part.strip() for part in (text or "").splitlines() if part.strip()]


@register.filter
def blocks(body: Sequence[str]) -> list[dict[str, Any]]:
    """Group paragraphs: those that start with a dash are the items of one list, read out as such by screen readers."""
    grouped: Iterable[tuple[bool, Iterable[str]]] = groupby(body, key=lambda text: bool(DASH.match(text)))
    return [{"is_list": is_list, "items": [DASH.sub("", text) for text in texts]} for is_list, texts in grouped]


@register.filter
def qr_svg(url: str) -> SafeString:
    """Draw the QR code of an address as an inline SVG, with the address as its text alternative.

    One flat path, sized by the style sheet through the class `qr-code`, which also leaves the white margin around it.
    """
    return _drawn(url)


# A document prints its own on its last page and at the foot of the others.
@lru_cache(maxsize=8)
def _drawn(url: str) -> SafeString:
    return qr_code(url).svg("qr-code", title=f"Code QR menant à {url}")
