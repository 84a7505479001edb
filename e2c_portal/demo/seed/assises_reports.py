"""What sources tell of the Assises of 2013 and 2014, and their reports: the portal counted nobody there, and says so."""

from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils.text import slugify

from assises.documents.report import WORKBOOK_NAME
from assises.life.editions import CLOSED
from assises.models import Edition, EditionReport, ToldFact
from assises.operations.closing import close_edition
from assises.operations.told_facts import tell_fact
from e2c_portal.accounts.models import User
from e2c_portal.audit.trail import subject_of
from e2c_portal.documents import storage
from e2c_portal.documents.models import Document
from e2c_portal.documents.sealing import embedded_file
from e2c_portal.kernel.french import typeset

PAPER_NAME, BOOK_NAME = "bilan-assises-2014.pdf", "bilan-assises-2014.xlsx"


class Told(NamedTuple):
    """A fact as its source has it: a number with its nuance, or words."""

    label: str
    source: str
    value: int | None = None
    qualifier: str = ""
    words: str = ""


INFO = "info-entrepriseslr.fr, « 5 grandes entreprises pour les ER2C », 24 octobre 2013"
SCHOOL_PAPER = "Journal de l’E2C Montpellier Port Marianne, « En direct de l’école » n° 5"
GARD = "objectifgard.com, « Plus de 100 jeunes participent aux 3e Assises… », 12 décembre 2014"
VOTE = "Délibération CR-14/06.540 du 17 octobre 2014"
FACTS = {
    2013: (
        Told("Écoles", SCHOOL_PAPER, 8),
        Told("Entreprises signataires", INFO, 5),
        Told("Noms des entreprises", f"{INFO} ; {SCHOOL_PAPER}", words="Castorama, EDF, ERDF, Orange et SNCF"),
        Told("Noms des entreprises", GARD, words="EDF, SNCF, GDF, Orange et Castorama (l’article de 2014, à propos de 2013)"),
        Told("Durée des conventions", INFO, words="convention triennale"),
        Told("Temps de la journée", f"{INFO} ; {SCHOOL_PAPER}",
             words="ateliers interactifs, exposition de photographies sur les discriminations, émission de radio publique en direct"),
        Told("Mois de préparation", f"{INFO} ; {SCHOOL_PAPER}", 3),
        Told("Élus de la Région", INFO, words="Christian Bourquin et Florence Brutus"),
    ),
    2014: (
        Told("Jeunes participants", GARD, 100, "plus de"),
        Told("Entreprises signataires", GARD, 4),
        Told("Noms des entreprises", GARD, words="La Poste, Kiloutou, Cofely-INEO-GDF-SUEZ et Pro BTP"),
        Told("Vote des conventions", f"{VOTE} ; {GARD}", words="conventions approuvées le 17 octobre 2014, signées le 12 décembre 2014"),
        Told("Élus de la Région", GARD, words="Damien Alary, Béatrice Négrier et Karine Chevalier"),
    ),
}  # fmt: skip


@transaction.atomic
def load_reports(actor: User) -> int:
    """Write the facts told of the past editions and close these with their report. Returns how many reports were made."""
    before = EditionReport.objects.count()
    for year in sorted(FACTS):
        edition = Edition.objects.filter(year=year).exclude(status=CLOSED).first()
        if edition is not None:
            for told in FACTS[year]:
                tell_fact(_fact(edition, told), actor)
            close_edition(edition.pk, actor)
    return EditionReport.objects.count() - before


def _fact(edition: Edition, told: Told) -> ToldFact:
    return ToldFact(
        edition=edition, key=slugify(told.label), label=typeset(told.label), value=told.value, qualifier=told.qualifier,
        words=typeset(told.words), source=typeset(told.source),
    )  # fmt: skip


def report_paper(year: int = 2014) -> Document | None:
    """Return the document of the report of a past edition, None before it is loaded."""
    report = EditionReport.objects.filter(edition__year=year).order_by("-number").first()
    return Document.objects.filter(subject=subject_of(report)).last() if report else None


def leave_report(document: Document, folder: Path) -> tuple[Path, Path]:
    """Write the sealed report and the workbook that it carries in a folder. Returns their paths."""
    paper, book = folder / PAPER_NAME, folder / BOOK_NAME
    content = storage.read(document.file, sha256=document.sha256)
    paper.write_bytes(content)
    book.write_bytes(embedded_file(content, WORKBOOK_NAME) or b"")
    return paper, book
