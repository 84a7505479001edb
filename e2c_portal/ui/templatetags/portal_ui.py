"""Small pieces of the pages: icons, crumbs, tones, tables that fit a phone."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BoundField
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString

from e2c_portal.ui import accessibility
from e2c_portal.ui.forms import first_input
from e2c_portal.ui.icons import icon as draw_icon
from e2c_portal.ui.long_select import escaped
from e2c_portal.ui.tones import Tone, tone_named

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """`{% icon "download" %}`: an icon beside a word."""
    return draw_icon(str(name), size)


@register.filter
def anchor(field: BoundField) -> str:
    """`<a href="#{{ field|anchor }}">`: where a summary of errors leads for a field."""
    return first_input(field)


@register.filter(is_safe=False)
def with_sentence(label: object, sentence: object) -> str:
    """`{{ field.label|with_sentence:error }}`: "Nom : il manque", and no colon after a question or a label that ends with one."""
    name = str(label or "").strip().removesuffix(":").rstrip()
    if not name:
        return str(sentence)
    return f"{name} {sentence}" if name.endswith(("?", "!")) else f"{name} : {sentence}"


@register.filter
def tone(name: str | None) -> Tone:
    """`{{ message.level_tag|tone }}`: the tone of a state or of a message."""
    return tone_named(name or "")


@register.simple_tag
def accessibility_words() -> str:
    """`{% accessibility_words %}`: the mention that the law wants at the foot of every page."""
    return accessibility.accessibility_words()


@register.simple_tag
def filter_links(choices: Iterable[Mapping[str, Any]]) -> SafeString:
    """`{% filter_links choices %}`: the choices of a filter of the admin, written in one go: there may be one a school."""
    rows = (
        f'<li{CHOSEN if one["selected"] else ""}><a href="{escaped(iri_to_uri(one["query_string"]))}"'
        f"{CURRENT if one['selected'] else ''}>{escaped(one['display'])}</a></li>"
        for one in choices
    )
    return SafeString("\n".join(rows))


@register.simple_tag
def filter_chosen(choices: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """`{% filter_chosen choices as chosen %}`: the choice of a filter of the admin that is selected, None without any."""
    return next((one for one in choices if one["selected"]), None)


CHOSEN, CURRENT = ' class="selected"', ' aria-current="true"'


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """`{% crumb "Conventions" url %}`: one step of the path; without an address it is the present page."""
    if url:
        return format_html('<li class="breadcrumb-item"><a href="{}">{}</a></li>', url, label)
    return format_html('<li class="breadcrumb-item active" aria-current="page">{}</li>', label)


@register.simple_block_tag
def wide_table(content: str, label: str) -> SafeString:
    """`{% wide_table label="…" %}<table>…</table>{% endwide_table %}`: a table that scrolls alone on a phone."""
    return format_html('<div class="wide-table" role="region" aria-label="{}" tabindex="0">{}</div>', label, content)


@register.simple_tag
def page_numbers(page_obj: Page) -> list[int | None]:
    """`{% page_numbers page_obj as numbers %}`: the pages to print, None where some are skipped."""
    paginator = page_obj.paginator
    shown = paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in shown]
