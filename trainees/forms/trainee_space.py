"""Withdraw the link of a trainee."""

from django import forms

from e2c_portal.signing.forms import StaffForm


class WithdrawForm(StaffForm):
    """Withdraw a link for good."""

    submit = "Retirer le lien"
    reason = forms.CharField(
        label="Pourquoi retirer ce lien", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Gardé dans l’historique. La personne ne le reçoit pas.",
        error_messages={"required": "Écrivez pourquoi vous retirez ce lien."},
    )  # fmt: skip
