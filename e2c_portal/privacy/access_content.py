"""What an access file says: each row with the French names of its columns, without any secret, and the files beside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.db.models import Field, Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from e2c_portal.audit.change_words import side_in_words
from e2c_portal.audit.models import Change
from e2c_portal.kernel import retention
from e2c_portal.privacy.closure import Found

# What opens something, or proves a code: it tells nothing about the person and would endanger them in a file that travels.
SECRET = ("password", "token", "key_sha256", "browser_sha256", "fingerprint", "salt", "claim", "session_key")
INNER = ("search", "revision", "moves_made", "transaction", "decided_in", "rank")
YES_NO = {True: "oui", False: "non"}


@dataclass
class Part:
    """The rows of one model. `rows` holds, for each, the (French name, value in words) of its columns."""

    model: str
    title: str
    rule: str
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    values: list[dict[str, Any]] = field(default_factory=list)

    def as_values(self) -> dict[str, Any]:
        """Return the part as plain values."""
        return {"modele": self.model, "libelle": self.title, "conservation": self.rule, "lignes": self.values}


def parts_of(found: Found) -> Iterator[Part]:
    """Yield what the portal holds, model by model, by title."""
    for model, keys in sorted(found.items(), key=lambda item: str(item[0]._meta.verbose_name_plural)):
        rule = retention.rule_of(model)
        part = Part(model._meta.label, str(model._meta.verbose_name_plural).capitalize(), rule.rule if rule else "")
        columns = _columns(model)
        relations = [column.name for column in columns if column.is_relation]
        rows = model._base_manager.filter(pk__in=keys).order_by("pk").select_related(*relations)
        for row in rows.iterator(500):
            part.rows.append(
                [(str(column.verbose_name), words) for column in columns if (words := _words(row, column))]
            )
            part.values.append({column.name: _plain(row, column) for column in columns})
        yield part


def _columns(model: type[Model]) -> "list[Field[Any, Any]]":
    return [
        column for column in model._meta.concrete_fields
        if column.name not in INNER and not any(word in column.name for word in SECRET)
    ]  # fmt: skip


def _words(row: Model, column: "Field[Any, Any]") -> str:
    value = getattr(row, column.name) if column.is_relation else getattr(row, column.attname)
    if value in (None, "", [], {}):
        return ""
    if isinstance(row, Change) and column.name in ("before", "after"):
        return side_in_words(row, column.name)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y à %H h %M}"
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _plain(row: Model, column: "Field[Any, Any]") -> Any:
    value = getattr(row, column.attname)
    return str(value) if isinstance(value, datetime | date | Decimal | UUID) else value


def files_of(found: Found) -> Iterator[tuple[str, str]]:
    """Yield the (name in the ZIP, key in the storage) of every stored file of the rows."""
    for model, keys in sorted(found.items(), key=lambda item: item[0]._meta.label):
        rule = retention.rule_of(model)
        own = {column.name for column in model._meta.concrete_fields}
        for name in (column for column in (rule.files if rule else ()) if column in own):
            for pk, key in model._base_manager.filter(pk__in=keys).order_by("pk").values_list("pk", name):
                if key and model._meta.label != "privacy.AccessFile":
                    folder = slugify(str(model._meta.verbose_name_plural))
                    yield f"fichiers/{folder}/{pk}{PurePosixPath(key).suffix}", key


def page_of(who: str, parts: Sequence[Part], files: Sequence[tuple[str, str]]) -> str:
    """Return the page to read: one file without any link outside."""
    context = {"who": who, "parts": parts, "files": [name for name, _ in files], "today": timezone.localdate()}
    return render_to_string("privacy/access_file.html", context)
