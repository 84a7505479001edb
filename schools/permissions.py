"""The rights of this floor, by name. The admin asks for Django's own names: view_, add_, change_, delete_."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import has_network_role, is_regional_officer
from schools.scope import roles_by_school


@rules.predicate
def works_in_the_network(user: object) -> bool:
    # Asked a dozen times by the menu of each page: the posts of a person are read once a request.
    active = bool(getattr(user, "is_authenticated", False) and getattr(user, "is_active", False))
    return active and bool(user.reads_the_network or roles_by_school(user))  # type: ignore[attr-defined]


class SchoolPermission(StrEnum):
    VIEW_NETWORK = "schools.view_network"
    CHANGE_NETWORK = "schools.change_network"
    VIEW_SCHOOL = "schools.view_school"
    ADD_SCHOOL = "schools.add_school"
    CHANGE_SCHOOL = "schools.change_school"
    VIEW_SITE = "schools.view_site"
    ADD_SITE = "schools.add_site"
    CHANGE_SITE = "schools.change_site"
    VIEW_MEMBERSHIP = "schools.view_membership"
    ADD_MEMBERSHIP = "schools.add_membership"
    CHANGE_MEMBERSHIP = "schools.change_membership"


def reads_the_network(user: object) -> bool:
    """Show the network in the menu of those who work in it; a visitor has no rights to ask."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(SchoolPermission.VIEW_SCHOOL)  # type: ignore[attr-defined]


RULES = {
    SchoolPermission.VIEW_NETWORK: works_in_the_network,
    SchoolPermission.CHANGE_NETWORK: is_regional_officer,
    SchoolPermission.VIEW_SCHOOL: works_in_the_network,
    SchoolPermission.ADD_SCHOOL: is_regional_officer,
    SchoolPermission.CHANGE_SCHOOL: is_regional_officer,
    SchoolPermission.VIEW_SITE: works_in_the_network,
    SchoolPermission.ADD_SITE: is_regional_officer,
    SchoolPermission.CHANGE_SITE: is_regional_officer,
    SchoolPermission.VIEW_MEMBERSHIP: has_network_role,
    SchoolPermission.ADD_MEMBERSHIP: is_regional_officer,
    SchoolPermission.CHANGE_MEMBERSHIP: is_regional_officer,
}
for name, rule in RULES.items():
    rules.add_perm(name, rule)
