"""The lists of partnerships that leave as files: the columns of exports.py with the rows that the pages show."""

from e2c_portal.exports.admin_lists import rows_of_admin
from e2c_portal.exports.lists import Listing, register
from partnerships.exports import (
    CEREMONY_COLUMNS,
    COMPANY_COLUMNS,
    CONVENTION_COLUMNS,
    PROMISE_COLUMNS,
    REQUEST_COLUMNS,
)
from partnerships.models import Company, PartnershipConvention
from partnerships.views.ceremonies import LIST as CEREMONY
from partnerships.views.ceremonies import programme_on_screen
from partnerships.views.companies import companies_on_screen
from partnerships.views.conventions import conventions_on_screen
from partnerships.views.promises import promises_on_screen
from partnerships.views.requests import requests_on_screen

CONVENTIONS, COMPANIES = "Conventions de partenariat", "Entreprises"


def register_lists() -> None:
    """Register the lists of the pages, then those of the admin, which has filters of its own."""
    register(Listing("conventions", CONVENTIONS, CONVENTION_COLUMNS, conventions_on_screen))
    register(Listing("entreprises", COMPANIES, COMPANY_COLUMNS, companies_on_screen))
    register(Listing("engagements", "Engagements et réalisations", PROMISE_COLUMNS, promises_on_screen))
    register(Listing("demandes-entreprises", "Demandes des entreprises", REQUEST_COLUMNS, requests_on_screen))
    register(Listing(CEREMONY, "Programme d’une cérémonie", CEREMONY_COLUMNS, programme_on_screen))
    for name, title, columns, model in (
        ("gestion-conventions", CONVENTIONS, CONVENTION_COLUMNS, PartnershipConvention),
        ("gestion-entreprises", COMPANIES, COMPANY_COLUMNS, Company),
    ):
        register(Listing(name, title, columns, rows_of_admin(model), model))
