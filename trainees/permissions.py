"""The rights of this floor, by name, and who has them: staff act for their own school, the network reads.

A right is asked of a school, or of any row that bears a `school_id`. Asked of nothing, it says whether the person has it in
some school: enough to show a menu, never to reach a row.
"""

from collections.abc import Callable
from enum import StrEnum

import rules

from e2c_portal.accounts.permissions import has_network_role, is_data_officer, is_regional_officer
from schools.models import Membership, School
from schools.permissions import works_in_the_network
from schools.scope import roles_by_school

Role = Membership.Role
LEADS = (Role.DIRECTOR, Role.COORDINATOR)
TEACHES = (*LEADS, Role.REFERENT)
MEETS_COMPANIES = (*TEACHES, Role.COMPANY_RELATIONS)


class TraineePermission(StrEnum):
    VIEW_TRAINEE = "trainees.view_trainee"
    ADD_TRAINEE = "trainees.add_trainee"
    CHANGE_TRAINEE = "trainees.change_trainee"
    VIEW_DOUBLES = "trainees.view_doubles"
    TRANSFER_TRAINEE = "trainees.transfer_trainee"
    IMPORT_TRAINEES = "trainees.import_trainees"
    VIEW_SENSITIVE = "trainees.view_sensitiveflag"
    CHANGE_SENSITIVE = "trainees.change_sensitiveflag"
    MOVE_PATHWAY = "trainees.move_pathway"
    REOPEN_PATHWAY = "trainees.reopen_pathway"
    DEROGATE = "trainees.derogate"
    VIEW_INTERNSHIP = "trainees.view_internship"
    WRITE_INTERNSHIP = "trainees.write_internship"
    WRITE_SCHOOL_DAYS = "trainees.write_school_days"
    SEND_AGREEMENT = "trainees.send_agreement"
    READ_AGREEMENT = "trainees.read_agreement"
    VIEW_ATTENDANCE = "trainees.view_attendance"
    WRITE_ATTENDANCE = "trainees.write_attendance"
    FREEZE_ATTENDANCE = "trainees.freeze_attendance"
    VIEW_ACCIDENT = "trainees.view_accident"
    WRITE_ACCIDENT = "trainees.write_accident"
    SEARCH_HOSTS = "trainees.search_hosts"
    WRITE_APPROACH = "trainees.write_approach"
    WRITE_OFFER = "trainees.write_offer"
    WRITE_VISIT = "trainees.write_visit"
    VIEW_SKILLS = "trainees.view_skills"
    PLAN_SKILLS = "trainees.plan_skills"
    ASK_ASSESSMENT = "trainees.ask_assessment"
    VALIDATE_SKILLS = "trainees.validate_skills"
    ISSUE_CERTIFICATE = "trainees.issue_certificate"
    VIEW_FRAMEWORK = "trainees.view_skillframework"
    LOAD_FRAMEWORK = "trainees.load_skillframework"
    VIEW_SKILL_FIGURES = "trainees.view_skill_figures"
    VIEW_PARAMETER = "trainees.view_legalparameter"
    ADD_PARAMETER = "trainees.add_legalparameter"
    CHANGE_PARAMETER = "trainees.change_legalparameter"
    VIEW_PRESCRIBER = "trainees.view_prescriber"
    ADD_PRESCRIBER = "trainees.add_prescriber"
    CHANGE_PRESCRIBER = "trainees.change_prescriber"
    VIEW_REFERENCE = "trainees.view_referencedataset"
    LOAD_REFERENCE = "trainees.load_reference"


def _school_id(row: object) -> int | None:
    if row is None:
        return None
    return row.pk if isinstance(row, School) else row.school_id  # type: ignore[attr-defined]


def _has_role(name: str, roles: tuple[str, ...]) -> Callable[..., bool]:
    """Return the question « does this person hold one of these roles in the school of that row? »."""
    wanted = frozenset(roles)

    @rules.predicate(name)
    def holds(user: object, row: object = None) -> bool:
        by_school = roles_by_school(user)
        school_id = _school_id(row)
        held = frozenset().union(*by_school.values()) if school_id is None else by_school.get(school_id, frozenset())
        return bool(held & wanted)

    return holds


