"""Nobody is named in the logs of a run: whoever is in the database when it ends is looked for in every line."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db.models import Model

from tests.harness.json_logs import json_logs

# Columns that hold who somebody is, in any model of ours.
TELLING = ("email", "full_name", "last_name", "phone", "holder_label", "birth_name")
SHORTEST = 4
KEY = re.compile(r"/(?:lien|messages|sur-place)/(?:[a-z\-]+/)*[A-Za-z0-9_\-:.=%~]{20,}")


def everybody() -> set[str]:
    """Return what the database knows people by."""
    return {
        value
        for model in apps.get_models()
        for name in _telling(model)
        for value in model._base_manager.exclude(**{name: ""}).values_list(name, flat=True).distinct()
        if value and len(value) >= SHORTEST
    }


def _telling(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name in TELLING]


@contextmanager
def logs_naming_nobody() -> Iterator[None]:
    """Fail when a line written meanwhile, as production writes it, holds somebody or the key of a link."""
    with json_logs(turned_up=False) as written:
        yield
        people = everybody()
    text = written.getvalue()
    assert text, "nothing was written: this proves nothing"
    found = [who for who in people if re.search(rf"(?<!\w){re.escape(who)}(?!\w)", text)]
    assert found == [], [line for line in text.splitlines() if any(who in line for who in found)][:5]
    assert KEY.findall(text) == []
