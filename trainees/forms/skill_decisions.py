"""The forms of the school's side of assessments: the search, the decisions, a question, an answer told, a skill seen at school."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from e2c_portal.ui.forms import DateInput, PortalHelper
from e2c_portal.ui.long_select import LongSelect
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import CompanyContact
from schools.scope import Scope
from trainees.models import AssessedSkill, CompanyAssessment, Pathway, SkillFramework, SkillLevel, SkillValidation
from trainees.operations.skill_decisions import Decision
from trainees.reads.assessment_list import TABS, UNDER_WAY, Asking, schools_of
from trainees.reads.school_validations import acquired_levels, skills_in

NOT_VALIDATED = "Ne pas valider"
ANSWER_WITHIN = timedelta(days=7)
DAY_REFUSED = {"invalid": "Indiquez un jour, par exemple 24/11/2026.", "required": "Indiquez le jour."}


class CampaignForm(forms.Form):
    """What the list of assessments is narrowed to."""

    q = forms.CharField(label="Stagiaire ou entreprise", required=False, max_length=100)
    onglet = forms.ChoiceField(
        label="Où elles en sont", required=False, choices=[(name, state.label) for name, state in TABS.items()]
    )
    ecole = forms.ChoiceField(label="École", required=False, widget=LongSelect)

    def __init__(self, data: Any, scope: Scope) -> None:
        super().__init__(data)
        schools: Any = self.fields["ecole"]
        schools.choices = [("", "Toutes"), *schools_of(scope)]
        self.shows_schools = len(schools.choices) > 1
        self.fields["q"].widget.input_type = "search"

    def asking(self) -> Asking:
        """Return what is asked for; what cannot be read narrows nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return Asking(
            tab=asked.get("onglet") or UNDER_WAY, words=asked.get("q", ""),
            school_id=int(asked["ecole"]) if asked.get("ecole") else None,
        )  # fmt: skip


class DecisionForm(forms.Form):
    """What the school decides of each skill that the company saw acquired: a level or nothing, a reason when it differs."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    decision_reason = forms.CharField(
        label="Motif de la décision", required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(
        self, skills: Iterable[AssessedSkill], levels: Mapping[int, Sequence[SkillLevel]], seen: str, data: Any = None,
        asked_for: Sequence[str] = (),
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"seen": seen})
        self.skills, self.asked_for = list(skills), list(asked_for)
        self.fields["decision_reason"].help_text = " ".join(asked_for)
        for row in self.skills:
            self._add(row, levels.get(row.skill.framework_id, ()))
        for field in self.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if select else "form-control"

    def _add(self, row: AssessedSkill, levels: Sequence[SkillLevel]) -> None:
        disputed = hasattr(row, "disagreement")
        self.fields[f"level_{row.pk}"] = forms.ChoiceField(
            label=f"Décision de l’école sur « {row.skill} »", required=False,
            choices=[("", NOT_VALIDATED), *((level.pk, f"Validée : {level.name}") for level in levels)],
            initial="" if disputed else row.level_id,
        )  # fmt: skip
        self.fields[f"reason_{row.pk}"] = forms.CharField(
            label="Motif", required=False, max_length=500, widget=forms.Textarea({"rows": 2}),
            help_text="Demandé si le stagiaire n’est pas d’accord." if disputed else "Demandé pour un autre niveau.",
        )  # fmt: skip

    def decisions(self) -> list[Decision]:
        """Return the skills to validate. Only after is_valid."""
        typed = self.cleaned_data
        return [
            Decision(row.pk, int(typed[f"level_{row.pk}"]), typed[f"reason_{row.pk}"])
            for row in self.skills
            if typed.get(f"level_{row.pk}")
        ]

    def see(self, mark: str) -> None:
        """Take what is on screen now as seen, so that sending again is a decision; what was typed stays."""
        data: Any = self.data.copy()
        data["seen"] = mark
        self.data = data


class LaterForm(forms.Form):
    """One skill validated after the rest: at which level, and why now."""

    level = forms.ModelChoiceField(
        SkillLevel.objects.none(), label="Niveau validé", empty_label="À choisir",
        error_messages={"required": "Choisissez le niveau."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Pourquoi maintenant ?", max_length=500, widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Écrivez pourquoi l’école valide cette compétence maintenant."},
    )  # fmt: skip

    def __init__(self, said: AssessedSkill, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data, initial={"level": said.level_id})
        field: Any = self.fields["level"]
        field.queryset = acquired_levels(said.skill.framework)
        field.label_from_instance = lambda row: f"{row.name} : {row.meaning}"
        self.helper = PortalHelper(self, submit="Valider cette compétence", cancel_url=cancel_url)


class QuestionForm(forms.Form):
    """The question that sends an assessment back to the company."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    question = forms.CharField(
        label="Votre question à l’entreprise", max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text="Elle la lit en tête de son évaluation, déjà remplie de ce qu’elle a dit.",
        error_messages={"required": "Écrivez votre question à l’entreprise."},
    )  # fmt: skip
    due_on = forms.DateField(
        label="Réponse attendue pour le", required=False, widget=DateInput, error_messages=DAY_REFUSED
    )

    def __init__(self, seen: str, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data, initial={"seen": seen, "due_on": timezone.localdate() + ANSWER_WITHIN})
        self.helper = PortalHelper(self, submit="Renvoyer avec cette question", cancel_url=cancel_url)


