"""What is not told of too few people: a number from one to four, and what would let it be worked out.

The numbers that are published add up two ways: the parts of a mix make its whole, the departments make the network. A hidden
number alone in its line would be what the others leave. So each line that hides something hides two numbers at least, which
together stand for five people or more; and no hidden number may be the only way between two groups of lines (`hidden_in`).
"""

from collections.abc import Collection, Sequence

from trainees.reads.small_cells import THRESHOLD

Table = Sequence[Sequence[int]]
Hidden = set[tuple[int, int]]


def small(count: int) -> bool:
    """Say whether a number stands for somebody, and for fewer than five."""
    return 0 < count < THRESHOLD


def hidden_among(counts: Sequence[int]) -> set[int]:
    """Return the ranks that a line hides when its total is told."""
    return _completed(counts, {rank for rank, count in enumerate(counts) if small(count)})


def _completed(counts: Sequence[int], hidden: set[int]) -> set[int]:
    """Hide more of a line that hides something, the smallest numbers first, until what is hidden cannot be worked out."""
    while hidden and (len(hidden) < 2 or sum(counts[rank] for rank in hidden) < THRESHOLD):
        left = [rank for rank in range(len(counts)) if rank not in hidden]
        if not left:
            break
        # Zero last: it would tell nobody apart, and stays worth reading.
        hidden = hidden | {min(left, key=lambda rank: (counts[rank] == 0, counts[rank], rank))}
    return hidden


def hidden_in(table: Table, also: Collection[tuple[int, int]] = ()) -> Hidden:
    """Return the cells (line, column) that a table hides when the totals of its lines and of its columns are told.

    `also` names cells that must be hidden for another reason.
    """
    hidden = {(r, c) for r, line in enumerate(table) for c, count in enumerate(line) if small(count)} | set(also)
    while True:
        more = _by_lines(table, hidden) | _by_columns(table, hidden)
        more |= _beside_bridges(table, more)
        if more == hidden:
            return hidden
        hidden = more


def _by_lines(table: Table, hidden: Hidden) -> Hidden:
    found = set(hidden)
    for r, line in enumerate(table):
        found |= {(r, c) for c in _completed(line, {c for row, c in hidden if row == r})}
    return found


def _by_columns(table: Table, hidden: Hidden) -> Hidden:
    found = set(hidden)
    for c in range(len(table[0]) if table else 0):
        column = [line[c] for line in table]
        found |= {(r, c) for r in _completed(column, {r for r, col in hidden if col == c})}
    return found


def _beside_bridges(table: Table, hidden: Hidden) -> Hidden:
    """Hide, beside a cell that the sums alone would give, the smallest one that closes a loop through it.

    Lines and columns are the ends of edges, hidden cells are the edges: a cell is given by the sums when no loop passes by it.
    """
    for r, c in sorted(hidden):
        side = _reached(hidden - {(r, c)}, r)
        if ("c", c) in side:
            continue
        loops = [
            (row, col) for row, line in enumerate(table) for col in range(len(line))
            if (row, col) not in hidden and (("r", row) in side) != (("c", col) in side)
        ]  # fmt: skip
        if loops:
            return {min(loops, key=lambda at: (table[at[0]][at[1]] == 0, table[at[0]][at[1]], at))}
    return set()


def _reached(cells: Hidden, line: int) -> set[tuple[str, int]]:
    found = {("r", line)}
    while True:
        more = (
            found
            | {("c", c) for r, c in cells if ("r", r) in found}
            | {("r", r) for r, c in cells if ("c", c) in found}
        )
        if more == found:
            return found
        found = more
