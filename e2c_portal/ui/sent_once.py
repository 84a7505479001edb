"""A form that creates one record, however many times it is sent (kernel.submissions)."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict

from e2c_portal.kernel.submissions import Sending, mark_of

TOKEN = "form_token"  # noqa: S105  the name of a field
# What differs from one sending to the next without anybody having typed it.
NOT_TYPED = {TOKEN, "csrfmiddlewaretoken"}


class SentOnce(forms.Form):
    """Give a form its token when it is shown to create something; a form that changes a record has none."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=36)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instance = getattr(self, "instance", None)
        if instance is None or instance.pk is None:
            self.initial[TOKEN] = str(uuid4())
        else:
            del self.fields[TOKEN]

    def sending(self) -> Sending | None:
        """Return what this sending of the form is known by; None when it bears no token."""
        return sending_of(self.data) if self.is_bound else None

    def send_anew(self) -> None:
        """Give the form another token: sending it once more is then a decision to create another record."""
        data: Any = self.data.copy()
        data[TOKEN] = str(uuid4())
        self.data = data


def sending_of(data: QueryDict) -> Sending | None:
    """Return what a form that was posted is known by; None when it bears no token."""
    try:
        token = UUID(data.get(TOKEN, ""))
    except ValueError:
        return None
    return Sending(token, mark_of((name, values) for name, values in data.lists() if name not in NOT_TYPED))
