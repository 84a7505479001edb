"""The page of an invitation: whoever holds the link chooses the first password of the account."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from e2c_portal.accounts.forms import FirstPasswordForm
from e2c_portal.accounts.invitation import invited
from e2c_portal.accounts.operations import accept_invitation
from e2c_portal.kernel.errors import PortalError
from e2c_portal.links.visits import Visit
from e2c_portal.ui.refusals import add_refusal

REFUSED = 422


def accept(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Show the form, and keep the password that is posted; then lead to the sign-in page."""
    account = invited(visit.link.subject)
    if account is None:
        raise Http404
    form = FirstPasswordForm(account, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(account, form.cleaned_data["password1"])
        except (PortalError, ValidationError) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(
                request, "Votre mot de passe est enregistré. Connectez-vous avec votre adresse et ce mot de passe."
            )
            return redirect("account_login")
    status = REFUSED if form.errors else 200
    return render(request, "account/invitation.html", {"form": form, "account": account}, status=status)
