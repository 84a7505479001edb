"""Files are short and named by what they are for."""

import ast
import re

import pytest

from tests.house.source import files, python_files, shown, tree

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff", "base_views"}


def test_no_file_is_too_long() -> None:
    found = [
        *python_files(),
        *files("templates", ".html", ".txt", ".css"),
        *files("static/css", ".css"),
        *files("static/js", ".js"),
    ]
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in found}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    found = {
        f"{shown(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in python_files("e2c_portal", "schools", "partnerships", "trainees", "assises", "dev")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: length for name, length in found.items() if length > LONGEST_FUNCTION} == {}


def test_every_file_is_named_by_its_purpose() -> None:
    assert [shown(path) for path in python_files() if path.stem in NAMELESS or path.parent.name in NAMELESS] == []


@pytest.mark.parametrize("words", ["TO" + "DO", "FIX" + "ME", "XX" + "X"])
def test_nothing_is_left_for_later(words: str) -> None:
    found = [*python_files(), *files("templates", ".html"), *files("static/js", ".js"), *files("docs", ".md")]
    assert [shown(path) for path in found if re.search(rf"\b{words}\b", path.read_text(encoding="utf-8"))] == []


def test_every_public_function_of_the_core_says_what_it_does() -> None:
    core = [
        path for path in python_files("e2c_portal/kernel", "e2c_portal/documents", "schools", "partnerships", "trainees")
        if "management" not in path.parts and "views" not in path.parts and "admin" not in path.parts
        and (path.parent.name in ("law", "life", "operations", "reads") or path.stem in ("queries", "scope", "situation", "workflow", "jobs", "requesting", "storage", "codes", "lookups", "moves", "sealing", "conventions", "network", "records", "companies"))
        and "models" not in path.parts
    ]  # fmt: skip
    silent = [
        f"{shown(path)}:{node.lineno} {node.name}"
        for path in core
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []
