"""The forms of editions: their day, their copy, their quotas, their rooms and sessions, the publication of a programme."""

from typing import Any

from django import forms
from django.http import QueryDict

from assises.models import Category, Edition, Room, Session
from e2c_portal.ui.forms import DateInput, DateTimeInput, PortalHelper, TimeInput, group
from e2c_portal.ui.revised import Revised
from e2c_portal.ui.sent_once import SentOnce
from partnerships.models import SigningEvent

LONG = forms.Textarea({"rows": 5})


class _Written(forms.ModelForm):
    """Leave the checks to the operation, which knows who writes; only what was typed is put on the row."""

    def _post_clean(self) -> None:
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class EditionForm(Revised, SentOnce, _Written):
    """An edition: when, where, for whom, until when one registers, and on which terms."""

    categories_on_approval = forms.MultipleChoiceField(
        label="Catégories à accepter une par une", choices=Category.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Leurs inscriptions attendent que la Région les accepte. Aucune case : chacun prend une place aussitôt.",
    )  # fmt: skip

    class Meta:
        model = Edition
        fields = (
            "year", "name", "theme", "held_on", "starts_at", "ends_at", "place", "address", "postal_code", "city", "access",
            "presentation", "contact_email", "contact_phone", "registration_opens_at", "registration_closes_at", "places",
            "offer_hours", "categories_on_approval", "people_kept_months", "ceremony", "sources",
        )  # fmt: skip
        widgets = {
            "held_on": DateInput, "starts_at": TimeInput, "ends_at": TimeInput, "registration_opens_at": DateTimeInput,
            "registration_closes_at": DateTimeInput, "access": forms.Textarea({"rows": 3}), "presentation": LONG,
            "sources": forms.Textarea({"rows": 2}),
        }  # fmt: skip
        help_texts = {
            "name": "Par exemple : 5es Assises régionales des Écoles de la 2e chance.",
            "access": "Transports, parking, entrée sans marche, boucle magnétique, interprète : ce que l’on doit savoir avant de venir.",
            "presentation": "À qui s’adresse la journée, et ce qui s’y passe. Un paragraphe par idée.",
            "places": "Toutes catégories ensemble. Vide : rien ne limite le total. Les quotas limitent en plus chaque catégorie.",
            "offer_hours": "Passé ce temps, la place proposée va à la personne suivante de la liste d’attente.",
            "ceremony": "Ses conventions, son ordre de passage et ses signatures se suivent depuis la page de l’édition.",
        }

    def __init__(self, edition: Edition, data: QueryDict | None = None, *, cancel_url: str, ceremonies: Any) -> None:
        super().__init__(data, instance=edition)
        field: Any = self.fields["ceremony"]
        field.queryset, field.empty_label = ceremonies, "Aucune pour l’instant"
        field.label_from_instance = _ceremony_label
        hidden = [name for name in ("form_token", "revision_seen") if name in self.fields]
        self.helper = PortalHelper(
            self,
            group("L’édition", "year", "name", "theme"),
            group("Quand ?", "held_on", "starts_at", "ends_at"),
            group("Où ?", "place", "address", "postal_code", "city", "access"),
            group("La page publique", "presentation", "contact_email", "contact_phone"),
            group("Les inscriptions", "registration_opens_at", "registration_closes_at", "places", "offer_hours",
                  "categories_on_approval", "people_kept_months"),
            group("Autres", "ceremony", "sources"),
            *hidden, submit="Enregistrer l’édition", cancel_url=cancel_url,
        )  # fmt: skip


def _ceremony_label(event: SigningEvent) -> str:
    return f"{event.name}, {event.held_on:%d/%m/%Y}"


class CopyForm(SentOnce):
    """What a copy needs of its own: its name and its day."""

    name = forms.CharField(label="Nom", max_length=200)
    held_on = forms.DateField(
        label="Date", widget=DateInput, help_text="Les dates d’inscription se décalent d’autant ; l’année en découle."
    )

    def __init__(self, data: QueryDict | None = None, *, cancel_url: str, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.helper = PortalHelper(self, submit="Préparer cette édition", cancel_url=cancel_url)


class QuotaForm(forms.Form):
    """How many people of each category; an empty box sets no limit."""

    def __init__(
        self, quotas: list[tuple[str, str, int | None]], data: QueryDict | None = None, *, cancel_url: str
    ) -> None:
        super().__init__(data)
        for name, label, places in quotas:
            self.fields[name] = forms.IntegerField(
                label=label, required=False, initial=places, min_value=0, max_value=10_000,
                help_text="Vide : pas de limite.", widget=forms.NumberInput({"inputmode": "numeric"}),
            )  # fmt: skip
        self.helper = PortalHelper(self, submit="Enregistrer les quotas", cancel_url=cancel_url)


class RoomForm(Revised, SentOnce, _Written):
    """A room."""

    class Meta:
        model = Room
        fields = ("name", "capacity", "is_step_free", "note")
        help_texts = {"note": "Étage, bâtiment, couleur du fléchage."}

    def __init__(self, room: Room, data: QueryDict | None = None, *, cancel_url: str) -> None:
        super().__init__(data, instance=room)
        self.helper = PortalHelper(self, submit="Enregistrer la salle", cancel_url=cancel_url)


class SessionForm(Revised, SentOnce, _Written):
    """Something that happens during the day."""

    class Meta:
        model = Session
        fields = (
            "kind", "title", "starts_at", "ends_at", "room", "summary", "speakers", "takes_registrations", "places"
        )  # fmt: skip
        widgets = {
            "starts_at": TimeInput, "ends_at": TimeInput, "summary": forms.Textarea({"rows": 3}),
            "speakers": forms.Textarea({"rows": 3}),
        }  # fmt: skip

    def __init__(self, session: Session, data: QueryDict | None = None, *, cancel_url: str, rooms: Any) -> None:
        super().__init__(data, instance=session)
        field: Any = self.fields["room"]
        field.queryset, field.empty_label = rooms, "Aucune, ou pas encore choisie"
        self.helper = PortalHelper(self, submit="Enregistrer ce temps", cancel_url=cancel_url)


class PublishForm(forms.Form):
    """The word that goes with a new programme, and the version that was on screen."""

    note = forms.CharField(
        label="Un mot sur ce qui change", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="Affiché avec le programme.",
    )  # fmt: skip
    tells = forms.BooleanField(
        label="Prévenir les personnes inscrites", required=False,
        help_text="Chaque personne qui a une place et une adresse reçoit ce qui change, ce mot et son agenda à jour.",
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, seen: int, data: QueryDict | None = None, *, cancel_url: str, told_anyway: bool = False) -> None:
        super().__init__(data, initial={"seen": seen})
        if not seen or told_anyway:
            # The first version changes nothing to anybody; what takes a session away is told in any case.
            del self.fields["tells"]
        self.helper = PortalHelper(self, submit="Publier ce programme", cancel_url=cancel_url)
