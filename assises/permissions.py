"""The rights of this floor, by name: the Région prepares the Assises, the network reads, a school registers its own people.

A right on a registration is asked of the row; asked of nothing, it says whether the person has it somewhere.
The door has no account: whoever holds it comes by a personal link that opens nothing else (link_purposes).
"""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import has_network_role, is_regional_officer
from schools.permissions import works_in_the_network
from trainees.permissions import teaches_in_the_school, works_in_the_school


class AssisesPermission(StrEnum):
    VIEW_EDITION = "assises.view_edition"
    PREPARE_EDITION = "assises.prepare_edition"
    CLOSE_EDITION = "assises.close_edition"
    VIEW_REGISTRATION = "assises.view_registration"
    CHANGE_REGISTRATION = "assises.change_registration"
    REGISTER_FOR_SCHOOL = "assises.register_for_school"
    MANAGE_REGISTRATIONS = "assises.manage_registrations"
    VIEW_DOOR = "assises.view_door"
    KEEP_DOOR = "assises.keep_door"


@rules.predicate
def is_of_a_school(user: object, row: object = None) -> bool:
    """Say no for a row of no school: the questions about schools would take it for « in any school »."""
    return row is None or row.school_id is not None  # type: ignore[attr-defined]


P = AssisesPermission
RULES = {
    P.VIEW_EDITION: works_in_the_network,
    P.PREPARE_EDITION: is_regional_officer,
    P.CLOSE_EDITION: is_regional_officer,
    # Who comes from another school, or from a company, is not a school's business.
    P.VIEW_REGISTRATION: has_network_role | (is_of_a_school & works_in_the_school),
    P.CHANGE_REGISTRATION: is_regional_officer | (is_of_a_school & teaches_in_the_school),
    P.REGISTER_FOR_SCHOOL: teaches_in_the_school,
    P.MANAGE_REGISTRATIONS: is_regional_officer,
    P.VIEW_DOOR: has_network_role,
    P.KEEP_DOOR: is_regional_officer,
}
for name, rule in RULES.items():
    rules.add_perm(name, rule)
