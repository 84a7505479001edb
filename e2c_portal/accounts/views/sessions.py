"""« Mes appareils » : the sessions of the person signed in, closed one by one or all together."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from e2c_portal.accounts.devices import device_of
from e2c_portal.accounts.sessions import end_other_sessions, end_session, open_sessions
from e2c_portal.kernel.french import counted


@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """List the open sessions, the present one marked."""
    key = request.session.session_key
    rows = [
        (session, device_of(session.user_agent), session.session_key == key) for session in open_sessions(request.user)
    ]
    return render(request, "account/devices.html", {"rows": rows, "others": any(not here for _, _, here in rows)})


@require_POST
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one session. Somebody else's is not found; the present one leads to the sign-in page."""
    if not end_session(request.user, pk):
        raise Http404
    messages.success(request, "Cette session est fermée.")
    return redirect("account_devices")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Close all sessions but the present one."""
    ended = end_other_sessions(request.user, request.session.session_key)
    told = (
        f"{counted(ended, 'autre session est fermée', 'autres sessions sont fermées')}."
        if ended
        else "Aucune autre session n’était ouverte."
    )
    messages.success(request, told)
    return redirect("account_devices")
