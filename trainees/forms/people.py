"""The forms of people: search, create, change, say who answers for them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from e2c_portal.ui.forms import DateInput, PortalHelper, group
from e2c_portal.ui.long_select import LongSelect
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from schools.models import School
from trainees.models import LegalRepresentative, Trainee
from trainees.reads.people import SITUATIONS, Wanted

Choices = Sequence[tuple[str, str]]


class TraineeSearchForm(forms.Form):
    """What the list of trainees is narrowed to."""

    q = forms.CharField(label="Rechercher par nom et prénom", required=False, max_length=100)
    situation = forms.ChoiceField(label="Situation", required=False)
    site = forms.ChoiceField(label="Site", required=False, widget=LongSelect)
    ecole = forms.ChoiceField(label="École", required=False, widget=LongSelect)
    mes = forms.BooleanField(label="Mes stagiaires seulement", required=False)

    def __init__(
        self,
        data: QueryDict,
        *,
        sites: Choices,
        schools: Choices = (),
        follows: bool = True,
        live_url: str = "",
    ) -> None:
        super().__init__(data)
        if not follows:
            del self.fields["mes"]
        self._choose("situation", [(name, label) for name, (label, _) in SITUATIONS.items()], "Toutes")
        self._choose("site", sites, "Tous")
        if not sites:
            del self.fields["site"]
        self._choose("ecole", schools, "Toutes")
        if not schools:
            del self.fields["ecole"]
        box = forms.TextInput({"type": "search", "autocomplete": "off"})
        if live_url:
            # The page asks again while one types; without JavaScript the button does the same.
            box.attrs |= {
                "hx-get": live_url, "hx-trigger": "input changed delay:250ms, search", "hx-target": "#liste-stagiaires",
                "hx-swap": "outerHTML", "hx-sync": "this:replace", "hx-include": "closest form",
            }  # fmt: skip
        self.fields["q"].widget = box

    def _choose(self, name: str, choices: Choices, everything: str) -> None:
        field: Any = self.fields[name]
        field.choices = [("", everything), *choices]

    def wanted(self, user_id: int) -> Wanted:
        """Return what was asked; a value that is not among the choices narrows nothing."""
        self.is_valid()
        found: dict[str, Any] = self.cleaned_data
        return Wanted(
            found.get("q", "").strip(), found.get("situation", ""), _number(found.get("site")), _number(found.get("ecole")),
            user_id if found.get("mes") else None,
        )  # fmt: skip


def _number(chosen: str | None) -> int | None:
    return int(chosen) if chosen else None


class TraineeForm(SentOnce, Revised, forms.ModelForm):
    """What is known of a trainee, and no more than the training needs. A likely double must be confirmed."""

    confirmed = forms.BooleanField(label="Ce n’est aucune de ces personnes : créer la fiche", required=False)

    class Meta:
        model = Trainee
        fields = (
            "school", "last_name", "first_name", "birth_date", "gender", "email", "phone", "address", "postal_code", "city",
        )  # fmt: skip
        widgets = {"birth_date": DateInput}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        instance: Trainee | None = None,
        schools: Iterable[School] = (),
        cancel_url: str,
        live_url: str = "",
    ) -> None:
        super().__init__(data, instance=instance)
        offered = list(schools)
        self._offer_schools(offered)
        if live_url:
            for name in ("last_name", "first_name", "birth_date"):
                self.fields[name].widget.attrs |= {
                    "hx-get": live_url, "hx-trigger": "input changed delay:400ms", "hx-target": "#ressemblances",
                    "hx-include": "[name=last_name], [name=first_name], [name=birth_date]", "hx-sync": "closest form:replace",
                }  # fmt: skip
        self.fields["confirmed"].widget = forms.HiddenInput()
        kept = [name for name in ("form_token", "revision_seen", "confirmed") if name in self.fields]
        identity = ("last_name", "first_name", "birth_date", "gender")
        self.helper = PortalHelper(
            self, *kept, *(["school"] if "school" in self.fields else []), group("Identité", *identity),
            group("Pour joindre la personne", "email", "phone", "address", "postal_code", "city"),
            submit="Enregistrer" if self.instance.pk else "Créer la fiche", cancel_url=cancel_url,
        )  # fmt: skip

    def _offer_schools(self, schools: list[School]) -> None:
        """Ask for the school only of somebody who works in several; it never changes here (a transfer does that)."""
        if len(schools) < 2:
            del self.fields["school"]
            if schools:
                self.instance.school = schools[0]
            return
        field: Any = self.fields["school"]
        field.queryset = School.objects.filter(pk__in=[school.pk for school in schools])

    def ask_confirmation(self) -> None:
        """Show the box to tick beside the people alike."""
        self.fields["confirmed"].widget = forms.CheckboxInput()


class RepresentativeForm(SentOnce, forms.ModelForm):
    """Who answers for a minor, and how to reach them."""

    class Meta:
        model = LegalRepresentative
        fields = ("full_name", "quality", "email", "phone")

    def __init__(self, data: QueryDict | None = None, *, instance: LegalRepresentative, cancel_url: str) -> None:
        super().__init__(data, instance=instance)
        self.fields["email"].help_text = "Pour signer la convention de stage à distance."
        self.helper = PortalHelper(self, submit="Enregistrer", cancel_url=cancel_url)


class RepresentativeEndForm(forms.Form):
    """The day from which somebody represents a trainee no more."""

    ended_on = forms.DateField(label="Ne représente plus cette personne depuis le", widget=DateInput)

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, initial={"ended_on": timezone.localdate()})
        self.helper = PortalHelper(self, submit="Noter la fin", cancel_url=cancel_url)
