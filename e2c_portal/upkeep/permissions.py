"""The rights on the portal as a machine: officers of the Région operate it, the auditor reads."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import is_auditor, is_regional_officer


class UpkeepPermission(StrEnum):
    VIEW_WORK = "upkeep.view_work"
    RESTART_WORK = "upkeep.restart_work"


RULES = {
    UpkeepPermission.VIEW_WORK: is_regional_officer | is_auditor,
    UpkeepPermission.RESTART_WORK: is_regional_officer,
}
for name, predicate in RULES.items():
    rules.add_perm(name, predicate)
