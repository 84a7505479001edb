"""French words and typography in pages: kernel.french, as filters."""

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from e2c_portal.kernel import french
from e2c_portal.kernel.identifiers import printed_number

register = template.Library()


@register.filter(is_safe=False)
def typeset(text: object) -> str:
    """`{{ text|typeset }}`: French spaces, quotation marks and apostrophes, for text that people typed."""
    return french.typeset(str(text or ""))


@register.filter(is_safe=False)
def of_name(name: object) -> str:
    """`{{ trainee|of_name }}`: "d’Inès Amrani", "de Lina Modèle"."""
    return french.of_name(str(name or ""))


@register.filter(is_safe=False)
def with_article(name: object) -> str:
    """`{{ school|with_article }}`: "l’École de la 2e chance de Nîmes"."""
    return french.with_article(str(name or ""))


@register.filter(is_safe=False)
def at_place(name: object) -> str:
    """`{{ school|at_place }}`: "à l’École de la 2e chance de Nîmes"."""
    return french.at_place(str(name or ""))


@register.filter(is_safe=False)
def of_place(name: object) -> str:
    """`{{ school|of_place }}`: "de l’École de la 2e chance de Nîmes"."""
    return french.of_place(str(name or ""))


@register.filter
def date_words(day: date | None) -> str:
    """`{{ day|date_words }}`: "1er janvier 2015", the local day of a moment; empty when there is none."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    return french.day_in_letters(day)


@register.filter
def number_words(value: float | Decimal | None) -> str:
    """`{{ value|number_words }}`: "1 378", grouped by three the French way."""
    return "" if value is None else french.number(value)


@register.simple_tag
def counted(count: float | Decimal, singular: str, plural_form: str) -> str:
    """`{% counted 3 "convention" "conventions" %}`: "3 conventions"; zero and one are singular."""
    return french.counted(count, singular, plural_form)


@register.filter
def siren(digits: str | None) -> str:
    """`{{ company.siren|siren }}`: "356 000 000", a SIREN or a SIRET as it is read; empty when there is none."""
    return printed_number(digits or "")
