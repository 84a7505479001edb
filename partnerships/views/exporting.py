"""The lists of partnerships that leave as files: the columns of exports.py with the rows that the pages show."""

from e2c_portal.exports.admin_lists import rows_of_admin
from e2c_portal.exports.lists import Listing, register
from partnerships.exports import (
    ACTION_COLUMNS,
    CEREMONY_COLUMNS,
    COMPANY_COLUMNS,
    CONVENTION_COLUMNS,
    DELIVERY_COLUMNS,
    EVENT_COLUMNS,
    PROMISE_COLUMNS,
    PROMISE_DELIVERY_COLUMNS,
    REQUEST_COLUMNS,
    SIRENE_COLUMNS,
)
from partnerships.models import Company, PartnershipConvention
from partnerships.views.ceremonies import LIST as CEREMONY
from partnerships.views.ceremonies import ceremonies_on_screen, programme_on_screen
from partnerships.views.companies import companies_on_screen
from partnerships.views.conventions import conventions_on_screen
from partnerships.views.following import actions_on_screen
from partnerships.views.promises import deliveries_on_screen, promises_on_screen, waiting_on_screen
from partnerships.views.requests import requests_on_screen
from partnerships.views.sirene import lines_on_screen

CONVENTIONS, COMPANIES = "Conventions de partenariat", "Entreprises"


def register_lists() -> None:
    """Register the lists of the pages, then those of the admin, which has filters of its own."""
    register(Listing("conventions", CONVENTIONS, CONVENTION_COLUMNS, conventions_on_screen))
    register(Listing("entreprises", COMPANIES, COMPANY_COLUMNS, companies_on_screen))
    register(Listing("engagements", "Engagements et réalisations", PROMISE_COLUMNS, promises_on_screen))
    register(Listing("demandes-entreprises", "Demandes des entreprises", REQUEST_COLUMNS, requests_on_screen))
    register(Listing("realisations", "Réalisations d’un engagement", PROMISE_DELIVERY_COLUMNS, deliveries_on_screen))
    register(Listing("realisations-a-confirmer", "Réalisations à confirmer", DELIVERY_COLUMNS, waiting_on_screen))
    register(Listing("actions", "Actions des comités de suivi", ACTION_COLUMNS, actions_on_screen))
    register(Listing("ceremonies", "Cérémonies de signature", EVENT_COLUMNS, ceremonies_on_screen))
    register(Listing(CEREMONY, "Programme d’une cérémonie", CEREMONY_COLUMNS, programme_on_screen))
    register(Listing("import-sirene", "Lignes d’un import Sirene", SIRENE_COLUMNS, lines_on_screen))
    for name, title, columns, model in (
        ("gestion-conventions", CONVENTIONS, CONVENTION_COLUMNS, PartnershipConvention),
        ("gestion-entreprises", COMPANIES, COMPANY_COLUMNS, Company),
    ):
        register(Listing(name, title, columns, rows_of_admin(model), model))
