"""Which records have a page « Historique », and who may read it: apps register theirs in `AppConfig.ready`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse

Find = Callable[[Any, int], Model | None]
Names = Callable[[Collection[int]], Mapping[int, str]]


def nobody_named(links: Collection[int]) -> Mapping[int, str]:
    """Say that no link has a known holder."""
    return {}


@dataclass(frozen=True)
class History:
    """The history of one kind of record, "app.Model".

    `find(user, pk)` returns the record when this person may read it, None otherwise: the same read as that of its page. `may(user,
    row)` says no where the history tells more than the page does: no button leads there. `parts`
    names the models whose rows belong to it and are told with it: they must hold nothing that this page hides from its readers.
    `reserved` names the beginnings of the acts told to the network alone: who read or asked what of somebody's own data.
    `url` gives the page of the record; without it, the record's own address.
    """

    model: str
    find: Find
    parts: tuple[str, ...] = ()
    url: Callable[[Any], str] = lambda row: row.get_absolute_url()
    reserved: tuple[str, ...] = ()
    may: Callable[[Any, Any], bool] = lambda user, row: True

    @property
    def name(self) -> str:
        return apps.get_model(self.model)._meta.label_lower


class _Known:
    """What the apps registered."""

    histories: dict[str, History] = {}
    holders: Names = staticmethod(nobody_named)
    names: dict[str, Callable[[Any], str]] = {}


def register(*histories: History) -> None:
    """Add the histories of an app."""
    for history in histories:
        _Known.histories[history.name] = history


def register_holders(names: Names) -> None:
    """Say who holds the personal links: the capability that keeps them names them."""
    _Known.holders = staticmethod(names)


def register_names(names: Mapping[str, Callable[[Any], str]]) -> None:
    """Say how the records of some models, "app.Model", are called here: some names are not for every reader."""
    _Known.names.update(names)


def name_of(row: Model) -> str:
    """Return how a record is called in a history."""
    return _Known.names.get(row._meta.label, str)(row)


def holders_of(links: Collection[int]) -> Mapping[int, str]:
    """Return who holds these personal links, as far as it is still known."""
    return _Known.holders(links) if links else {}


def all_histories() -> list[History]:
    """Return every history, by name."""
    return [_Known.histories[name] for name in sorted(_Known.histories)]


def history_of(request: HttpRequest, name: str, pk: int) -> tuple[History, Model] | None:
    """Return a record and its history when this person may read it, None otherwise.

    A kind that no app registered is read by those who read it in the admin.
    """
    history = _Known.histories.get(name) or _of_admin(request, name)
    row = history.find(request.user, pk) if history else None
    return None if history is None or row is None or not history.may(request.user, row) else (history, row)


def leads_to_history(user: Any, row: Model) -> bool:
    """Say whether whoever reads the page of this record reads its history too."""
    history = _Known.histories.get(row._meta.label_lower)
    return history is not None and history.may(user, row)


def _of_admin(request: HttpRequest, name: str) -> History | None:
    try:
        model = apps.get_model(name)
    except (LookupError, ValueError):
        return None
    pages = admin.site._registry.get(model)
    if pages is None or not admin.site.has_permission(request):
        return None

    def find(user: Any, pk: int) -> Model | None:
        row = pages.get_object(request, str(pk))
        return row if row is not None and pages.has_view_permission(request, row) else None

    return History(model._meta.label, find, url=lambda row: admin_page_of(row))


def admin_page_of(row: Model) -> str:
    """Return the address of a record in the admin."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
