"""The demonstration, loaded once for all the tests that only read it: half of a first run, then the run that finishes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from e2c_portal.demo.management.commands import demo_ready, seed_demo
from e2c_portal.demo.seed.example_facts import SIGNED_COMPANY, calendar
from e2c_portal.demo.seed.examples import _drafted
from e2c_portal.demo.seed.people import acting_officer, create_accounts
from partnerships.models import PartnershipConvention
from partnerships.operations.moves import move_convention

# What an empty database is given, line by line.
ADDED = (
    "+ 8 comptes", "+ 9 écoles", "+ 4 postes", "+ 2 référentiels", "+ 5 référentiels de compétences",
    "+ 9 conventions d’archives", "+ 4 conventions d’exemple", "+ 4 réalisations d’exemple", "+ 1 cérémonie à venir",
    "+ 3 éditions des Assises", "+ 2 bilans des Assises", "+ 17 stagiaires d’exemple", "+ 7 stages d’exemple",
    "+ 4 offres de stage", "+ 6 démarches", "+ 6 stages aux compétences prévues", "+ 1 convention de stage à signer",
    "+ 1 état mensuel figé",
    "+ 18 inscriptions aux Assises", "+ 3 évaluations en entreprise", "+ 48 stagiaires des années passées",
    "+ 1 année de chiffres publiée", "+ 1 rapport d’activité",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What the run that finished the loading said, and the convention that the interrupted one had left approved."""

    said: list[str]
    half: PartnershipConvention


def seed() -> str:
    """Load the demonstration as `manage.py seed_demo` does, and return what it says."""
    said = StringIO()
    call_command(seed_demo.Command(), stdout=said)
    return said.getvalue()


def ready(timeout: float = 40) -> str:
    """Run `demo_ready` and return what it says."""
    said = StringIO()
    call_command(demo_ready.Command(), timeout=timeout, stdout=said)
    return said.getvalue()


def interrupted() -> PartnershipConvention:
    """Leave what a run stopped in the middle leaves: the people, and an example that nobody has put to signature yet."""
    create_accounts()
    officer, dates = acting_officer(), calendar(timezone.localdate())
    half = _drafted(SIGNED_COMPANY, dates.signed_on, dates.ends_on, officer)
    return move_convention(half.pk, "approve", officer)


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker, seal_key: None) -> Iterator[Loaded]:
    """Load it in a transaction that ends with the file's tests; each test then works in a part of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        half = interrupted()
        said = seed().replace("\u00a0", " ").splitlines()
        # Keys between its rows are checked here once, rather than again at the end of each test.
        connection.check_constraints()
        yield Loaded(said, half)
        transaction.set_rollback(True)
