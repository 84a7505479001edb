"""Pages reach rows through the queries of their app alone: never through a model of their own accord."""

import ast

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
