"""The forms of partnerships: the writing of a convention, the move of its workflow, the search of the list."""

from copy import copy
from dataclasses import fields as columns_of
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import DateField
from django.forms.models import fields_for_model, model_to_dict
from django.http import QueryDict

from e2c_portal.kernel.errors import PortalError
from e2c_portal.kernel.french import duration_months
from e2c_portal.kernel.workflow import Move
from e2c_portal.ui.forms import DateInput, PortalHelper, first_input
from e2c_portal.ui.refusals import add_refusal
from e2c_portal.ui.sent_once import SentOnce
from partnerships.agreement import WHOLE, says_yearly
from partnerships.models import (
    Commitment,
    Company,
    ConventionAmendment,
    ConventionArticle,
    ConventionSignatory,
    PartnershipConvention,
)
from partnerships.operations.conventions import ArticleText, ConventionText, Promise, Signatory
from partnerships.queries import ASLEEP, ENDING
from partnerships.situation import SITUATIONS

TALL = {"rows": 3}
LINES_LABELS = {"articles": "articles", "commitments": "engagements", "signatories": "signataires"}


class TextForm(forms.ModelForm):
    """A form whose texts keep the line ends of the database: a browser's own would read as a change."""

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        return {name: _lines_as_saved(value) for name, value in typed.items()}


