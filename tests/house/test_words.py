"""docs/vocabulaire.md follows the code: every model, every state, and nothing that is gone."""

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.utils.module_loading import import_string

from partnerships.workflows import STATES
from tests.house.source import ROOT
from trainees.life.pathways import STATES as PATHWAY_STATES

WORDS = (ROOT / "docs" / "vocabulaire.md").read_text(encoding="utf-8")
# Links between two models, and what an operator alone ever sees.
UNSPOKEN = {"documents.BatchItem", "documents.FailedLookup", "accounts.User"}


@pytest.mark.parametrize("app", ["schools", "partnerships", "trainees", "assises", "documents"])
def test_every_model_has_its_word(app: str) -> None:
    names = {f"{app}.{model.__name__}" for model in apps.get_app_config(app).get_models()}
    assert {name for name in names - UNSPOKEN if f"`{name}`" not in WORDS} == set()


@pytest.mark.parametrize(("name", "state"), [*STATES.items(), *PATHWAY_STATES.items()])
def test_every_state_is_explained(name: str, state) -> None:
    assert f"| {state.label} | `{name}` |" in WORDS


def test_every_name_of_the_page_exists() -> None:
    names = re.findall(r"`((?:schools|partnerships|trainees|assises)\.[\w.]+)`", WORDS)
    assert len(names) > 10
    for name in names:
        app, _, rest = name.partition(".")
        if rest[0].isupper():
            assert apps.get_model(app, rest)
        else:
            assert _named(name)


def _named(dotted: str) -> object:
    """Return a module, or something in one."""
    try:
        return import_module(dotted)
    except ModuleNotFoundError:
        return import_string(dotted)
