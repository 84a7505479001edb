"""The former version of the portal works on the schema of this one: during an upgrade both answer at the same time.

Its code is taken from the commit of its heading in CHANGELOG.md, and its own tests are run by it on a database that this
version's migrations made: signing in, lists, a trainee, an internship, a signature, a document made by its worker.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.db import connection

from tests.faults.waiting import until
from tests.house.previous_version import previous_commit, unpacked
from tests.house.source import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
GROUP = "former"
# Tests of the former version, as they are named there: one that it does not have fails this test by its name.
WALK = (
    "tests/accounts/test_sign_in.py::test_wanted_page_is_opened_after_sign_in",
    "tests/trainees/test_people_pages.py::test_every_page_of_a_person_answers_here_and_is_unknown_elsewhere",
    "tests/trainees/test_people_pages.py::test_the_list_is_searched_and_narrowed",
    "tests/trainees/test_people_pages.py::test_a_likely_double_is_shown_before_it_is_created",
    "tests/trainees/test_internship_pages.py::TestEntry::test_a_known_trainee_is_saved_as_the_page_fills_itself",
    "tests/trainees/test_internship_pages.py::TestEntry::test_the_law_is_told_before_and_nothing_typed_is_lost",
    "tests/partnerships/test_company_pages.py::test_a_school_adds_and_notes_but_corrects_nothing",
    "tests/partnerships/test_company_pages.py::test_the_page_tells_everything",
    "tests/signing/test_signing.py::test_an_act_keeps_what_was_shown_and_accepted",
)


@pytest.fixture
def database() -> Iterator[str]:
    """Copy the database of this run, whose schema this version made, under the name that the former version will look for."""
    ours = connection.settings_dict["NAME"]
    name = f"test_{portal_settings.DATABASES['default']['NAME'].removeprefix('test_').split('_')[0]}_{GROUP}"
    connection.close()

    def copied() -> bool:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [ours])
            if cursor.fetchone()[0]:
                return False
            cursor.execute(f'CREATE DATABASE {name} TEMPLATE "{ours}"')
        return True

    until(copied, "nobody else works in the database of this run", 20)
    yield name
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def test_it_signs_in_lists_enters_signs_and_makes_documents(database: str, tmp_path: Path) -> None:
    version, commit = previous_commit()
    tree = unpacked(commit, tmp_path / f"portal-{version}")
    (tree / "tests" / "upkeep").mkdir(exist_ok=True)
    shutil.copy(ROOT / "tests" / "upkeep" / "former_worker.py", tree / "tests" / "upkeep" / "test_former_worker.py")
    command = [
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "--reuse-db", "-m", "not browser",
        *WALK, "tests/upkeep/test_former_worker.py",
    ]  # fmt: skip
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = inherited | {
        "TEST_GROUP": GROUP,
        "TEST_VAR_DIR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "e2c_portal.settings.test",
    }
    done = subprocess.run(command, cwd=tree, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, (
        f"version {version} on the schema of this one:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}"
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > len(WALK)
    assert "failed" not in done.stdout
