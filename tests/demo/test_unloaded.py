"""The demonstration on a database that is empty, or that an interrupted run left half full."""

import pytest
from django.core.management import CommandError, call_command

from e2c_portal.accounts.models import User
from e2c_portal.demo.management.commands import demo_ready
from e2c_portal.demo.seed.example_facts import SIGNED_COMPANY
from partnerships import workflows
from partnerships.models import PartnershipConvention
from tests.demo.conftest import seed
from tests.factories.partnerships import company_named, convention_at

pytestmark = pytest.mark.django_db


def test_nothing_can_be_ready_before_it_is_loaded() -> None:
    with pytest.raises(CommandError, match="seed_demo"):
        call_command(demo_ready.Command(), timeout=0.2)


def test_the_next_run_finishes_what_an_interrupted_one_began(officer: User, seal_key: None) -> None:
    company = company_named(SIGNED_COMPANY, officer, siren="", head_office=False)
    half = convention_at(workflows.APPROVED, officer, company)
    seed()
    half.refresh_from_db()
    assert half.status == workflows.SIGNED
    assert PartnershipConvention.objects.count() == 13
