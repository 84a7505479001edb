"""The forms of signatories and of those who follow the signatures."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from e2c_portal.documents.file_field import PaperField
from e2c_portal.documents.received_files import Upload
from e2c_portal.signing.models import Channel, Method, Signatory
from e2c_portal.signing.operations.standing_in import StandIn
from e2c_portal.ui.forms import DateInput, PortalHelper

PHONE_HELP = "Un mobile, par exemple 06 12 34 56 78."


class ByLinkForm(forms.Form):
    """A form of a page reached by link: the address of the page, which cannot be guessed, stands for the CSRF token."""

    submit, cancel_url = "Envoyer", ""

    def __init__(self, *args: Any, action: str = "", cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit=self.submit, cancel_url=cancel_url, css_class="form-narrow")
        self.helper.disable_csrf = True
        self.helper.form_action = action


class ChannelForm(ByLinkForm):
    """How to receive the code."""

    submit = "Recevoir mon code"
    channel = forms.ChoiceField(label="Recevoir le code", widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.fields["channel"].initial = choices[0][0]


class ConsentForm(ByLinkForm):
    """Accept and sign, without a code: somebody vouches on site."""

    submit = "Signer"
    shown = forms.CharField(widget=forms.HiddenInput)
    consent = forms.BooleanField(
        label="Je signe, et j’accepte ce texte :",
        error_messages={"required": "Cochez la case pour dire que vous acceptez de signer."},
    )

    def __init__(self, *args: Any, consent_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].help_text = consent_text


class CodeForm(ConsentForm):
    """Type the code, accept and sign."""

    code = forms.CharField(
        label="Votre code",
        max_length=20,
        help_text="Les six chiffres que vous venez de recevoir.",
        error_messages={"required": "Tapez les six chiffres du code reçu."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    field_order = ["code", "consent", "shown"]


class RefusalForm(ByLinkForm):
    """Say why one refuses to sign."""

    submit = "Refuser de signer"
    reason = forms.CharField(
        label="Pourquoi refusez-vous de signer ?",
        max_length=2000,
        help_text="La personne qui suit le dossier lira ce texte.",
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Écrivez pourquoi vous refusez de signer."},
    )


class DelegationForm(ByLinkForm):
    """Name the right person."""

    submit = "Lui envoyer le document"
    full_name = forms.CharField(
        label="Nom et prénom", max_length=150, error_messages={"required": "Écrivez le nom de la personne qui signera."}
    )
    quality = forms.CharField(
        label="Sa fonction", max_length=150, required=False, help_text="Par exemple : directrice."
    )
    email = forms.EmailField(
        label="Son adresse électronique", required=False,
        error_messages={"invalid": "Cette adresse n’est pas complète : elle s’écrit comme nom@domaine.fr"},
    )  # fmt: skip
    phone = forms.CharField(label="Son mobile", max_length=25, required=False, help_text=PHONE_HELP)

    def stand_in(self) -> StandIn:
        """Return who was named."""
        return StandIn(**{name: self.cleaned_data[name] for name in ("full_name", "quality", "email", "phone")})


class StaffForm(forms.Form):
    """A form of the follow-up pages."""

    submit = "Enregistrer"

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        # Several forms stand on one page: their fields need ids of their own.
        kwargs.setdefault("auto_id", f"{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        self.helper = PortalHelper(self, submit=self.submit, css_class="form-narrow")
        self.helper.form_action = action


class VoidForm(StaffForm):
    submit = "Annuler cette signature"
    reason = forms.CharField(
        label="Pourquoi l’annuler ?", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Les personnes qui ont signé, ou qui y étaient invitées, liront ce texte.",
        error_messages={"required": "Écrivez pourquoi cette signature est annulée."},
    )  # fmt: skip


class ExtendForm(StaffForm):
    submit = "Prolonger"
    until = forms.DateField(
        label="Nouvelle date limite", widget=DateInput, error_messages={"required": "Choisissez une date."}
    )

    def moment(self) -> datetime:
        """Return the end of the chosen day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time(23, 59, 59)))


