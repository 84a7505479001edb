"""The forms of companies: search, create, merge, note an exchange or a departure."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.kernel.identifiers import compact
from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import Company, CompanyExchange
from partnerships.space_access import contacts_here


class CompanySearchForm(forms.Form):
    """What the list of companies is narrowed to."""

    q = forms.CharField(label="Rechercher par nom, SIREN ou SIRET", required=False, max_length=100)
    sommeil = forms.BooleanField(label="Partenaires en sommeil seulement", required=False)

    def __init__(self, data: QueryDict, live_url: str = "") -> None:
        super().__init__(data)
        box = forms.TextInput({"type": "search", "autocomplete": "off"})
        if live_url:
            # The page asks again while one types; without JavaScript the button does the same.
            box.attrs |= {
                "hx-get": live_url, "hx-trigger": "input changed delay:250ms, search", "hx-target": "#liste-entreprises",
                "hx-swap": "outerHTML", "hx-sync": "this:replace", "hx-include": "closest form",
            }  # fmt: skip
        self.fields["q"].widget = box

    def words(self) -> str:
        """Return what was searched, nothing when it cannot be."""
        self.is_valid()
        return self.cleaned_data.get("q", "")

    def asleep(self) -> bool:
        """Say whether only the sleeping partners are asked for."""
        self.is_valid()
        return self.cleaned_data.get("sommeil", False)


class CompanyForm(SentOnce, forms.ModelForm):
    """A new company. A name already known must be confirmed: two records of one company split its history."""

    siren = forms.CharField(
        label="SIREN",
        required=False,
        max_length=20,
        help_text="9 chiffres, avec ou sans espaces ; vide si vous ne l’avez pas.",
    )
    confirmed = forms.BooleanField(label="Ce n’est aucune de ces entreprises : créer la fiche", required=False)

    class Meta:
        model = Company
        fields = ("legal_name", "siren", "legal_form", "note")
        widgets = {"note": forms.Textarea({"rows": 3})}

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str, live_url: str) -> None:
        super().__init__(data)
        for name in ("legal_name", "siren"):
            self.fields[name].widget.attrs |= {
                "hx-get": live_url, "hx-trigger": "input changed delay:400ms", "hx-target": "#ressemblances",
                "hx-include": "[name=legal_name], [name=siren]", "hx-sync": "closest form:replace",
            }  # fmt: skip
        self.fields["confirmed"].widget = forms.HiddenInput()
        self.helper = PortalHelper(self, submit="Créer la fiche", cancel_url=cancel_url)

    def clean_siren(self) -> str:
        return compact(self.cleaned_data["siren"])

    def ask_confirmation(self) -> None:
        """Show the box to tick beside the names alike."""
        self.fields["confirmed"].widget = forms.CheckboxInput()


class DepartureForm(forms.Form):
    """The day on which a contact left."""

    left_on = forms.DateField(label="A quitté l’entreprise le", widget=DateInput)

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, initial={"left_on": timezone.localdate()})
        self.helper = PortalHelper(self, submit="Noter le départ", cancel_url=cancel_url)


class ExchangeForm(SentOnce, forms.ModelForm):
    """A call, a visit, a meeting, as it is noted."""

    class Meta:
        model = CompanyExchange
        fields = ("kind", "held_on", "contact", "summary")
        widgets = {"held_on": DateInput, "summary": forms.Textarea({"rows": 3})}

    def __init__(self, company: Company, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, initial={"held_on": timezone.localdate()}, instance=CompanyExchange(company=company))
        kind: Any = self.fields["kind"]
        kind.choices = [("", "Choisir"), *CompanyExchange.Kind.choices]
        contact: Any = self.fields["contact"]
        contact.queryset = contacts_here(company)
        contact.empty_label = "Personne en particulier"
        self.helper = PortalHelper(self, submit="Noter l’échange", cancel_url=cancel_url)

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who writes; only what was typed is put on the row."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class MergeSearchForm(forms.Form):
    """Which other record is the same company."""

    q = forms.CharField(label="Nom ou SIREN de l’autre fiche", required=False, max_length=100)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["q"].widget.input_type = "search"

    def words(self) -> str:
        """Return what was searched, nothing when it cannot be."""
        self.is_valid()
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned.get("q", "")