leads_the_school = _has_role("leads_the_school", LEADS)
teaches_in_the_school = _has_role("teaches_in_the_school", TEACHES)
works_in_the_school = _has_role("works_in_the_school", MEETS_COMPANIES)
# Asked in this order: a network role is known without a question to the database.
reads_the_school = has_network_role | works_in_the_school

P = TraineePermission
RULES = {
    P.VIEW_TRAINEE: reads_the_school,
    P.ADD_TRAINEE: teaches_in_the_school,
    P.CHANGE_TRAINEE: teaches_in_the_school,
    # Across schools: nobody of one school may learn who is in another.
    P.VIEW_DOUBLES: has_network_role,
    P.TRANSFER_TRAINEE: leads_the_school,
    P.IMPORT_TRAINEES: leads_the_school,
    # Health data (RGPD art. 9): those who lead the school, and the data officer who answers for it.
    P.VIEW_SENSITIVE: is_data_officer | leads_the_school,
    P.CHANGE_SENSITIVE: leads_the_school,
    P.MOVE_PATHWAY: teaches_in_the_school,
    P.REOPEN_PATHWAY: leads_the_school,
    P.DEROGATE: leads_the_school,
    P.VIEW_INTERNSHIP: reads_the_school,
    P.WRITE_INTERNSHIP: works_in_the_school,
    P.WRITE_SCHOOL_DAYS: leads_the_school,
    P.SEND_AGREEMENT: works_in_the_school,
    P.READ_AGREEMENT: reads_the_school,
    P.VIEW_ATTENDANCE: reads_the_school,
    P.WRITE_ATTENDANCE: teaches_in_the_school,
    P.FREEZE_ATTENDANCE: leads_the_school,
    P.VIEW_ACCIDENT: reads_the_school,
    P.WRITE_ACCIDENT: teaches_in_the_school,
    P.SEARCH_HOSTS: works_in_the_network,
    P.WRITE_APPROACH: works_in_the_school,
    P.WRITE_OFFER: is_regional_officer | works_in_the_school,
    P.WRITE_VISIT: works_in_the_school,
    P.VIEW_SKILLS: reads_the_school,
    P.PLAN_SKILLS: works_in_the_school,
    P.ASK_ASSESSMENT: works_in_the_school,
    P.VALIDATE_SKILLS: teaches_in_the_school,
    # Numbered, sealed and given in the name of the school.
    P.ISSUE_CERTIFICATE: leads_the_school,
    P.VIEW_FRAMEWORK: works_in_the_network,
    P.LOAD_FRAMEWORK: is_regional_officer,
    P.VIEW_SKILL_FIGURES: reads_the_school,
    P.VIEW_PARAMETER: works_in_the_network,
    P.ADD_PARAMETER: is_regional_officer,
    P.CHANGE_PARAMETER: is_regional_officer,
    P.VIEW_PRESCRIBER: works_in_the_network,
    P.ADD_PRESCRIBER: is_regional_officer | teaches_in_the_school,
    P.CHANGE_PRESCRIBER: is_regional_officer,
    P.VIEW_REFERENCE: works_in_the_network,
    P.LOAD_REFERENCE: is_regional_officer,
}
for permission, rule in RULES.items():
    rules.add_perm(permission, rule)


def reads_trainees(user: object) -> bool:
    """Show the trainees in the menu of those who may read them; a visitor has no rights to ask."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(P.VIEW_TRAINEE)  # type: ignore[attr-defined]


def searches_hosts(user: object) -> bool:
    """Show the hosts in the menu of those who may look for one."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(P.SEARCH_HOSTS)  # type: ignore[attr-defined]


def imports_trainees(user: object) -> bool:
    """Show the imports in the menu of those who may import."""
    return bool(getattr(user, "is_authenticated", False)) and user.has_perm(P.IMPORT_TRAINEES)  # type: ignore[attr-defined]
