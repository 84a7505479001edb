"""What the recipient of a message wishes to receive. GET shows, POST acts: mail scanners open links."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from e2c_portal.kernel.errors import Refused
from e2c_portal.mailing import preferences
from e2c_portal.mailing.forms import PreferencesForm

# RFC 8058: what a mail program sends when its own « se désabonner » button is pressed.
ONE_CLICK = "List-Unsubscribe"


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def choose_messages(request: HttpRequest, key: str) -> HttpResponse:
    """Show and write the choice of the address that the key names.

    No CSRF cookie is asked for: mail programs send none, and the key, which nobody guesses, proves the origin of the form.
    """
    request.user = AnonymousUser()
    response = _answer(request, key)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _answer(request: HttpRequest, key: str) -> HttpResponse:
    try:
        link = preferences.read_stop_key(key)
    except Refused as refusal:
        return render(request, "mailing/bad_link.html", {"text": refusal.message}, status=404)
    kinds = preferences.types_offered(link)
    if request.method == "POST" and ONE_CLICK in request.POST:
        preferences.stop(link)
        return _page(request, link, saved=True)
    form = PreferencesForm(kinds, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wanted = set(form.cleaned_data["wanted"])
        preferences.choose(link.address_sha256, [kind.name for kind in kinds if kind.name not in wanted], kinds)
        return _page(request, link, saved=True)
    return _page(request, link, saved=False)


def _page(request: HttpRequest, link: preferences.StopLink, *, saved: bool) -> HttpResponse:
    stopped = preferences.stopped_kinds(link.address_sha256)
    kinds = preferences.types_offered(link)
    form = PreferencesForm(kinds, initial={"wanted": [kind.name for kind in kinds if kind.name not in stopped]})
    return render(request, "mailing/preferences.html", {"form": form, "saved": saved, "any": bool(kinds)})