def _lines_as_saved(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


class ConventionForm(SentOnce, TextForm):
    """What is written of a convention beside its lines. The state is no field: buttons move it."""

    number = forms.CharField(
        label="Numéro",
        max_length=30,
        required=False,
        help_text="Laissez vide : le portail donne le prochain numéro de l’année. Pour une archive, son numéro d’époque.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = PartnershipConvention
        fields = (
            "company", "title", "object", "starts_on", "ends_on", "renewal", "renewal_months",
            "renewal_limit", "notice_months", "preamble", "visas", "recitals", "origin", "printed_company_name", "sources",
        )  # fmt: skip
        widgets = {
            # Chosen on a page of its own, by searching: a list of thousands would weigh on every draft.
            "company": forms.HiddenInput,
            "starts_on": DateInput,
            "ends_on": DateInput,
            "preamble": forms.Textarea(TALL),
            "visas": forms.Textarea(TALL),
            "recitals": forms.Textarea(TALL),
            "sources": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["number"]
            self.initial["revision"] = self.instance.revision
        companies: Any = self.fields["company"]
        companies.queryset = companies.queryset.filter(merged_into=None)
        companies.error_messages |= {
            "required": "Choisissez une entreprise.",
            "invalid_choice": "Cette entreprise n’est plus dans la liste : choisissez-la de nouveau.",
        }


class LineForm(TextForm):
    """One line of a convention: never saved by itself, the operation writes all lines anew."""

    # A line left empty is no line: the browser must not ask for it.
    use_required_attribute = False

    @property
    def place(self) -> int:
        """Return the rank of the line on the page, from one."""
        return int(str(self.prefix).rsplit("-", 1)[1]) + 1

    @property
    def is_spare(self) -> bool:
        """Say whether the line only waits to be filled in."""
        return not self.is_bound or not self.has_changed()


class ArticleForm(LineForm):
    class Meta:
        model = ConventionArticle
        fields = ("title", "body")
        widgets = {"body": forms.Textarea({"rows": 4})}
        # Said once above the list, not under each article.
        help_texts = {"body": ""}


class CommitmentForm(LineForm):
    class Meta:
        model = Commitment
        fields = ("kind", "description", "target", "unit", "period", "rhythm")

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if says_yearly(typed.get("period", "")) and typed.get("rhythm") == WHOLE:
            period = typed["period"]
            self.add_error("rhythm", f"La période dit « {period} » : choisissez « {Commitment.Rhythm.YEARLY.label} ».")
        return typed


class SignatoryForm(LineForm):
    class Meta:
        model = ConventionSignatory
        fields = ("side", "full_name", "quality", "email")


class Lines(forms.BaseFormSet):
    """The lines of one kind, in printing order; a removed or empty one is left out."""

    deletion_widget = forms.CheckboxInput

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "Ordre"
        form.fields["DELETE"].label = "Retirer"

    def values(self) -> list[dict[str, Any]]:
        """Return the typed values of the lines kept, in order."""
        kept = [form.cleaned_data for form in self.ordered_forms]
        return [{name: row[name] for name in self.form._meta.fields} for row in kept]


def _lines(form: type[LineForm], extra: int) -> Any:
    return forms.formset_factory(form, formset=Lines, extra=extra, can_order=True, can_delete=True, max_num=60)


ArticleLines = _lines(ArticleForm, 1)
CommitmentLines = _lines(CommitmentForm, 1)
SignatoryLines = _lines(SignatoryForm, 2)


class ConventionWriting:
    """The form of a convention and its three lists of lines, read and checked as one."""

    def __init__(
        self,
        convention: PartnershipConvention | None,
        data: QueryDict | None = None,
        company: Company | None = None,
    ) -> None:
        """Open the writing of a convention read with its text, or of a new one; `data` is what was posted.

        `company` is the one just chosen, which nothing has saved yet.
        """
        subject = copy(convention) if convention else PartnershipConvention()
        self.convention = convention
        self.form = ConventionForm(data, instance=subject)
        if company is not None:
            self.form.initial["company"] = company.pk
        self.articles = ArticleLines(data, prefix="articles", initial=_rows(convention, "articles", ArticleForm))
        self.commitments = CommitmentLines(
            data, prefix="commitments", initial=_rows(convention, "commitments", CommitmentForm)
        )
        self.signatories = SignatoryLines(
            data, prefix="signatories", initial=_rows(convention, "signatories", SignatoryForm)
        )

    @property
    def company(self) -> Company | None:
        """Return the company written in the form, None when there is none yet."""
        chosen = self.form["company"].value()
        if self.convention and str(chosen) == str(self.convention.company_id):
            return self.convention.company
        companies: Any = self.form.fields["company"]
        return companies.queryset.filter(pk=chosen).first() if str(chosen or "").isdecimal() else None

    @property
    def lists(self) -> tuple[Lines, Lines, Lines]:
        return self.articles, self.commitments, self.signatories

    def is_valid(self) -> bool:
        """Check everything, so that all that is wrong is told at once."""
        return all([self.form.is_valid(), *(lines.is_valid() for lines in self.lists)])

    def text(self) -> ConventionText:
        """Return what was typed, ready for the operation. Only after is_valid."""
        typed = self.form.cleaned_data
        return ConventionText(
            **{name: typed[name] for name in ConventionForm.Meta.fields},
            articles=[ArticleText(**row) for row in self.articles.values()],
            commitments=[Promise(**row) for row in self.commitments.values()],
            signatories=[Signatory(**row) for row in self.signatories.values()],
        )

    @property
    def refused(self) -> bool:
        """Say whether something posted is wrong."""
        return self.form.is_bound and bool(self.errors)

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """Return every error as (label, id of its field, sentence); those of the whole have no label and no id."""
        found = errors_of(self.form, "")
        for lines, one in zip(self.lists, ("Article", "Engagement", "Signataire"), strict=True):
            found += [("", "", str(sentence)) for sentence in lines.non_form_errors()]
            for number, form in enumerate(lines, start=1):
                found += errors_of(form, f"{one} {number}, ")
        return found

    def refuse(self, refusal: PortalError | ValidationError) -> None:
        """Show why the operation refused, beside what was typed."""
        add_refusal(self.form, refusal)

    def overtaken_by(self, saved: PartnershipConvention) -> list[str]:
        """Take the saved revision as the one now seen, and name what differs between it and what was typed."""
        data: Any = self.form.data
        data = data.copy()
        data["revision"] = str(saved.revision)
        self.form.data = data
        ours, theirs = self.text(), text_of(saved)
        return [
            LINES_LABELS.get(column.name) or str(self.form.fields[column.name].label).lower()
            for column in columns_of(ConventionText)
            if getattr(ours, column.name) != getattr(theirs, column.name)
        ]


def errors_of(form: forms.BaseForm, place: str) -> list[tuple[str, str, str]]:
    """Return every error of a form as (label, id of its field, sentence)."""
    found: list[tuple[str, str, str]] = []
    for name, sentences in form.errors.items():
        field: Any = None if name == NON_FIELD_ERRORS else form[name]
        shown = field is not None and not field.is_hidden
        label = f"{place}{field.label}" if shown else place.rstrip(", ")
        found += [(label, first_input(field) if shown else "", str(sentence)) for sentence in sentences]
    return found


def text_of(convention: PartnershipConvention) -> ConventionText:
    """Return the saved text of a convention (read with its lines) in the form that operations take."""
    return ConventionText(
        **{name: getattr(convention, name) for name in ConventionForm.Meta.fields},
        articles=[ArticleText(**row) for row in _rows(convention, "articles", ArticleForm)],
        commitments=[Promise(**row) for row in _rows(convention, "commitments", CommitmentForm)],
        signatories=[Signatory(**row) for row in _rows(convention, "signatories", SignatoryForm)],
    )


def _rows(convention: PartnershipConvention | None, name: str, form: type[LineForm]) -> list[dict[str, Any]]:
    if convention is None:
        return []
    return [model_to_dict(row, form._meta.fields) for row in getattr(convention, name).all()]


class MoveForm(forms.Form):
    """What one move of the workflow asks: the facts it records, the reason it demands."""

    seen_state = forms.CharField(widget=forms.HiddenInput)

    OPTIONAL = ("signed_place", "signing_event", "early_end_agreement")

    def __init__(
        self,
        move: Move,
        subject: PartnershipConvention | ConventionAmendment,
        data: QueryDict | None = None,
        *,
        cancel_url: str,
    ) -> None:
        super().__init__(data, initial=model_to_dict(subject, move.records))
        self.move = move
        self.initial["seen_state"] = subject.status
        if move.records:
            self.fields.update(fields_for_model(type(subject), move.records, formfield_callback=_fact_field))
        for name in move.records:
            self.fields[name].required = name not in self.OPTIONAL
        if isinstance(subject, PartnershipConvention) and "notice_given_on" in move.records:
            self._explain_notice(subject)
        if move.needs_reason:
            self.fields["reason"] = forms.CharField(
                label="Motif", widget=forms.Textarea({"rows": 3}), help_text="Il restera dans l’historique."
            )
        self.helper = PortalHelper(self, submit=move.label, cancel_url=cancel_url)

    def _explain_notice(self, convention: PartnershipConvention) -> None:
        """Say what the notice is, and let the portal count the first day possible."""
        notice = convention.terms.notice_months
        told = f"Le préavis est de {duration_months(notice)}." if notice else "La convention ne fixe pas de préavis."
        self.fields["ended_on"].required = False
        self.fields["ended_on"].help_text = f"{told} Laissez vide pour la première date possible."

    def facts(self) -> dict[str, Any]:
        """Return what the move records. Only after is_valid."""
        return {name: self.cleaned_data[name] for name in self.move.records}


def _fact_field(column: Any, **kwargs: Any) -> forms.Field:
    if isinstance(column, DateField):
        kwargs["widget"] = DateInput
    return column.formfield(**kwargs)


class DayForm(forms.Form):
    """The day on which a convention is read."""

    le = forms.DateField(label="Texte en vigueur le", widget=DateInput, required=False)


class ConventionSearchForm(forms.Form):
    """What the list of conventions is narrowed to."""

    q = forms.CharField(label="Rechercher", required=False, max_length=100)
    situation = forms.ChoiceField(label="Situation", required=False)
    year = forms.TypedChoiceField(label="Année de signature", required=False, coerce=int, empty_value=None)

    def __init__(self, data: QueryDict, years: list[int]) -> None:
        super().__init__(data)
        self.fields["q"].widget = forms.TextInput({"type": "search"})
        situations: Any = self.fields["situation"]
        situations.choices = [
            ("", "Toutes"),
            (ENDING, "En vigueur, fin dans les six mois"),
            (ASLEEP, "En vigueur, partenaire en sommeil"),
            *((situation.name, situation.label) for situation in SITUATIONS.values()),
        ]
        signed_in: Any = self.fields["year"]
        signed_in.choices = [("", "Toutes"), *((year, str(year)) for year in years)]

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen; a value that the list does not know narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
