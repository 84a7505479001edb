"""Holes put in on purpose, one for each attack: what finds nothing against the portal must find these."""

from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from e2c_portal.accounts.models import User
from e2c_portal.urls import urlpatterns as sound
from trainees.models import Trainee


@login_not_required
def any_token(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse("Bienvenue")


def anybody_s_trainee(request: HttpRequest, pk: int) -> HttpResponse:
    """A page that looks for the row and forgets whose it is."""
    return HttpResponse(f"<html>{Trainee.objects.get(pk=pk).last_name}</html>")


@csrf_exempt
def no_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Enregistré")


@csrf_exempt
@login_not_required
def same_session(request: HttpRequest) -> HttpResponse:
    """Sign in by writing in the session at hand, as Django's login() does not."""
    user = User.objects.filter(email=request.POST.get("login", "")).first()
    if user is None:
        return HttpResponse(status=404)
    request.session[SESSION_KEY] = str(user.pk)
    request.session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    return HttpResponse("Bonjour")


@login_not_required
def trusting_host(request: HttpRequest) -> HttpResponse:
    host = request.META.get("HTTP_X_FORWARDED_HOST") or request.META.get("HTTP_HOST", "testserver")
    return HttpResponse(f"https://{host}/mot-de-passe/")


@login_not_required
def echo_header(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse("ok")
    for line in request.GET.get("q", "").splitlines()[1:]:
        name, _, value = line.partition(":")
        answer[name] = value.strip()
    return answer


@login_not_required
def anywhere(request: HttpRequest) -> HttpResponse:
    answer = HttpResponse(status=302)
    answer["Location"] = request.GET.get("next", "/").strip()
    return answer


@csrf_exempt
def writes_all(request: HttpRequest) -> HttpResponse:
    """A form that shows one field and writes whatever it receives."""
    if request.method == "POST":
        User.objects.filter(pk=request.user.pk).update(role=request.POST.get("role", ""))
        return HttpResponseRedirect("/")
    return HttpResponse("<form method='post'><input name='full_name' value='Nadia'></form>")


@csrf_exempt
def keeps_all(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and "file" in request.FILES:
        folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "reçu").write_bytes(request.FILES["file"].read())
        return HttpResponse("Gardé")
    return HttpResponse("<form method='post'><input type='file' name='file'></form>")


urlpatterns = [
    *sound,
    path("trou/lien/<str:token>/", any_token),
    path("trou/stagiaire/<int:pk>/", anybody_s_trainee),
    path("trou/sans-jeton/", no_token),
    path("trou/connexion/", same_session),
    path("trou/hote/", trusting_host),
    path("trou/entetes/", echo_header),
    path("trou/ailleurs/", anywhere),
    path("trou/tout/", writes_all),
    path("trou/fichier/", keeps_all),
]
