"""Walk the whole chain of evidence and name each row that is not what it was."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document, Revision, Status
from e2c_portal.kernel.models import Removal
from e2c_portal.signing import chain
from e2c_portal.signing.evidence_file import KIND
from e2c_portal.signing.models import Act, ChainRoot, Evidence, Exhibit, Signatory
from e2c_portal.signing.roots import wrong_roots

AT_ONCE = 500
ROWS: dict[str, tuple[type[Model], Callable[[Any], dict[str, Any]]]] = {
    "act": (Act, chain.act_facts),
    "exhibit": (Exhibit, chain.exhibit_facts),
    "signatory": (Signatory, chain.signatory_facts),
}


@dataclass(frozen=True)
class Fault:
    """One row that is not what it was: its table and number, and a French sentence."""

    table: str
    number: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.table} n° {self.number} : {self.sentence}"


def faults(*, read_files: bool = False) -> Iterator[Fault]:
    """Yield what is wrong, in the order of the chain. `read_files` also reads every stored file again: it takes long."""
    previous, told = "", set[tuple[str, int]]()
    own: dict[int | None, str] = {}
    expected = 1
    for link in Evidence.objects.select_related("envelope").order_by("sequence").iterator(AT_ONCE):
        yield from _link_faults(link, expected, previous, own.get(link.envelope_id, ""))
        yield from _row_faults(link, told)
        expected, previous = link.sequence + 1, link.hash
        own[link.envelope_id] = link.hash
    yield from _acts_outside(told)
    yield from _anchor_faults()
    for root, sentence in wrong_roots():
        yield Fault(ChainRoot._meta.db_table, root.pk, sentence)
    if read_files:
        yield from _file_faults()


def _link_faults(link: Evidence, expected: int, previous: str, own_previous: str) -> Iterator[Fault]:
    table = Evidence._meta.db_table
    if link.sequence != expected:
        yield Fault(table, expected, f"maillon absent ({link.sequence - expected} en tout).")
    elif link.previous_hash != previous:
        yield Fault(table, link.sequence, "il ne suit plus le maillon précédent.")
    if link.envelope is None:
        if not Removal.objects.filter(pk=link.payload.get("erased")).exists():
            yield Fault(table, link.sequence, "effacé sans trace de l’effacement.")
        return
    if link.envelope_previous_hash != own_previous:
        yield Fault(table, link.sequence, "il ne suit plus le maillon précédent de son enveloppe.")
    if chain.hash_of(link) != link.hash:
        yield Fault(table, link.sequence, f"contenu modifié (« {link.kind} », enveloppe {link.envelope.public_id}).")


def _row_faults(link: Evidence, told: set[tuple[str, int]]) -> Iterator[Fault]:
    """Compare the rows whose facts this link repeats."""
    named = [(name, link.payload.get(name)) for name in ROWS]
    named += [("signatory", item) for item in link.payload.get("signatories", [])]
    for name, facts in named:
        if not isinstance(facts, dict):
            continue
        model, facts_of = ROWS[name]
        told.add((name, facts["id"]))
        row = model._default_manager.filter(pk=facts["id"]).first()
        if row is None:
            yield Fault(model._meta.db_table, facts["id"], f"ligne supprimée (maillon {link.sequence}).")
        elif facts_of(row) != facts:
            yield Fault(model._meta.db_table, facts["id"], f"ligne modifiée (maillon {link.sequence}).")
    yield from _revision_faults(link)


def _revision_faults(link: Evidence) -> Iterator[Fault]:
    facts = link.payload.get("revision")
    if isinstance(facts, dict):
        row = Revision.objects.filter(pk=facts["id"]).first()
        if row is None or row.sha256 != facts["sha256"]:
            yield Fault(Revision._meta.db_table, facts["id"], f"ligne modifiée ou supprimée (maillon {link.sequence}).")
    if link.envelope is None:
        return
    if (sha256 := link.payload.get("sealed_sha256")) and sha256 != Document.objects.get(envelope=link.envelope).sha256:
        number = link.envelope.document_id
        yield Fault(Document._meta.db_table, number, f"empreinte du fichier scellé modifiée (maillon {link.sequence}).")


def _acts_outside(told: set[tuple[str, int]]) -> Iterator[Fault]:
    for name, (model, _) in ROWS.items():
        for number in model._default_manager.order_by("pk").values_list("pk", flat=True).iterator(AT_ONCE):
            if (name, number) not in told:
                yield Fault(model._meta.db_table, number, "ligne ajoutée hors de la chaîne de preuve.")


def _anchor_faults() -> Iterator[Fault]:
    """Compare the chain to what sealed evidence files printed: a chain rewritten as a whole is found here."""
    anchors = Document.objects.filter(kind=KIND, status=Status.SEALED).order_by("pk")
    for context in anchors.values_list("context", flat=True).iterator(AT_ONCE):
        anchor = context["chain"]
        link = Evidence.objects.filter(sequence=anchor["sequence"]).first()
        if link is None or link.hash != anchor["hash"]:
            sentence = f"il n’est plus celui qu’imprime le dossier de preuve {context['reference']}."
            yield Fault(Evidence._meta.db_table, anchor["sequence"], sentence)


def _file_faults() -> Iterator[Fault]:
    for model in (Revision, Exhibit):
        for row in model._default_manager.order_by("pk").iterator(AT_ONCE):  # type: ignore[attr-defined]
            try:
                storage.read(row.file, sha256=row.sha256)
            except storage.StorageFault as fault:
                yield Fault(model._meta.db_table, row.pk, fault.message)


def faults_between(first: int, last: int) -> Iterator[Fault]:
    """Yield what is wrong with the links `first` to `last` and the rows they repeat: a share of the chain, read by night."""
    before = Evidence.objects.filter(sequence=first - 1).first()
    previous, expected = before.hash if before else "", first
    own: dict[int | None, str] = {}
    for link in Evidence.objects.select_related("envelope").filter(sequence__range=(first, last)).order_by("sequence"):
        if link.envelope_id not in own:
            former = Evidence.objects.filter(envelope=link.envelope_id, sequence__lt=link.sequence).order_by(
                "-sequence"
            )
            own[link.envelope_id] = former.values_list("hash", flat=True).first() or ""
        yield from _link_faults(link, expected, previous, own[link.envelope_id])
        yield from _row_faults(link, set())
        expected, previous = link.sequence + 1, link.hash
        own[link.envelope_id] = link.hash
