"""The forms of the door: who holds a post, the hours of a checkpoint, why a scan is voided, what a list shows."""

from typing import Any

from django import forms
from django.http import QueryDict

from assises.models import Checkpoint, DoorPost, Edition, Scan
from e2c_portal.ui.forms import PortalHelper, TimeInput
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce


class _Written(forms.ModelForm):
    """Leave the checks to the operation, which knows who writes; only what was typed is put on the row."""

    def _post_clean(self) -> None:
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class PostForm(Revised, SentOnce, _Written):
    """A post at a door, and who holds it."""

    class Meta:
        model = DoorPost
        fields = ("name", "holder_name", "holder_email")
        help_texts = {
            "name": "Ce que la porte dit aux autres : Porte nord, Atelier 3.",
            "holder_email": "Le lien de la porte lui est envoyé. Il ouvre cette porte, et rien d’autre.",
        }

    def __init__(self, post: DoorPost, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, instance=post)
        self.helper = PortalHelper(self, submit="Enregistrer la porte", cancel_url=cancel_url)


class CheckpointForm(Revised, _Written):
    """The name and the hours of what is counted."""

    class Meta:
        model = Checkpoint
        fields = ("name", "opens_at", "closes_at")
        widgets = {"opens_at": TimeInput, "closes_at": TimeInput}
        help_texts = {"opens_at": "Avant et après, la porte peut laisser entrer : c’est noté."}

    def __init__(self, checkpoint: Checkpoint, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, instance=checkpoint)
        self.helper = PortalHelper(self, submit="Enregistrer le contrôle", cancel_url=cancel_url)


class VoidForm(forms.Form):
    """Why somebody that was counted should not have been."""

    reason = forms.CharField(
        label="Pourquoi ce passage est-il annulé ?", max_length=200,
        help_text="Par exemple : badge d’une autre personne, essai avant l’ouverture.",
        error_messages={"required": "Dites pourquoi ce passage est annulé."},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = PortalHelper(self, submit="Annuler ce passage", cancel_url=cancel_url)


EVERYTHING, REFUSED, LATE, FORCED, VOIDED = "", "refuses", "tardifs", "accordes", "annules"
STANDINGS = [
    (EVERYTHING, "Tous les passages"), (REFUSED, "Refusés"), (LATE, "Gardés pendant une coupure"),
    (FORCED, "Entrées accordées à la porte"), (VOIDED, "Annulés"),
]  # fmt: skip


class ScanFilter(forms.Form):
    """What the list of scans shows."""

    voir = forms.ChoiceField(label="Voir", choices=STANDINGS, required=False)
    reponse = forms.ChoiceField(label="Réponse", choices=[("", "Toutes"), *Scan.Outcome.choices], required=False)
    controle = forms.ModelChoiceField(None, label="Contrôle", required=False, empty_label="Tous")
    porte = forms.ModelChoiceField(None, label="Porte", required=False, empty_label="Toutes")

    def __init__(self, data: Any, edition: Edition) -> None:
        super().__init__(data)
        controls: Any = self.fields["controle"]
        posts: Any = self.fields["porte"]
        controls.queryset, posts.queryset = edition.checkpoints.all(), edition.door_posts.all()

    def chosen(self) -> dict[str, Any]:
        """Return the filters that hold; one that makes no sense filters nothing."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or None for name in self.fields}
