"""The forms of a report: its introduction, and why it is corrected."""

from typing import Any

from django import forms

from e2c_portal.figures.annual.models import AnnualReportDraft
from e2c_portal.ui.forms import PortalHelper
from e2c_portal.ui.revised import Revised


class IntroductionForm(Revised, forms.ModelForm):
    """The words before the figures."""

    class Meta:
        model = AnnualReportDraft
        fields = ("introduction",)
        widgets = {"introduction": forms.Textarea({"rows": 6})}

    def __init__(self, data: Any = None, *, instance: AnnualReportDraft) -> None:
        super().__init__(data, instance=instance)
        self.helper = PortalHelper(self, submit="Enregistrer l’introduction")


class PublishForm(forms.Form):
    """What was read before publishing, and why a report is corrected."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = forms.CharField(
        label="Pourquoi corriger ce rapport ?", max_length=250, widget=forms.Textarea({"rows": 2}),
        help_text="Cette phrase est imprimée dans la nouvelle version, avec chaque chiffre qui change.",
        error_messages={"required": "Écrivez pourquoi le rapport est corrigé.", "max_length": "250 signes au plus."},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, seen: str, corrects: bool) -> None:
        super().__init__(data, initial={"seen": seen})
        if not corrects:
            del self.fields["reason"]
        label = "Publier la nouvelle version" if corrects else "Arrêter et publier"
        self.helper = PortalHelper(self, submit=label)