class RespondentForm(forms.Form):
    """Who is asked for the company: somebody who works there today and can be written to."""

    respondent = forms.ModelChoiceField(
        CompanyContact.objects.none(), label="Qui évalue pour l’entreprise", empty_label="À choisir",
        error_messages={"required": "Choisissez quelqu’un de l’entreprise."},
    )  # fmt: skip

    def __init__(self, assessment: CompanyAssessment, people: Any, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data, initial={"respondent": assessment.respondent_id})
        field: Any = self.fields["respondent"]
        field.queryset = people
        field.label_from_instance = lambda row: f"{row.full_name}, {row.email or 'sans adresse électronique'}"
        self.helper = PortalHelper(self, submit="Interroger cette personne", cancel_url=cancel_url)


class AnswerForm(forms.Form):
    """What a trainee told the school of an assessment: agrees, or why not, skill by skill or in a few words."""

    agrees = forms.ChoiceField(
        label="Le stagiaire est-il d’accord avec ce que dit l’entreprise ?", widget=forms.RadioSelect,
        choices=[("yes", "Oui, il est d’accord"), ("no", "Non, il voit les choses autrement")],
        error_messages={"required": "Dites si le stagiaire est d’accord."},
    )  # fmt: skip
    words = forms.CharField(
        label="Ce qu’il a dit", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text="Avec ses mots. Demandé s’il n’est pas d’accord et ne nomme aucune compétence.",
    )  # fmt: skip

    def __init__(self, skills: Iterable[AssessedSkill], data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.skills = list(skills)
        for row in self.skills:
            self.fields[f"skill_{row.pk}"] = forms.CharField(
                label=str(row.skill), required=False, max_length=500, widget=forms.Textarea({"rows": 2}),
                help_text=f"L’entreprise a dit : {row.level or 'non observé'}. À remplir s’il la voit autrement.",
            )  # fmt: skip
        self.helper = PortalHelper(self, submit="Enregistrer sa réponse", cancel_url=cancel_url)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        told = self.disagreements()
        if cleaned.get("agrees") == "no" and not told and not cleaned.get("words"):
            self.add_error("words", "Un désaccord se motive : écrivez pourquoi, ici ou sous une compétence.")
        if cleaned.get("agrees") == "yes" and told:
            self.add_error("agrees", "Une compétence porte un désaccord : choisissez « Non », ou effacez-le.")
        return cleaned

    def disagreements(self) -> dict[int, str]:
        """Return what the trainee sees otherwise, by assessed skill."""
        typed = {row.pk: self.cleaned_data.get(f"skill_{row.pk}", "").strip() for row in self.skills}
        return {pk: words for pk, words in typed.items() if words}


class FrameworkChoiceForm(forms.Form):
    """Which framework in force a skill is chosen in."""

    referentiel = forms.ChoiceField(label="Référentiel", required=False)

    def __init__(self, frameworks: Sequence[SkillFramework], data: Any) -> None:
        super().__init__(data)
        self.frameworks = frameworks
        choice: Any = self.fields["referentiel"]
        choice.choices = [(row.pk, str(row)) for row in frameworks]

    def chosen(self) -> SkillFramework | None:
        """Return the framework asked for, the first one unless said; None when none is in force."""
        wanted = self.cleaned_data.get("referentiel") if self.is_valid() else ""
        first = self.frameworks[0] if self.frameworks else None
        return next((row for row in self.frameworks if str(row.pk) == wanted), first)


class SeenAtSchoolForm(SentOnce, forms.ModelForm):
    """A skill that the school saw itself: which, at which level, when, in which situation."""

    class Meta:
        model = SkillValidation
        fields = ("skill", "level", "seen_on", "reason")
        widgets = {"seen_on": DateInput, "reason": forms.Textarea({"rows": 3})}
        labels = {"reason": "Situation où l’école l’a vue"}
        help_texts = {"reason": "Ce que la personne faisait, où, avec qui."}
        error_messages = {
            "skill": {"required": "Choisissez la compétence."}, "level": {"required": "Choisissez le niveau."},
            "seen_on": DAY_REFUSED, "reason": {"required": "Écrivez dans quelle situation l’école l’a vue."},
        }  # fmt: skip

    def __init__(
        self, pathway: Pathway, framework: SkillFramework, data: Any = None, *, skill: str = "", cancel_url: str
    ) -> None:
        super().__init__(
            data, instance=SkillValidation(pathway=pathway), initial={"seen_on": timezone.localdate(), "skill": skill}
        )
        chosen: Any = self.fields["skill"]
        chosen.queryset, chosen.choices = skills_in(framework), _by_domain(framework)
        level: Any = self.fields["level"]
        level.queryset, level.empty_label = acquired_levels(framework), "À choisir"
        level.label_from_instance = lambda row: f"{row.name} : {row.meaning}"
        self.fields["reason"].required = True
        self.helper = PortalHelper(self, submit="Valider cette compétence", cancel_url=cancel_url)

    def _post_clean(self) -> None:
        """Leave the checks to the operation, which knows who validates."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


def _by_domain(framework: SkillFramework) -> list[tuple[str, Any]]:
    grouped: dict[str, list[tuple[int, str]]] = {}
    for skill in skills_in(framework):
        grouped.setdefault(skill.domain.name, []).append((skill.pk, skill.name))
    return [("", "À choisir"), *grouped.items()]
