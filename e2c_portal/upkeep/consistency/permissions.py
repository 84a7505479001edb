"""Who reads what the checks found, and who asks for them."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import is_auditor, is_regional_officer


class ConsistencyPermission(StrEnum):
    VIEW_CHECKS = "upkeep.view_checks"
    RUN_CHECKS = "upkeep.run_checks"


RULES = {
    ConsistencyPermission.VIEW_CHECKS: is_regional_officer | is_auditor,
    ConsistencyPermission.RUN_CHECKS: is_regional_officer,
}
for name, predicate in RULES.items():
    rules.add_perm(name, predicate)
