"""A form that changes a record and knows which revision of it was on screen (kernel.revisions)."""

from typing import Any

from django import forms

REVISION = "revision_seen"


class Revised(forms.Form):
    """Keep the revision on the page; a form that creates a record has none."""

    revision_seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance: Any = self.instance  # type: ignore[attr-defined]
        if instance.pk is None:
            del self.fields[REVISION]
        else:
            self.initial[REVISION] = instance.revision

    def seen(self) -> int | None:
        """Return the revision that was on screen. Only after is_valid."""
        return self.cleaned_data.get(REVISION)

    def now_seeing(self) -> str:
        """Take the saved revision as the one on screen, so that saving again is a decision, and name what differs from it."""
        data: Any = self.data.copy()
        data[REVISION] = str(self.instance.revision)  # type: ignore[attr-defined]
        self.data = data
        columns = self.instance._meta  # type: ignore[attr-defined]
        labels = [str(columns.get_field(name).verbose_name) for name in self.changed_data if name != REVISION]
        return f"Votre saisie diffère de la version enregistrée sur : {', '.join(labels)}." if labels else ""
