"""Pages reach rows through the queries of their app alone, and say with what status they answer a form."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import python_files, shown, tree

MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404"}


def own_reads(module: ast.Module) -> list[str]:
    """Return what a page reads by itself, with its line."""
    return [f"line {node.lineno}: {ast.unparse(node)}" for node in ast.walk(module) if _is_own_read(node)]


def _is_own_read(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        return True
    if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SHORTCUTS:
        subject = node.args[0] if node.args else None
        return isinstance(subject, ast.Name) and subject.id[:1].isupper()
    return False


def pages() -> list:
    return [
        path for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises")
        if {"views", "admin"} & {*path.parts, path.stem} or path.stem in ("views", "public_views", "admin")
    ]  # fmt: skip


def test_no_page_reads_by_itself() -> None:
    assert len(pages()) >= 6
    assert [f"{shown(path)}, {line}" for path in pages() for line in own_reads(tree(path))] == []


@pytest.mark.parametrize(
    "bad",
    [
        "Convention.objects.get(pk=1)",
        "rows = models.Convention.objects.filter(pk=1)",
        "get_object_or_404(Convention, pk=1)",
        "shortcuts.get_object_or_404(Convention, pk=1)",
        "get_user_model().objects.all()",
        "form.instance.__class__._default_manager.all()",
    ],
)
def test_the_check_sees_the_usual_ways(bad: str) -> None:
    assert own_reads(ast.parse(bad))


def test_the_check_lets_the_right_way_pass() -> None:
    assert own_reads(ast.parse("get_object_or_404(conventions_visible_to(scope), pk=1)")) == []


def test_every_file_is_read_by_the_antivirus_first() -> None:
    """A form takes a file by the field of the house alone (documents/file_field.py)."""
    plain = {"FileField", "ImageField"}
    found = [
        f"{shown(path)}, line {node.lineno}"
        for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises")
        if path.name != "file_field.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in plain
    ]
    assert found == []


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
