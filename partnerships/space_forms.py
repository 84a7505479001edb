"""The forms of the space of a company, each with the key of its page: what is sent twice counts once."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone

from e2c_portal.mailing.message_types import MailType
from e2c_portal.signing.forms import ByLinkForm
from e2c_portal.ui.forms import DateInput
from partnerships.delivery_forms import DeliveryFields
from partnerships.models import CompanyRequest, PartnershipConvention
from partnerships.operations.replacements import Successor
from partnerships.operations.requests import AskedChange

BAD_ADDRESS = "Cette adresse n’est pas complète : elle s’écrit comme nom@domaine.fr"


class OnceForm(ByLinkForm):
    """A form that acts once, however often it is sent."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": "Rechargez la page."})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RequestForm(OnceForm):
    """Ask for a change."""

    submit = "Envoyer ma demande"
    kind = forms.ChoiceField(
        label="Ma demande", widget=forms.RadioSelect, choices=CompanyRequest.Kind.choices,
        error_messages={"required": "Choisissez ce que vous demandez."},
    )  # fmt: skip
    convention = forms.TypedChoiceField(label="Convention concernée", required=False, coerce=int, empty_value=None)
    text = forms.CharField(
        label="Ce que vous demandez", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Écrivez simplement. Aucun nom de stagiaire, aucun numéro de sécurité sociale.",
        error_messages={"required": "Écrivez votre demande."},
    )  # fmt: skip

    def __init__(self, *args: Any, conventions: list[PartnershipConvention], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(row.pk, f"{row.number}, {row.title}") for row in conventions]
        self.fields["convention"].choices = [("", "Aucune en particulier"), *named]  # type: ignore[attr-defined]
        if not named:
            del self.fields["convention"]

    def asked(self) -> AskedChange:
        """Return what was typed."""
        typed = self.cleaned_data
        return AskedChange(typed["kind"], typed["text"].replace("\r\n", "\n"), typed.get("convention"))


class ReplacementForm(OnceForm):
    """Name who takes one's place."""

    submit = "Désigner cette personne"
    full_name = forms.CharField(
        label="Son nom et son prénom", max_length=150,
        error_messages={"required": "Écrivez le nom de la personne qui vous remplace."},
    )  # fmt: skip
    job_title = forms.CharField(
        label="Sa fonction", max_length=150, required=False, help_text="Par exemple : responsable du recrutement."
    )
    email = forms.EmailField(
        label="Son adresse électronique", help_text="Son lien personnel lui est envoyé à cette adresse.",
        error_messages={"required": "Indiquez son adresse électronique.", "invalid": BAD_ADDRESS},
    )  # fmt: skip
    phone = forms.CharField(label="Son téléphone", max_length=20, required=False)
    effective_on = forms.DateField(
        label="À partir du", widget=DateInput, help_text="Ce jour-là, votre propre lien cesse de s’ouvrir.",
        error_messages={"required": "Choisissez une date.", "invalid": "Cette date n’existe pas : choisissez-en une autre."},
    )  # fmt: skip
    leaves = forms.BooleanField(label="Je quitte l’entreprise à cette date", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": timezone.localdate()}, **kwargs)

    def successor(self) -> Successor:
        """Return who was named."""
        return Successor(**{name: value for name, value in self.cleaned_data.items() if name != "form_key"})


class ReportForm(DeliveryFields, ByLinkForm):
    """Say what was done of a promise: the Région confirms it before it counts."""

    submit = "Envoyer à la Région"
    # A file too large to be received cuts off the fields that come after it.
    field_order = ["public_id", "delivered_on", "quantity", "description", "proof"]


class WishesForm(ByLinkForm):
    """Which of the messages that may be stopped this person still wishes to receive."""

    submit = "Enregistrer mon choix"
    wanted = forms.MultipleChoiceField(
        label="Je souhaite recevoir", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Décochez ce que vous ne voulez plus recevoir. Vous pourrez revenir sur votre choix ici.",
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: list[MailType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = [(kind.name, kind.label) for kind in kinds]  # type: ignore[attr-defined]
