"""How pages slow down when the network grows: the same request on few people and on the whole country, turn by turn."""

from collections.abc import Iterator

from tests.bench.asking import Asker
from tests.bench.figures import CannotMeasure, Figure, beside, complain, percentile
from tests.bench.page_list import PAGES, Page
from tests.bench.scene import Scene

# What else the machine does can only add to a time: the quarter that was disturbed the least is compared.
LEAST_DISTURBED = 0.25


def names() -> list[str]:
    """Return the figures promised."""
    return [f"pages.{page.name}.growth" for page in PAGES]


def measure(scene: Scene) -> Iterator[Figure]:
    """Yield the milliseconds of each page at the size of the country, beside those among few people."""
    few, many = Asker(scene.few, scene.people), Asker(scene.many, scene.people)
    try:
        for page in PAGES:
            try:
                yield _compared(page, few, many, scene.sizes.rounds)
            except CannotMeasure as why:
                complain(f"pages.{page.name}.growth : {why}")
    finally:
        few.stop()
        many.stop()


def _compared(page: Page, few: Asker, many: Asker, rounds: int) -> Figure:
    counts = {asker: 0 for asker in (few, many)}
    for asker in (few, many):
        if rounds > 1:
            asker.ask(page)
        counts[asker] = asker.ask(page, counted=True).queries
    if counts[few] != counts[many]:
        complain(
            f"pages.{page.name}.growth : {counts[few]} requêtes SQL à la petite taille, {counts[many]} à la grande."
        )
    times: dict[Asker, list[float]] = {few: [], many: []}
    for turn in range(rounds):
        for asker in (few, many) if turn % 2 else (many, few):
            times[asker].append(asker.ask(page).milliseconds)
    found = {asker: percentile(values, LEAST_DISTURBED) for asker, values in times.items()}
    return beside(f"pages.{page.name}.growth", found[many], "ms", found[few])