class ReachForm(StaffForm):
    submit = "Enregistrer et envoyer"
    method = forms.ChoiceField(label="Moyen de signature", widget=forms.RadioSelect)
    email = forms.EmailField(label="Adresse électronique", required=False)
    phone = forms.CharField(label="Mobile", max_length=25, required=False, help_text=PHONE_HELP)

    def __init__(self, *args: Any, signatory: Signatory, **kwargs: Any) -> None:
        kwargs["initial"] = {"method": signatory.method, "email": signatory.email, "phone": signatory.phone}
        super().__init__(*args, **kwargs)
        by_link = Method.MANDATE if signatory.on_behalf_of else Method.ELECTRONIC
        choices = [by_link, Method.ON_SITE, Method.PAPER]
        self.fields["method"].choices = [(m.value, m.label) for m in choices]  # type: ignore[attr-defined]


class PaperForm(StaffForm):
    submit = "Ajouter l’exemplaire"
    signed_on = forms.DateField(
        label="Signé le", widget=DateInput, error_messages={"required": "Indiquez la date de la signature."}
    )
    file = PaperField(
        label="Document signé, numérisé", help_text="PDF, JPEG ou PNG, 10 Mo au plus. Toutes les pages.",
        error_messages={"required": "Choisissez un fichier."},
    )  # fmt: skip

    def upload(self) -> Upload:
        """Return the file."""
        return Upload(self.cleaned_data["file"].read())


class CheckForm(StaffForm):
    submit = "Enregistrer le contrôle"
    accepted = forms.ChoiceField(
        label="Cet exemplaire", widget=forms.RadioSelect,
        choices=[("yes", "est complet, signé par cette personne, et identique au document"), ("no", "doit être écarté")],
        error_messages={"required": "Dites si l’exemplaire est accepté ou écarté."},
    )  # fmt: skip
    remark = forms.CharField(
        label="Pourquoi l’écarter", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class MandateForm(StaffForm):
    submit = "Joindre le mandat et inviter"
    full_name = forms.CharField(
        label="Qui signera", max_length=150, error_messages={"required": "Écrivez le nom de la personne mandatée."}
    )
    quality = forms.CharField(label="Sa fonction", max_length=150, required=False)
    email = forms.EmailField(label="Son adresse électronique", required=False)
    phone = forms.CharField(label="Son mobile", max_length=25, required=False, help_text=PHONE_HELP)
    file = PaperField(
        label="Mandat signé", help_text="PDF, JPEG ou PNG, 10 Mo au plus.",
        error_messages={"required": "Choisissez le fichier du mandat."},
    )  # fmt: skip

    def stand_in(self) -> StandIn:
        """Return who was named."""
        return StandIn(**{name: self.cleaned_data[name] for name in ("full_name", "quality", "email", "phone")})

    def upload(self) -> Upload:
        """Return the file."""
        return Upload(self.cleaned_data["file"].read())


class OnSiteForm(StaffForm):
    submit = "Ouvrir la signature sur place"
    vouched = forms.BooleanField(
        error_messages={"required": "Cochez la case : vous avez vérifié l’identité de cette personne."}
    )

    def __init__(self, *args: Any, person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vouched"].label = f"{person} est devant moi, et j’ai vérifié son identité."


def channel_choices(channels: list[Channel], email: str, phone: str) -> list[tuple[str, str]]:
    """Return the ways to receive a code, naming the address without showing it whole."""
    name, _, domain = email.partition("@")
    places = {
        Channel.EMAIL: f"par courriel, à {name[:1]}…@{domain}",
        Channel.SMS: f"par message texte, au numéro qui finit par {phone[-2:]}",
    }
    return [(str(channel), places[channel]) for channel in channels]
