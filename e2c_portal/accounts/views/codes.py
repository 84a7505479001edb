"""Asking for a code to sign in: the page, its words and its time are the same whether the address has an account or not."""

from allauth.account.adapter import get_adapter
from allauth.account.views import RequestLoginCodeView
from django.forms import Form
from django.http import HttpResponse


class AskForCode(RequestLoginCodeView):
    """Send a code to an account, and a message that says so to an address that has none."""

    def form_valid(self, form: Form) -> HttpResponse:
        if form._user is None:
            get_adapter().send_mail("account/email/unknown_account", form.cleaned_data["email"], {})
        return super().form_valid(form)


ask_for_code = AskForCode.as_view()
