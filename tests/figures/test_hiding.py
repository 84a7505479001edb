"""No hidden number can be worked out from those that are told: every small table is tried, as somebody curious would."""

from itertools import product

from e2c_portal.figures.hiding import hidden_among, hidden_in, small

UP_TO = 6


def could_be(counts: tuple[int, ...], hidden: set[int]) -> list[tuple[int, ...]]:
    """Return every line that reads like this one: same total, same numbers shown."""
    total = sum(counts)
    return [
        other for other in product(*(range(total + 1) if rank in hidden else [count] for rank, count in enumerate(counts)))
        if sum(other) == total
    ]  # fmt: skip


def test_a_line_of_three_parts_never_gives_a_small_one_away() -> None:
    for counts in product(range(UP_TO + 1), repeat=3):
        hidden = hidden_among(counts)
        assert {rank for rank, count in enumerate(counts) if small(count)} <= hidden
        if hidden and sum(counts) >= 5:
            others = could_be(counts, hidden)
            for rank in hidden:
                assert len({other[rank] for other in others}) > 1, counts
            assert sum(counts[rank] for rank in hidden) >= 5
        if not any(small(count) for count in counts):
            assert not hidden, "nothing is hidden for nothing"


def test_a_table_of_two_departments_and_two_parts() -> None:
    """Sums are told both ways: what is hidden is on a loop, so that nothing gives one cell alone."""
    for numbers in product((0, 2, 4, 9), repeat=6):
        table = (numbers[:2], numbers[2:4], numbers[4:])
        hidden = hidden_in(table)
        assert {(r, c) for r, line in enumerate(table) for c, count in enumerate(line) if small(count)} <= hidden
        for r, c in hidden:
            assert len([1 for row, _ in hidden if row == r]) > 1
            assert len([1 for _, col in hidden if col == c]) > 1


def test_what_a_bridge_would_give_away_is_hidden_too() -> None:
    """Two groups of hidden cells joined by one alone: the sums would give it."""
    table = (
        (2, 2, 9, 9, 9),
        (2, 2, 2, 9, 9),
        (9, 9, 9, 2, 2),
        (9, 9, 9, 2, 2),
        (9, 9, 2, 9, 9),
    )
    hidden = hidden_in(table)
    assert all(_on_a_loop(hidden, cell) for cell in hidden)


def _on_a_loop(hidden: set[tuple[int, int]], cell: tuple[int, int]) -> bool:
    reached, left = {("r", cell[0])}, hidden - {cell}
    while True:
        more = (
            reached
            | {("c", c) for r, c in left if ("r", r) in reached}
            | {("r", r) for r, c in left if ("c", c) in reached}
        )
        if more == reached:
            return ("c", cell[1]) in reached
        reached = more
