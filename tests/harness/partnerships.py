"""Companies and conventions, at the stage a test asks for."""

from collections.abc import Callable
from typing import Any

import pytest

from e2c_portal.accounts.models import User
from partnerships.models import Company, PartnershipConvention
from tests.factories.partnerships import company_named, convention_at, drafted


@pytest.fixture
def company(officer: User) -> Company:
    return company_named("Fabrique d’Oc (exemple)", officer)


@pytest.fixture
def convention_draft(officer: User, company: Company) -> PartnershipConvention:
    """A draft whose text is complete: every move is open to it in turn."""
    return drafted(officer, company)


@pytest.fixture
def convention_in(officer: User, seal_key: None) -> Callable[..., PartnershipConvention]:
    """Return a function: `convention_in("signed")`, `convention_in("signed", archive=True)` (faster), with text changes."""

    def reached(state: str, company: Company | None = None, **changes: Any) -> PartnershipConvention:
        return convention_at(state, officer, company, **changes)

    return reached
