"""The links under a list that give it as a file, with the filters on screen."""

from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.http import QueryDict
from django.urls import reverse

from e2c_portal.exports.formats import FORMATS
from e2c_portal.exports.lists import admin_listing_of

register = template.Library()


@register.inclusion_tag("exports/links.html", takes_context=True)
def export_links(context: dict[str, Any], name: str, **of_record: Any) -> dict[str, Any]:
    """`{% export_links "conventions" %}`: one link for each format, with the filters on screen and without the page number.

    A list inside the page of a record names that record and its own filters: `{% export_links "ceremonie" ceremonie=3 %}`.
    """
    asked = QueryDict(mutable=True) if of_record else context["request"].GET.copy()
    for key in ("page", "p"):
        asked.pop(key, None)
    asked.update({key: value for key, value in of_record.items() if value})
    query = f"?{asked.urlencode()}" if asked else ""
    return {
        "links": [
            (item.label, reverse("exports:export", args=[name, item.extension]) + query) for item in FORMATS.values()
        ]
    }


@register.inclusion_tag("exports/links.html", takes_context=True)
def admin_export_links(context: dict[str, Any], cl: ChangeList) -> dict[str, Any]:
    """`{% admin_export_links cl %}`: the same under a list of the admin, nothing when it has no export."""
    listing = admin_listing_of(cl.model)
    return export_links(context, listing.name) if listing else {"links": []}
