"""The measures of a run, in their order: what each promises, and how it is taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.bench import board, documents, growth, load, tutor, works
from tests.bench.figures import Figure
from tests.bench.scene import Scene


@dataclass(frozen=True)
class Measure:
    """One part of a run: the names of its figures, and a function that yields them."""

    names: Callable[[], list[str]]
    figures: Callable[[Scene], Iterator[Figure]]


# Pages first, while nothing else of ours runs; what writes comes last.
MEASURES = {
    "pages": Measure(growth.names, growth.measure),
    "board": Measure(board.names, board.measure),
    "load": Measure(load.names, load.measure),
    "tutor": Measure(tutor.names, tutor.measure),
    "documents": Measure(documents.names, documents.measure),
    "import": Measure(works.import_names, works.measure_import),
    "report": Measure(works.report_names, works.measure_report),
}
