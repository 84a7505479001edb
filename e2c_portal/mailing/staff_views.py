"""The pages where staff reads what each type of message says, before anybody receives it."""

from csp.decorators import csp_replace, csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from e2c_portal.mailing import previews
from e2c_portal.mailing.message_types import MailType, all_mail_types, all_sms_types
from e2c_portal.mailing.permissions import MailingPermission

# A mail as mail programs show it: its own styles, and nothing else of what a page may do. Our own page alone may frame it.
FRAMED_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": ["'self'"],
    "sandbox": True,
}


@require_safe
def type_list(request: HttpRequest) -> HttpResponse:
    """List the types of messages."""
    _require(request)
    return render(request, "mailing/types.html", {"mails": all_mail_types(), "texts": all_sms_types()})


@require_safe
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]  # django-csp knows no view with arguments
def mail_type(request: HttpRequest, name: str) -> HttpResponse:
    """Show one type of e-mail: its subject, its text and its HTML side by side."""
    kind = _mail_type(request, name)
    return render(request, "mailing/mail_type.html", {"kind": kind, "words": previews.sample_words(kind)})


@require_safe
@xframe_options_sameorigin
@csp_replace(FRAMED_POLICY)  # type: ignore[arg-type]  # the same
def mail_type_html(request: HttpRequest, name: str) -> HttpResponse:
    """Give the HTML of one type of e-mail, as mail programs show it."""
    return HttpResponse(previews.sample_words(_mail_type(request, name)).html)


@require_safe
def sms_type(request: HttpRequest, name: str) -> HttpResponse:
    """Show one type of text message."""
    _require(request)
    kind = previews.sms_type_or_none(name)
    if kind is None:
        raise Http404
    text = previews.sample_text(kind)
    return render(request, "mailing/sms_type.html", {"kind": kind, "text": text, "length": len(text)})


def _mail_type(request: HttpRequest, name: str) -> MailType:
    _require(request)
    kind = previews.mail_type_or_none(name)
    if kind is None:
        raise Http404
    return kind


def _require(request: HttpRequest) -> None:
    if not request.user.has_perm(MailingPermission.VIEW_MAIL):
        raise Http404
