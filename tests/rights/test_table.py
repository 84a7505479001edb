"""Who may open what: every address of the portal × every role × own and other school, against one declared table.

An address absent from the table fails the test, and so does one that lets anybody else in, or keeps anybody out. To see what
the portal does today: `pytest tests/rights -k table --rights-table=FILE` writes it there, to be read over line by line.
"""

import re
from pathlib import Path

import pytest

from e2c_portal.ui.refusals import UNPROCESSABLE
from tests.rights.refused_forms import refused_forms
from tests.rights.walk import METHODS, NOBODY, Asker, Line, declared, walked, written

pytestmark = pytest.mark.django_db
# The forms that a walk with nonsense finds refused, at least.
FORMS_SEEN = 90
# What answers to the people whose data are kept: the data officer does it, and nobody else.
OF_THE_DATA_OFFICER = (
    "donnees-personnelles/personnes/<slug:slug>/<int:pk>/dossier-acces/",
    "donnees-personnelles/personnes/<slug:slug>/<int:pk>/effacement/",
    "donnees-personnelles/gels/nouveau/<str:subject>/",
    "donnees-personnelles/gels/<int:pk>/levee/",
)


@pytest.mark.usefixtures("without_words", "empty_cache")
def test_every_address_lets_in_those_of_the_table_and_nobody_else(
    addresses: dict[str, str], groups: dict[str, list[Asker]], request: pytest.FixtureRequest
) -> None:
    found = walked(addresses, groups)
    if target := request.config.getoption("--rights-table"):
        Path(target).write_text(written(found), encoding="utf-8")
    assert differences(declared(), found) == []
    # One world serves the two: making it costs as much as walking through it.
    answers = dict(refused_forms(addresses, groups))
    assert {route: status for route, status in answers.items() if status != UNPROCESSABLE} == {}, (
        "a form refused as if taken"
    )
    assert len(answers) >= FORMS_SEEN, "the walk must see the forms"


def differences(table: dict[str, Line], found: dict[str, Line]) -> list[str]:
    """Return one sentence for each address that is not in the table, no longer exists, or opens to others."""
    told = [f"{route} is in no line of the table" for route in found.keys() - table.keys()]
    told += [f"{route} is in the table and exists no more" for route in table.keys() - found.keys()]
    for route in found.keys() & table.keys():
        told += [
            f"{route}: {column} lets in {found[route][column]}, the table says {said}"
            for column, said in table[route].items()
            if found[route][column] != said
        ]
    return sorted(told)


EVERYBODY = {"network": "ODAP", "own": "dcre", "other": "x"}
# The admin answers a POST to a page that only shows as it answers a GET, and sends on from one address to another; what may
# change a record there ends in /add/, /change/, /delete/ or in the name of an act.
SHOWN_BY_THE_ADMIN = re.compile(
    r"gestion/(login/|password_change/)?$|gestion/r/|gestion/\^\(\?P<app_label>|gestion/\w+/\w+/(<path:object_id>/(history/)?)?$|gestion/mailing/mail/<int:pk>/apercu/$"
)
# They answer with a form or a list before the right is asked for; the operation behind refuses.
ASKED_LATER = {
    "gestion/documents/document/<int:pk>/relancer/",
}


def test_whoever_works_elsewhere_writes_nothing_that_the_school_itself_may_not() -> None:
    told = [route for route, line in declared().items() if line["POST other"] != NOBODY and line["POST own"] == NOBODY]
    assert told == []


def test_door_staff_enter_what_everybody_enters_and_nothing_else() -> None:
    for route, line in declared().items():
        for method in METHODS:
            if "P" in line[f"{method} network"]:
                assert {group: line[f"{method} {group}"] for group in EVERYBODY} == EVERYBODY, f"{method} {route}"


def test_an_auditor_writes_nothing_and_the_data_officer_what_is_theirs_alone() -> None:
    told = {
        route: set("DA") & set(line["POST network"]) for route, line in declared().items()
        if set("DA") & set(line["POST network"]) and "P" not in line["POST network"]
        and not SHOWN_BY_THE_ADMIN.match(route) and route not in ASKED_LATER
    }  # fmt: skip
    assert told == dict.fromkeys(OF_THE_DATA_OFFICER, {"D"})


# Nobody enters: each says why. Django asks for the right to delete and to add where the portal never gives it.
FOR_NOBODY = {
    r"metriques/$": "closed unless a token or a network is set (tests/upkeep/test_metrics.py opens it)",
    r"connexion/proconnect/": "closed unless ProConnect is configured (tests/accounts/test_proconnect.py opens it)",
    r"gestion/\w+/\w+/(<path:object_id>/delete|add)/$": "the operations of the portal add and remove, never Django's own pages",
    r"gestion/(auth/group|account/emailaddress)/": "the portal has no groups, and addresses are changed by whoever owns them",
    r"gestion/signing/(envelope|act|evidence)/": "proofs are read in their own pages, whole and explained",
    r"gestion/autocomplete/": "no field of the admin asks for it",
    r"gestion/\(\?P<url>": "what leads nowhere",
    r"chiffres/rapports/<int:year>": "a year that is over and has figures: tests/figures/test_annual_report.py opens them all",
    r"stagiaires/offres/<int:pk>/rendre/": "which internship gives its place back is in what is sent (tests/trainees/test_offers.py)",
    r"assises/<int:year>/preparation/attestations/ecole/": "which school is in what is sent (tests/assises/test_attestations.py)",
}  # fmt: skip


def test_every_other_address_was_opened_for_somebody() -> None:
    closed = {route for route, line in declared().items() if set(line.values()) == {NOBODY}}
    reasons = {route: [reason for reason in FOR_NOBODY if re.match(reason, route)] for route in closed}
    assert [route for route, found in reasons.items() if not found] == []
    assert set(FOR_NOBODY) == {reason for found in reasons.values() for reason in found}, "a reason that serves no more"


def test_the_comparison_sees_a_check_removed_and_an_address_forgotten() -> None:
    line = {"GET network": "O", "GET own": NOBODY}
    assert differences({"a/": line}, {"a/": line}) == []
    assert differences({"a/": line}, {"a/": {**line, "GET own": "c"}}) == ["a/: GET own lets in c, the table says -"]
    assert differences({}, {"a/": line}) == ["a/ is in no line of the table"]
    assert differences({"a/": line}, {}) == ["a/ is in the table and exists no more"]
