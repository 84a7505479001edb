"""The forms that bring a host to an internship: search one, or record a new one with its tutor."""

from typing import Any

from django import forms

from e2c_portal.kernel.identifiers import compact
from e2c_portal.ui.forms import PortalHelper, group
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import Company, CompanyContact, Establishment
from trainees.operations.host_entry import NewHost


class HostSearchForm(forms.Form):
    """Which company will welcome the trainee; without JavaScript the button does what typing does."""

    q = forms.CharField(label="Nom, ville, SIREN ou SIRET", required=False, max_length=100)
    stage = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, live_url: str) -> None:
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput({
            "type": "search", "autocomplete": "off", "hx-get": live_url, "hx-trigger": "input changed delay:250ms, search",
            "hx-target": "#lieux", "hx-swap": "outerHTML", "hx-sync": "this:replace", "hx-include": "closest form",
        })  # fmt: skip

    def words(self) -> str:
        """Return what was searched, nothing when it cannot be."""
        self.is_valid()
        return self.cleaned_data.get("q", "")


class HostForm(SentOnce, forms.Form):
    """A company that the portal does not know, or another place of one it knows, with its tutor."""

    legal_name = forms.CharField(label="Nom de l’entreprise", max_length=200)
    siren = forms.CharField(
        label="SIREN", max_length=20, required=False, help_text="9 chiffres ; vide si vous ne l’avez pas."
    )
    legal_form = forms.CharField(
        label="Forme juridique", max_length=60, required=False, help_text="SARL, SAS, association…"
    )
    confirmed = forms.BooleanField(
        label="Ce n’est aucune de ces entreprises : créer la fiche", required=False, widget=forms.HiddenInput
    )
    name = forms.CharField(
        label="Nom du lieu",
        max_length=200,
        required=False,
        help_text="Enseigne, agence ; sinon le nom de l’entreprise.",
    )
    siret = forms.CharField(label="SIRET du lieu", max_length=25, required=False)
    address = forms.CharField(label="Adresse", max_length=250, required=False)
    postal_code = forms.CharField(label="Code postal", max_length=5, required=False)
    city = forms.CharField(label="Ville", max_length=100)
    tutor_name = forms.CharField(label="Nom complet", max_length=150, required=False)
    tutor_job = forms.CharField(label="Fonction", max_length=150, required=False)
    tutor_email = forms.EmailField(label="Adresse électronique", required=False)
    tutor_phone = forms.CharField(label="Téléphone", max_length=20, required=False)
    signatory_name = forms.CharField(
        label="Nom complet",
        max_length=150,
        required=False,
        help_text="Vide si le tuteur signe aussi pour l’entreprise.",
    )
    signatory_job = forms.CharField(label="Fonction", max_length=150, required=False)
    signatory_email = forms.EmailField(label="Adresse électronique", required=False)

    def __init__(self, data: Any = None, *, cancel_url: str, company: Company | None = None) -> None:
        super().__init__(data)
        self.company = company
        of_company: list[Any] = [group("Entreprise", "legal_name", "siren", "legal_form", "confirmed")]
        if company is not None:
            for name in ("legal_name", "siren", "legal_form", "confirmed"):
                del self.fields[name]
            of_company = []
        self.helper = PortalHelper(
            self, "form_token", *of_company, group("Lieu du stage", "name", "siret", "address", "postal_code", "city"),
            group("Tuteur", "tutor_name", "tutor_job", "tutor_email", "tutor_phone"),
            group("Qui signe pour l’entreprise", "signatory_name", "signatory_job", "signatory_email"),
            submit="Enregistrer et continuer", cancel_url=cancel_url,
        )  # fmt: skip

    def clean_siren(self) -> str:
        return compact(self.cleaned_data["siren"])

    def clean_siret(self) -> str:
        return compact(self.cleaned_data["siret"])

    def ask_confirmation(self) -> None:
        """Show the box to tick beside the names alike."""
        self.fields["confirmed"].widget = forms.CheckboxInput()

    def host(self) -> NewHost:
        """Return what was typed, not saved yet. Only after is_valid."""
        typed = self.cleaned_data
        company = self.company or Company(
            legal_name=typed["legal_name"], siren=typed["siren"], legal_form=typed["legal_form"]
        )
        place = Establishment(
            name=typed["name"] or company.legal_name, is_head_office=self.company is None,
            **{name: typed[name] for name in ("siret", "address", "postal_code", "city")},
        )  # fmt: skip
        return NewHost(company, place, tuple(self._people(typed)))

    def _people(self, typed: dict[str, Any]) -> list[CompanyContact]:
        tutor = CompanyContact(
            full_name=typed["tutor_name"], job_title=typed["tutor_job"], email=typed["tutor_email"],
            phone=typed["tutor_phone"],
        )  # fmt: skip
        signatory = CompanyContact(
            full_name=typed["signatory_name"], job_title=typed["signatory_job"], email=typed["signatory_email"]
        )
        return [person for person in (tutor, signatory) if person.full_name]
