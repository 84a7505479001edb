"""Where a document stands, on any page: `{% load document_pages %}{% document_state document %}`."""

from typing import Any

from django import template
from django.template import Context

from e2c_portal.documents.kinds import kind_named
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.states import state_named

register = template.Library()


@register.inclusion_tag("documents_pages/fragments/state.html", takes_context=True)
def document_state(context: Context, document: Document) -> dict[str, Any]:
    """Show the state of a document this person may read, its download or its failure; it keeps itself up to date.

    The page loads the scripts with `{% include "documents_pages/scripts.html" %}` in `extra_js`, the settings of htmx with
    `{% include "documents_pages/live_head.html" %}` in `extra_head`; without JavaScript a link reloads it.
    """
    request = context["request"]
    failed = document.status == Status.FAILED
    return {
        "document": document,
        "state": state_named(document.status),
        "may_retry": failed and kind_named(document.kind).may_retry(request.user, document),
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "way_back": page_of(request),
    }


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """Return the address of the page that is shown, also when only a fragment of it is being made."""
    return page_of(context["request"])


def page_of(request: Any) -> str:
    """Return the path of the page that asked, for a button to come back to it."""
    return request.htmx.current_url_abs_path or request.get_full_path()
