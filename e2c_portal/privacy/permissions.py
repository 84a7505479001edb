"""The rights on personal data as such: the data officer acts, the auditor reads what is decided and never any file."""

from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import is_auditor, is_data_officer


class PrivacyPermission(StrEnum):
    VIEW_RULES = "privacy.view_rules"
    HANDLE_PEOPLE = "privacy.handle_people"


RULES = {
    PrivacyPermission.VIEW_RULES: is_data_officer | is_auditor,
    PrivacyPermission.HANDLE_PEOPLE: is_data_officer,
}
for name, predicate in RULES.items():
    rules.add_perm(name, predicate)
