"""The long lists of a report are read column by column: as one list for each person or scan would have been."""

import json

import pytest

from assises.reads.report_rows import People, columns_of

PEOPLE = [
    [7, "company", "confirmed", None, 12, False], [9, "trainee", "waiting", 3, None, True], [12, "trainee", "confirmed", 3, None, True],
    [20, "institution", "cancelled", None, None, False],
]  # fmt: skip


def written(rows: list[list[object]]) -> str:
    """Return the rows as the database writes them."""
    return json.dumps(rows, separators=(",", ":"))


@pytest.mark.parametrize("rows", [PEOPLE, PEOPLE[:1], []])
def test_columns_are_those_of_the_rows(rows: list[list[object]]) -> None:
    assert columns_of(written(rows), 6) == [[row[place] for row in rows] for place in range(6)]


def test_groups_are_those_of_each_person() -> None:
    people = People(written(PEOPLE))
    assert (len(people), people.everyone) == (4, {7, 9, 12, 20})
    assert people.by("category") == {"company": {7}, "trainee": {9, 12}, "institution": {20}}
    assert people.by("status") == {"confirmed": {7, 12}, "waiting": {9}, "cancelled": {20}}
    assert (people.by("school_id"), people.by("company_id")) == ({3: {9, 12}}, {12: {7}}), "those without are left out"
    assert people.by("waited") == {False: {7, 20}, True: {9, 12}}
    alone = People(written(PEOPLE[1:3]))
    assert (alone.by("category"), alone.by("company_id"), alone.by("waited")) == (
        {"trainee": {9, 12}},
        {},
        {True: {9, 12}},
    )
    assert (len(People("[]")), People("[]").by("status")) == (0, {})
