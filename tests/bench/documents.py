"""Sealed documents: how many a second two workers make, beside naive drawing; how long from a click to the seal."""

import gc
import multiprocessing
import resource
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from time import perf_counter, sleep
from typing import Any

from django.db import connections
from django.urls import reverse
from weasyprint import HTML

from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.rendering import DocumentAssets, render_template_to_html
from e2c_portal.documents.rendering.assets import ClosedFetcher
from partnerships import workflows
from partnerships.models import PartnershipConvention
from partnerships.operations.sealing import seal_conventions
from tests.bench.figures import CannotMeasure, Figure, beside, median
from tests.bench.programs import processor_seconds
from tests.bench.scene import Scene
from tests.factories.partnerships import convention_at

SEALED, PROCESSOR, CLICK = (
    "documents.sealed_per_second",
    "documents.sealed.processor_seconds",
    "document.click_to_sealed.seconds",
)
PROCESSES = 2
LEVEL = "B-LT"
PATIENCE_SECONDS = 120
NEARLY = 4
PYTHON_LOOKS_FOR_CYCLES = (700, 10, 10)


def names() -> list[str]:
    """Return the figures promised."""
    return [SEALED, PROCESSOR, CLICK]


@dataclass(frozen=True)
class Pace:
    """What one turn gave: documents a second, processor seconds a document."""

    per_second: float
    processor: float


def measure(scene: Scene) -> Iterator[Figure]:
    """Yield the pace of sealing beside that of naive drawing, taken turn by turn, then the wait of one person."""
    scene.worker  # noqa: B018  started before anything is asked for
    _sealed(scene, _conventions(scene, PROCESSES))
    ours, naive = list[Pace](), list[Pace]()
    for _ in range(scene.sizes.turns):
        rows = _conventions(scene, scene.sizes.documents)
        ours.append(_sealed(scene, rows))
        naive.append(_drawn([_html(row) for row in rows[: scene.sizes.naive]]))
    yield beside(
        SEALED, median([pace.per_second for pace in ours]), "documents/s", median([pace.per_second for pace in naive])
    )
    yield beside(PROCESSOR, median([pace.processor for pace in ours]), "s", median([pace.processor for pace in naive]))
    yield Figure(CLICK, median(list(_clicks(scene))), "s")


def _conventions(scene: Scene, count: int) -> list[PartnershipConvention]:
    return [convention_at(workflows.APPROVED, scene.officer) for _ in range(count)]


def _sealed(scene: Scene, rows: list[PartnershipConvention]) -> Pace:
    """Ask for the documents of all these conventions, and time from the request to the last seal."""
    spent, began = processor_seconds(scene.worker.process.pid), perf_counter()
    batch = seal_conventions(rows, scene.officer)
    asked = Document.objects.filter(pk__in=batch.items.values("document"))
    _wait(lambda: asked.filter(status=Status.SEALED).count() > len(rows) - NEARLY, asked)
    # The last ones are watched closely: naive drawing is timed to its last page, sealing to its last seal.
    _wait(lambda: asked.filter(status=Status.SEALED).count() == len(rows), asked, 0.01)
    seconds = perf_counter() - began
    if found := set(asked.values_list("seal_level", flat=True)) - {LEVEL}:
        raise CannotMeasure(f"Les documents ne sont pas scellés au niveau {LEVEL} mais {', '.join(found)}.")
    return Pace(len(rows) / seconds, (processor_seconds(scene.worker.process.pid) - spent) / len(rows))


def _wait(done: Callable[[], bool], asked: Any, every: float = 0.1) -> None:
    # Each question is asked on the measured processors: twenty milliseconds apart they took a tenth of them.
    limit = perf_counter() + PATIENCE_SECONDS
    while not done():
        if failed := asked.filter(status=Status.FAILED).values_list("failure", flat=True).first():
            raise CannotMeasure(f"Un document n’a pas pu être fabriqué : {failed}")
        if perf_counter() > limit:
            raise CannotMeasure(f"Un document n’était pas scellé après {PATIENCE_SECONDS} s.")
        sleep(every)


def _html(row: PartnershipConvention) -> str:
    """Return the very page that was sealed."""
    document = Document.objects.get(reference=row.number, status=Status.SEALED)
    return render_template_to_html("convention", document.template_version, document.context)


def _drawn(pages: list[str]) -> Pace:
    """Draw pages as the engine's tutorial shows, without tags, archive format or seal, in as many processes as the workers."""
    fork = multiprocessing.get_context("fork")
    barrier, told = fork.Barrier(PROCESSES + 1), fork.Queue()
    connections.close_all()
    shares = [pages[number::PROCESSES] for number in range(PROCESSES)]
    processes = [fork.Process(target=_draw, args=(share, barrier, told), daemon=True) for share in shares]
    for process in processes:
        process.start()
    # Each has drawn one page: what is loaded once counts for nobody.
    barrier.wait(PATIENCE_SECONDS)
    began = perf_counter()
    spent = sum(told.get(timeout=PATIENCE_SECONDS) for _ in processes)
    seconds = perf_counter() - began
    for process in processes:
        process.join()
    return Pace(len(pages) / seconds, spent / len(pages))


def _draw(pages: list[str], barrier: Barrier, told: Any) -> None:
    # The portal looks for cycles less often than Python does by itself (e2c_portal): whoever follows the tutorial does not.
    gc.set_threshold(*PYTHON_LOOKS_FOR_CYCLES)
    naive(pages[0])
    barrier.wait(PATIENCE_SECONDS)
    before = resource.getrusage(resource.RUSAGE_SELF)
    for page in pages:
        naive(page)
    after = resource.getrusage(resource.RUSAGE_SELF)
    told.put(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def naive(page: str) -> bytes:
    """Draw one page with the engine as it comes, from the same fonts and sheets."""
    assets = DocumentAssets.from_settings()
    return HTML(string=page, base_url=assets.base_url, url_fetcher=ClosedFetcher(assets)).write_pdf()


def _clicks(scene: Scene) -> Iterator[float]:
    """Yield the seconds from the click on « Fabriquer le document scellé » to the seal, one person at a time."""
    visitor = scene.visitor(scene.officer)
    for _ in range(scene.sizes.clicks + 1):
        [row] = _conventions(scene, 1)
        address = reverse("admin:partnerships_partnershipconvention_seal", args=[row.pk])
        began = perf_counter()
        visitor.post(address, {})
        asked = Document.objects.filter(reference=row.number)
        _wait(lambda rows=asked: rows.filter(status=Status.SEALED).exists(), asked, 0.005)
        yield perf_counter() - began
