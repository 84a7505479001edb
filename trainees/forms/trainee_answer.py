"""The answer of a trainee by their link: agree or not, and on which skills. Everything typed comes back after a refusal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from e2c_portal.kernel.nir import REFUSAL as NIR_REFUSAL
from e2c_portal.kernel.nir import holds_nir
from trainees.sheets.trainee_answer import ToldAssessment, ToldSkill

YES, NO = "oui", "non"
WHY = "Écrivez pourquoi, ou cochez au moins une compétence plus haut."
TICKED = "Vous avez coché une compétence : choisissez « pas d’accord », ou décochez-la."
WHY_HERE = "Écrivez pourquoi vous n’êtes pas d’accord sur cette compétence."
TICK_HERE = "Vous avez écrit une raison : cochez la case, ou effacez votre texte."


@dataclass(frozen=True)
class Point:
    """One skill of the form: what the tutor said, the box to tick, the reason to write."""

    skill: ToldSkill
    tick: forms.BoundField
    why: forms.BoundField

    @property
    def is_wrong(self) -> bool:
        return bool(self.tick.errors or self.why.errors)


class AnswerForm(forms.Form):
    """Agree, or say why not."""

    agrees = forms.ChoiceField(
        label="Êtes-vous d’accord avec ce que dit votre tuteur ?", widget=forms.RadioSelect,
        choices=[(YES, "Oui, je suis d’accord"), (NO, "Non, pas sur tout : je dis pourquoi")],
        error_messages={"required": "Choisissez : d’accord, ou pas d’accord."},
    )  # fmt: skip
    words = forms.CharField(
        label="Vos mots", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Facultatif si vous êtes d’accord. Votre école les lira ; elle peut en parler avec l’entreprise.",
        error_messages={"max_length": "2 000 signes au plus."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, told: ToldAssessment) -> None:
        super().__init__(data)
        self.told = told
        for skill in told.skills:
            self.fields[f"non_{skill.pk}"] = forms.BooleanField(label="Je vois les choses autrement", required=False)
            self.fields[f"pourquoi_{skill.pk}"] = forms.CharField(
                label="Pourquoi ?", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
                error_messages={"max_length": "500 signes au plus."},
            )  # fmt: skip

    def domains(self) -> Iterator[tuple[str, list[Point]]]:
        """Return the skills to show with their fields, by domain."""
        for domain in self.told.domains:
            points = [Point(s, self[f"non_{s.pk}"], self[f"pourquoi_{s.pk}"]) for s in domain.skills]
            yield domain.name, points

    def clean(self) -> dict[str, Any]:
        """Refuse an answer that contradicts itself, beside what contradicts it."""
        typed = super().clean() or self.cleaned_data
        for name, value in list(typed.items()):
            if isinstance(value, str) and holds_nir(value):
                self.add_error(name, NIR_REFUSAL)
        for skill in self.told.skills:
            self._check_point(skill.pk, typed)
        ticked = any(typed.get(f"non_{skill.pk}") for skill in self.told.skills)
        if typed.get("agrees") == YES and ticked:
            self.add_error("agrees", TICKED)
        elif typed.get("agrees") == NO and not ticked and not typed.get("words") and "words" not in self.errors:
            self.add_error("words", WHY)
        return typed

    def _check_point(self, pk: int, typed: dict[str, Any]) -> None:
        name, reason = f"pourquoi_{pk}", typed.get(f"pourquoi_{pk}", "")
        if typed.get(f"non_{pk}") and not reason and name not in self.errors:
            self.add_error(name, WHY_HERE)
        elif reason and not typed.get(f"non_{pk}"):
            self.add_error(f"non_{pk}", TICK_HERE)

    def reasons(self) -> dict[int, str]:
        """Return the reason of each skill that was ticked."""
        typed = self.cleaned_data
        return {s.pk: typed[f"pourquoi_{s.pk}"] for s in self.told.skills if typed[f"non_{s.pk}"]}

    def kept(self) -> list[tuple[str, str]]:
        """Return what was typed, to be shown again once the page takes no answer any more."""
        if not self.is_bound:
            return []
        lines = [("Vos mots", self["words"].value() or "")]
        lines += [(skill.name, self[f"pourquoi_{skill.pk}"].value() or "") for skill in self.told.skills]
        return [(title, text) for title, text in lines if text.strip()]
