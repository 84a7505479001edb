"""The rights of partnerships, by name. The admin asks for Django's own names: view_, add_, change_, delete_."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import has_network_role, is_auditor, is_data_officer, is_regional_officer
from schools.permissions import works_in_the_network


class PartnershipPermission(StrEnum):
    VIEW_CONVENTION = "partnerships.view_partnershipconvention"
    ADD_CONVENTION = "partnerships.add_partnershipconvention"
    CHANGE_CONVENTION = "partnerships.change_partnershipconvention"
    MOVE_CONVENTION = "partnerships.move_partnershipconvention"
    SEAL_CONVENTION = "partnerships.seal_partnershipconvention"
    WRITE_AMENDMENT = "partnerships.write_amendment"
    WRITE_MEETING = "partnerships.write_steering_meeting"
    RESOLVE_COMMENT = "partnerships.resolve_convention_comment"
    WRITE_DELIVERY = "partnerships.write_commitment_delivery"
    READ_PROOF = "partnerships.read_delivery_proof"
    WRITE_COMMENT = "partnerships.write_convention_comment"
    VIEW_TEMPLATE = "partnerships.view_conventiontemplate"
    ADD_TEMPLATE = "partnerships.add_conventiontemplate"
    CHANGE_TEMPLATE = "partnerships.change_conventiontemplate"
    READ_DOCUMENT = "partnerships.read_convention_document"
    VIEW_COMPANY = "partnerships.view_company"
    ADD_COMPANY = "partnerships.add_company"
    CHANGE_COMPANY = "partnerships.change_company"
    VIEW_ESTABLISHMENT = "partnerships.view_establishment"
    ADD_ESTABLISHMENT = "partnerships.add_establishment"
    CHANGE_ESTABLISHMENT = "partnerships.change_establishment"
    VIEW_CONTACT = "partnerships.view_companycontact"
    ADD_CONTACT = "partnerships.add_companycontact"
    CHANGE_CONTACT = "partnerships.change_companycontact"
    MERGE_COMPANY = "partnerships.merge_company"
    NOTE_EXCHANGE = "partnerships.add_companyexchange"
    GRANT_SPACE = "partnerships.grant_company_space"
    VIEW_REQUEST = "partnerships.view_companyrequest"
    ANSWER_REQUEST = "partnerships.answer_companyrequest"
    IMPORT_SIRENE = "partnerships.import_sirene"
    VIEW_EVENT = "partnerships.view_signingevent"
    ADD_EVENT = "partnerships.add_signingevent"
    CHANGE_EVENT = "partnerships.change_signingevent"


def reads_conventions(user: object) -> bool:
    """Show the conventions in the menu of those who may read them; a visitor has no rights to ask."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(PartnershipPermission.VIEW_CONVENTION)  # type: ignore[attr-defined]


def reads_companies(user: object) -> bool:
    """Show the companies in the menu of those who may read them; a visitor has no rights to ask."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(PartnershipPermission.VIEW_COMPANY)  # type: ignore[attr-defined]


READ_BY_THE_NETWORK = (
    PartnershipPermission.VIEW_CONVENTION,
    PartnershipPermission.READ_DOCUMENT,
    PartnershipPermission.VIEW_COMPANY,
    PartnershipPermission.VIEW_ESTABLISHMENT,
    PartnershipPermission.VIEW_CONTACT,
    PartnershipPermission.VIEW_EVENT,
)
# The staff of schools know the companies: they may comment on a text being negotiated. Those who only read may not.
COMMENTS = works_in_the_network & ~is_auditor & ~is_data_officer
for name in PartnershipPermission:
    rules.add_perm(name, works_in_the_network if name in READ_BY_THE_NETWORK else is_regional_officer)
rules.set_perm(PartnershipPermission.WRITE_COMMENT, COMMENTS)
# Schools find the hosts: they add the companies, places and people they meet, and note what was said. What is written already
# is corrected by the Région, which keeps one record for the whole network.
for name in (
    PartnershipPermission.ADD_COMPANY,
    PartnershipPermission.ADD_ESTABLISHMENT,
    PartnershipPermission.ADD_CONTACT,
    PartnershipPermission.NOTE_EXCHANGE,
):
    rules.set_perm(name, COMMENTS)
# A proof may hold sums of money or names: the Région and its auditors alone.
rules.set_perm(PartnershipPermission.READ_PROOF, is_regional_officer | is_auditor)
# What a company writes to the Région is not for schools.
rules.set_perm(PartnershipPermission.VIEW_REQUEST, has_network_role)
