"""A form that is refused answers 422 wherever it stands: every address is sent nonsense by those who may send it something."""

import ast
from collections.abc import Iterator

import pytest
from django.db import transaction

from e2c_portal.ui.refusals import UNPROCESSABLE
from e2c_portal.ui.refused_answers import tells_errors
from tests.house.source import python_files, shown, tree
from tests.rights.blank import shown as pages
from tests.rights.walk import Asker, declared

FORMS_SEEN = 90


@pytest.mark.django_db
@pytest.mark.usefixtures("without_words", "empty_cache")
def test_a_form_that_is_refused_never_answers_as_one_that_was_taken(
    addresses: dict[str, str], groups: dict[str, list[Asker]]
) -> None:
    answers = dict(_refused(addresses, groups))
    assert {route: status for route, status in answers.items() if status != UNPROCESSABLE} == {}
    assert len(answers) >= FORMS_SEEN, "the walk must see the forms"


def _refused(addresses: dict[str, str], groups: dict[str, list[Asker]]) -> Iterator[tuple[str, int]]:
    """Yield each address where a form was shown again with errors, and what it answered."""
    askers, table = [*groups["network"], *groups["own"]], declared()
    with transaction.atomic():
        start = transaction.savepoint()
        for route, address in addresses.items():
            let_in = table[route]["POST network"] + table[route]["POST own"]
            asker = next((one for one in askers if one.letter in let_in), None)
            if asker is None:
                continue
            pages.clear()
            answer = asker.answer_to_nonsense(address, start)
            if answer is not None and any(tells_errors(page) for page in pages):
                yield route, answer.status_code


def test_no_view_that_reads_a_form_leaves_out_what_it_answers() -> None:
    assert sorted(_silent()) == []


def _silent() -> Iterator[str]:
    """Name the views that ask whether a form is valid, then draw a page without saying with what status."""
    for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises"):
        if ".is_valid()" not in path.read_text(encoding="utf-8"):
            continue
        for function in (one for one in ast.walk(tree(path)) if isinstance(one, ast.FunctionDef)):
            if any(ast.unparse(one) == "require_safe" for one in function.decorator_list):
                continue
            calls = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
            if not any(isinstance(one.func, ast.Attribute) and one.func.attr == "is_valid" for one in calls):
                continue
            drawn = [one for one in calls if isinstance(one.func, ast.Name) and one.func.id == "render"]
            with_form = [one for one in drawn if not any(word.arg == "status" for word in one.keywords)]
            yield from (
                f"{shown(path)}:{one.lineno} {function.name}" for one in with_form if _gives_a_form(one, function)
            )


def _gives_a_form(call: ast.Call, function: ast.FunctionDef) -> bool:
    """Say whether what a page is given holds a form, written in the call or in the `context` of the function."""
    given = list(ast.walk(call))
    if any(isinstance(one, ast.Name) and one.id == "context" for one in given):
        given = list(ast.walk(function))
    return any(isinstance(one, ast.Constant) and one.value == "form" for one in given)
