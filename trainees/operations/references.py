"""Load the references that the network shares, a vintage at a time, and put one in service. Former vintages stay: history points at them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import record
from e2c_portal.kernel.errors import NotAllowed, Refused
from e2c_portal.kernel.french import counted, number
from trainees.models import Commune, ReferenceDataset, Trade, TradeTitle
from trainees.permissions import TraineePermission
from trainees.reads.reference_files import Reading, read_communes, read_trades

Kind = ReferenceDataset.Kind
READERS: dict[str, Callable[[bytes], Reading]] = {Kind.TRADES: read_trades, Kind.COMMUNES: read_communes}
BATCH = 2000


@dataclass(frozen=True)
class Origin:
    """What is said of a file: what it is, its vintage, where it comes from, under which licence."""

    kind: str
    vintage: str
    source: str
    licence: str
    is_sample: bool = False


@dataclass(frozen=True)
class Loaded:
    """What a loading gave: the reading, and the vintage made, None when nothing was written."""

    reading: Reading
    dataset: ReferenceDataset | None = None


def load_reference(
    content: bytes, origin: Origin, actor: User, *, dry_run: bool = False, put_in_service: bool = True
) -> Loaded:
    """Read a file and keep it as a new vintage, put in service at once unless asked otherwise.

    A single line that cannot be kept keeps the whole file out, and so does a vintage known already: nothing is written
    then. With `dry_run`, nothing is written either. Raises NotAllowed, Refused, ValidationError by field.
    """
    _require(actor)
    reading = READERS[origin.kind](content)
    if dry_run or reading.refused:
        return Loaded(reading)
    return Loaded(reading, _kept(reading, origin, actor, put_in_service=put_in_service))


@transaction.atomic
def put_in_service(dataset_id: int, actor: User) -> ReferenceDataset:
    """Make a vintage the one that serves new entries, in one step for everybody. Raises NotAllowed."""
    _require(actor)
    dataset = ReferenceDataset.objects.select_for_update().get(pk=dataset_id)
    if not dataset.is_current:
        _switch_to(dataset)
        record(actor, "reference.put_in_service", dataset, f"Référentiel mis en service : {dataset}")
    return dataset


@transaction.atomic
def _kept(reading: Reading, origin: Origin, actor: User, *, put_in_service: bool) -> ReferenceDataset:
    dataset = ReferenceDataset(
        kind=origin.kind, vintage=origin.vintage.strip(), source=origin.source.strip(), licence=origin.licence.strip(),
        is_sample=origin.is_sample, rows=len(reading.rows), loaded_by=actor,
    )  # fmt: skip
    dataset.full_clean()
    try:
        with transaction.atomic():
            dataset.save()
    except IntegrityError as error:
        raise Refused("Ce millésime vient d’être chargé par quelqu’un d’autre.", code="loaded_twice") from error
    _write(dataset, reading)
    if put_in_service:
        _switch_to(dataset)
    lines = counted(dataset.rows, "ligne", "lignes")
    record(actor, "reference.loaded", dataset, f"Référentiel chargé : {dataset}, {lines}", source=origin.source)
    return dataset


def _write(dataset: ReferenceDataset, reading: Reading) -> None:
    if dataset.kind == Kind.COMMUNES:
        Commune.objects.bulk_create(
            (
                Commune(
                    dataset=dataset, code=row.code, name=row.name, latitude=row.latitude, longitude=row.longitude,
                    postal_codes=" ".join(sorted(row.postal_codes)),
                )
                for row in reading.rows.values()
            ), batch_size=BATCH,
        )  # fmt: skip
        return
    known = _labels_in_service()
    trades = Trade.objects.bulk_create(
        (
            # A file of appellations names no trade itself: the label known today serves, else the first name it gives.
            Trade(dataset=dataset, code=row.code, label=row.label or known.get(row.code) or next(iter(row.titles)))
            for row in reading.rows.values()
        ),
        batch_size=BATCH,
    )
    TradeTitle.objects.bulk_create(
        (
            TradeTitle(trade=trade, code=code, label=label)
            for trade in trades for label, code in reading.rows[trade.code].titles.items()
        ), batch_size=BATCH,
    )  # fmt: skip


def _labels_in_service() -> dict[str, str]:
    rows = Trade.objects.filter(dataset__kind=Kind.TRADES, dataset__is_current=True)
    return dict(rows.values_list("code", "label"))


def _switch_to(dataset: ReferenceDataset) -> None:
    """The rows of a kind are locked together: two who switch at once wait for each other."""
    list(ReferenceDataset.objects.select_for_update().filter(kind=dataset.kind).order_by("pk"))
    ReferenceDataset.objects.filter(kind=dataset.kind, is_current=True).update(is_current=False)
    ReferenceDataset.objects.filter(pk=dataset.pk).update(is_current=True)
    dataset.is_current = True


def _require(actor: User) -> None:
    if not actor.has_perm(TraineePermission.LOAD_REFERENCE):
        raise NotAllowed("Seul un chargé de mission régional peut charger un référentiel.")


def summary_of(reading: Reading) -> str:
    """Return what a reading found, in one sentence."""
    kept = counted(len(reading.rows), "élément lu", "éléments lus")
    wrong = f", {counted(reading.refused, 'ligne refusée', 'lignes refusées')}" if reading.refused else ""
    return f"{number(reading.lines)} lignes, {kept}{wrong}."
