"""Prove a restored portal: rows as counted, every sealed document read and verified again, the chain of evidence whole."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from e2c_portal.documents import storage
from e2c_portal.documents.models import Document, Status
from e2c_portal.documents.sealing import SealSettings, TrustAnchors, inspect_pdf
from e2c_portal.signing.chain_check import faults as chain_faults
from e2c_portal.signing.models import ChainRoot, Evidence
from e2c_portal.upkeep.backup.stored_files import Named, named_files

AT_ONCE = 200


@dataclass
class Proof:
    """How many of each were verified, and one French line for each thing that is not as it should be."""

    sealed: int = 0
    files: int = 0
    links: int = 0
    roots: int = 0
    rows: int = 0
    faults: list[str] = field(default_factory=list)


def compare_rows(found: dict[str, int], told: dict[str, int], proof: Proof) -> None:
    """Compare the rows of each table with those that the backup counted."""
    for table, number in told.items():
        if found.get(table) != number:
            proof.faults.append(f"Table {table} : {found.get(table, 0)} lignes restaurées au lieu de {number}.")
    proof.rows = sum(found.get(table, 0) for table in told)


def prove_documents(proof: Proof, advance: Callable[[int], None]) -> None:
    """Read every sealed document again: its bytes are those that were sealed, and its seal holds."""
    trust = TrustAnchors.from_settings(SealSettings.from_settings())
    sealed = Document.objects.filter(status=Status.SEALED).order_by("pk")
    rows = sealed.values_list("reference", "title", "file", "sha256", "sealed_at")
    for reference, title, key, sha256, sealed_at in rows.iterator(AT_ONCE):
        if fault := sealed_fault(key, sha256, sealed_at, trust):
            proof.faults.append(f"Document {reference} (« {title} ») : {fault}")
        else:
            proof.sealed += 1
        advance(proof.sealed)


def sealed_fault(key: str, sha256: str, sealed_at: datetime | None, trust: TrustAnchors) -> str:
    """Return in French what is wrong with the file of a sealed document, "" when nothing is."""
    try:
        content = storage.read(key)
    except storage.StorageFault:
        return f"le fichier {key} est absent ou illisible."
    if hashlib.sha256(content).hexdigest() != sha256:
        return f"le fichier {key} n’est plus celui qui a été scellé."
    found = inspect_pdf(content, trust, isolated=False)
    if not found.authentic:
        # A certificate ends before its seals do: what counts is what it was worth that day.
        found = inspect_pdf(content, trust, at=sealed_at, isolated=False)
    return "" if found.authentic else f"le cachet du fichier {key} ne tient pas ({found.problem or 'illisible'})."


def prove_files(proof: Proof, gone: Collection[str], named: Iterator[Named] | None = None) -> None:
    """Read the other files that the database names, those known to have left during the backup aside."""
    for each in named or named_files():
        if each.key in gone:
            continue
        try:
            storage.read(each.key, sha256=each.sha256)
        except storage.StorageFault as fault:
            proof.faults.append(f"Fichier {each.key} ({each.model}) : {fault.message}")
        else:
            proof.files += 1


def prove_chain(proof: Proof) -> None:
    """Walk the whole chain of evidence, its rows and its daily roots."""
    proof.faults += [f"Chaîne de preuve, {fault}" for fault in chain_faults()]
    proof.links, proof.roots = Evidence.objects.count(), ChainRoot.objects.count()
