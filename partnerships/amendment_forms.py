"""The writing of an amendment: the text in force, to be changed; what differs becomes the amendment."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from e2c_portal.kernel.errors import PortalError
from e2c_portal.ui.forms import DateInput
from e2c_portal.ui.refusals import add_refusal
from e2c_portal.ui.sent_once import SentOnce
from partnerships.agreement import ARTICLE, COMMITMENT, SIGNATORY, Agreement
from partnerships.forms import ArticleForm, CommitmentForm, SignatoryForm, errors_of
from partnerships.models import ConventionAmendment, PartnershipConvention
from partnerships.operations.amendments import AmendmentText, WrittenLine

CHOICES = [("", "Non connu"), *(choice for choice in PartnershipConvention.Renewal.choices if choice[0])]


class AmendmentForm(SentOnce):
    """What is written of an amendment beside its lines."""

    purpose = forms.CharField(
        label="Objet de l’avenant", max_length=200, help_text="En une ligne : pourquoi cet avenant."
    )
    effective_on = forms.DateField(
        label="Prend effet le", required=False, widget=DateInput,
        help_text="Laissez vide pour la date de la dernière signature.",
    )  # fmt: skip
    ends_on = forms.DateField(label="La convention prend fin le", required=False, widget=DateInput)
    notice_months = forms.IntegerField(label="Préavis en mois", required=False, min_value=0, max_value=60)
    renewal = forms.ChoiceField(label="Renouvellement", required=False, choices=CHOICES)
    renewal_months = forms.IntegerField(
        label="Durée de chaque reconduction, en mois", required=False, min_value=1, max_value=120,
        help_text="Pour une reconduction tacite seulement.",
    )  # fmt: skip
    renewal_limit = forms.IntegerField(
        label="Nombre de reconductions au plus", required=False, min_value=0, max_value=50,
        help_text="Laissez vide si le texte ne fixe pas de limite.",
    )  # fmt: skip
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class KeyedArticle(ArticleForm):
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class KeyedCommitment(CommitmentForm):
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class KeyedSignatory(SignatoryForm):
    key = forms.CharField(widget=forms.HiddenInput, required=False)


class KeyedLines(forms.BaseFormSet):
    """Lines that remember which one of the text in force they replace."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Retirer de la convention"

    def written(self, part: str) -> list[WrittenLine]:
        """Return the lines kept."""
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [
            WrittenLine(part, form.cleaned_data["key"], {name: form.cleaned_data[name] for name in form._meta.fields})
            for form in kept
        ]


def _keyed(form: type[forms.ModelForm], extra: int = 1) -> type[KeyedLines]:
    return forms.formset_factory(form, formset=KeyedLines, extra=extra, can_delete=True, max_num=60)


PARTS = {
    ARTICLE: (_keyed(KeyedArticle), "Article"),
    COMMITMENT: (_keyed(KeyedCommitment), "Engagement"),
    SIGNATORY: (_keyed(KeyedSignatory), "Signataire"),
}


class AmendmentWriting:
    """The form of an amendment and its three lists, filled with the text as it must read."""

    def __init__(
        self, agreement: Agreement, amendment: ConventionAmendment | None = None, data: QueryDict | None = None
    ) -> None:
        """`agreement` is the text as it reads with the draft, or the text in force for a new amendment."""
        self.form = AmendmentForm(data, initial=_initial(agreement, amendment))
        self.lists = {
            part: kind(data, prefix=f"{part}s", initial=[{**asdict(line), "key": line.key} for line in agreement.lines(part)])
            for part, (kind, _) in PARTS.items()
        }  # fmt: skip

    @property
    def articles(self) -> KeyedLines:
        return self.lists[ARTICLE]

    @property
    def commitments(self) -> KeyedLines:
        return self.lists[COMMITMENT]

    @property
    def signatories(self) -> KeyedLines:
        return self.lists[SIGNATORY]

    def is_valid(self) -> bool:
        """Check everything, so that all that is wrong is told at once."""
        return all([self.form.is_valid(), *(lines.is_valid() for lines in self.lists.values())])

    def text(self) -> AmendmentText:
        """Return what was typed, ready for the operation. Only after is_valid."""
        typed = dict(self.form.cleaned_data)
        typed.pop("revision")
        typed.pop("form_token")
        lines = [line for part, listed in self.lists.items() for line in listed.written(part)]
        return AmendmentText(**typed, lines=lines)

    @property
    def refused(self) -> bool:
        """Say whether something posted is wrong."""
        return self.form.is_bound and bool(self.errors)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Return every error as (label, id of its field, sentence)."""
        found = errors_of(self.form, "")
        for part, lines in self.lists.items():
            found += [("", "", str(sentence)) for sentence in lines.non_form_errors()]
            for number, form in enumerate(lines, start=1):
                found += errors_of(form, f"{PARTS[part][1]} {number}, ")
        return found

    def refuse(self, refusal: PortalError | ValidationError) -> None:
        """Show why the operation refused, beside what was typed."""
        add_refusal(self.form, refusal)

    def now_seeing(self, revision: int) -> None:
        """Take the saved revision as the one now seen, so that saving again is a decision."""
        data = self.form.data.copy()
        data["revision"] = str(revision)
        self.form.data = data


def _initial(agreement: Agreement, amendment: ConventionAmendment | None) -> dict[str, Any]:
    terms = agreement.terms
    names = ("ends_on", "notice_months", "renewal", "renewal_months", "renewal_limit")
    initial: dict[str, Any] = {name: getattr(terms, name) for name in names}
    if amendment:
        initial |= {
            "purpose": amendment.purpose, "effective_on": amendment.effective_on, "revision": amendment.revision,
        }  # fmt: skip
    return initial
