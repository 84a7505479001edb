"""The rights of this floor, by name: the Région prepares the Assises, the network reads."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import is_regional_officer
from schools.permissions import works_in_the_network


class AssisesPermission(StrEnum):
    VIEW_EDITION = "assises.view_edition"
    PREPARE_EDITION = "assises.prepare_edition"


RULES = {
    AssisesPermission.VIEW_EDITION: works_in_the_network,
    AssisesPermission.PREPARE_EDITION: is_regional_officer,
}
for name, rule in RULES.items():
    rules.add_perm(name, rule)
