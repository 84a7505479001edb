"""What tests of documents ask for: the notice, and documents of it at a stage of their life."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from e2c_portal.accounts.models import User
from e2c_portal.documents import kinds
from e2c_portal.documents.models import Document
from e2c_portal.documents.requesting import request_document
from tests.documents.notices.kind import NOTICE, order
from tests.factories.documents import seal

SAMPLES = Path(__file__).parents[1] / "samples"


@pytest.fixture
def notices(monkeypatch: pytest.MonkeyPatch, settings: Any, seal_key: None) -> None:
    """Register the notice for one test, with its template and the key to seal it."""
    monkeypatch.setitem(kinds._kinds, NOTICE.name, NOTICE)
    settings.DOCUMENT_TEMPLATE_DIR = SAMPLES
    settings.DOCUMENT_ASSET_DIRS = [*settings.DOCUMENT_ASSET_DIRS, SAMPLES]


@pytest.fixture
def notice(notices: None, officer: User) -> Callable[..., Document]:
    """Return a function that asks for a notice: `notice("texte", number=3, days=-1)`."""

    def asked(
        text: str = "Premier texte.", number: int | None = None, actor: User | None = None, **changes: Any
    ) -> Document:
        return request_document(order(text, number, **changes), actor or officer)

    return asked


@pytest.fixture
def sealed_notice(notice: Callable[..., Document]) -> Callable[..., Document]:
    """Return a function that asks for a notice and makes it at once."""

    def sealed(text: str = "Premier texte.", number: int | None = None, **changes: Any) -> Document:
        document = seal(notice(text, number, **changes))
        assert document.is_sealed, document.failure
        return document

    return sealed
