"""The sections of a report about the whole network: people, pathways, exits, companies, conventions, skills, Assises."""

from collections.abc import Mapping, Sequence
from typing import Any

from assises.life.editions import CLOSED
from assises.models import Edition
from e2c_portal.figures import counting
from e2c_portal.figures.annual.cells import COUNT, HIDDEN, RATE, TEXT, parts_told, text, told
from e2c_portal.figures.annual.public import Public
from e2c_portal.figures.core import Figure
from e2c_portal.figures.indicators import Kind
from e2c_portal.figures.promises import promises_kept
from e2c_portal.kernel.french import counted, date_in_letters, number
from partnerships.diffusion import shown_name
from partnerships.models import PartnershipConvention
from partnerships.workflows import SIGNED_STATES

Figures = Mapping[str, Figure]
RECEIVED = ("femmes", "mineurs", "age-moyen", "qpv", "handicap", "sous-niveau-3", "sans-experience")
PATHWAYS = ("entrees", "duree-moyenne", "temps-entreprise", "acheves")
EXITS = ("sorties-positives",)
COMPANIES = ("stages", "duree-stages", "entreprises")
SKILLS = ("competences", "attestations")


def sections_of(year: int, here: Figures, before: Figures, public: tuple[Public, Public]) -> list[dict[str, Any]]:
    """Return the sections in the order of the report; one that has nothing to say is left out."""

    def about(key: str, title: str, names: Sequence[str], definition: str, behind: str) -> dict[str, Any]:
        return _indicators(key, title, [(here[name], before[name]) for name in names], definition, behind, year, public)

    def mix(name: str, definition: str = "") -> dict[str, Any]:
        return _mix(here[name], before[name], year, public, definition)

    people = _counted("accueillis", here, public[0])
    found = [
        about("people", "Qui est accueilli", RECEIVED, "Les personnes dont un parcours a couru dans l’année.", people),
        mix("niveaux"), mix("prescripteurs"),
        about("pathways", "Les parcours", PATHWAYS, "Ce que durent les parcours et comment ils vont.", people), mix("fins"),
        about("exits", "Les sorties positives", EXITS, "La part des sorties jugées positives par la règle du jour.",
              public[0].basis(here["sorties-positives"]) or "les parcours terminés"),
        mix("sorties"),
        about("companies", "Les stages et les entreprises", COMPANIES, "Les périodes en entreprise commencées et signées.",
              _counted("stages", here, public[0])),
        _conventions(year), _promises(), about("skills", "Les compétences et les attestations", SKILLS,
              "Ce que les écoles ont validé, et les attestations remises.", _counted("competences", here, public[0])),
        _assises(year, here["assises"], public[0]),
    ]  # fmt: skip
    return [section for section in found if section and section["lines"]]


def _counted(key: str, here: Figures, public: Public) -> str:
    """Return « 22 personnes », or « non publié »."""
    return HIDDEN if public.hides(key) else here[key].words


def _section(key: str, title: str, definition: str, heading: str, behind: str, **more: Any) -> dict[str, Any]:
    return {
        "key": key, "title": title, "definition": definition, "heading": heading, "behind": behind, "note": "", "chart": [],
        **more,
    }  # fmt: skip


def _indicators(
    key: str, title: str, pairs: Sequence[tuple[Figure, Figure]], definition: str, behind: str, year: int,
    public: tuple[Public, Public],
) -> dict[str, Any]:  # fmt: skip
    columns = [
        {"key": "year", "label": str(year), "kind": COUNT}, {"key": "before", "label": str(year - 1), "kind": COUNT},
        {"key": "basis", "label": "Sur combien", "kind": TEXT},
    ]  # fmt: skip
    lines = []
    for figure, before in pairs:
        name, (now, then) = figure.indicator.key, public
        cell = told(figure, hidden=now.hides(name))
        basis = now.basis(figure) if cell["value"] is not None else ""
        earlier = told(before, hidden=then.hides(name), known=then.known)
        lines.append({"label": figure.indicator.title, "cells": [cell, earlier, text(basis or "–")]})
    return _section(key, title, definition, "Chiffre", behind, columns=columns, lines=lines)


def _mix(
    figure: Figure, before: Figure, year: int, public: tuple[Public, Public], definition: str
) -> dict[str, Any]:  # fmt: skip
    """Return the parts of a whole, with bars; a part that nobody stands in, this year and the one before, is left out."""
    (now, then), key = public, figure.indicator.key
    earlier = {part.key: cell for part, cell, _ in parts_told(before, then.hidden_parts(key), known=then.known)}
    lines = [
        {"label": part.label, "cells": [cell, share, earlier[part.key]]}
        for part, cell, share in parts_told(figure, now.hidden_parts(key))
        if cell["value"] != 0 or earlier[part.key]["value"]
    ]
    columns = [
        {"key": "count", "label": str(year), "kind": COUNT}, {"key": "share", "label": "Part", "kind": RATE},
        {"key": "before", "label": str(year - 1), "kind": COUNT},
    ]  # fmt: skip
    indicator = figure.indicator
    assert indicator.kind == Kind.MIX  # noqa: S101
    behind = now.basis(figure) or "ce que le portail connaît"
    return _section(
        indicator.key, indicator.title, definition or indicator.rule, "Répartition", behind, columns=columns, lines=lines,
        chart=["count"],
    )  # fmt: skip


def _conventions(year: int) -> dict[str, Any]:
    """Return the conventions signed in the year: between the Région and companies, named as the register lets them be."""
    rows = PartnershipConvention.objects.filter(signed_on__year=year, status__in=SIGNED_STATES)
    rows = rows.select_related("company").order_by("signed_on", "number")
    lines = [
        {
            "label": row.number,
            "cells": [
                text(shown_name(row.company, writer=False, name=row.printed_name)),
                text(date_in_letters(row.signed_on)),
            ],
        }
        for row in rows
        if row.signed_on
    ]
    columns = [{"key": "who", "label": "Entreprise", "kind": TEXT}, {"key": "day", "label": "Signée le", "kind": TEXT}]
    return _section(
        "conventions", "Les conventions signées dans l’année", "Les conventions de partenariat entre la Région et une entreprise.",
        "Convention", counted(len(lines), "convention", "conventions"), columns=columns, lines=lines,
    )  # fmt: skip


def _promises() -> dict[str, Any] | None:
    day = counting.moment().day
    kept, measured = promises_kept(day)
    if not measured:
        return None
    columns = [{"key": "count", "label": "Engagements", "kind": COUNT}]
    lines = [
        {"label": "Tenus ou dans les temps", "cells": [{"value": kept, "words": number(kept), "kind": COUNT}]},
        {"label": "Chiffrés, en tout", "cells": [{"value": measured, "words": number(measured), "kind": COUNT}]},
    ]
    return _section(
        "promises", "Les engagements des entreprises",
        f"Les engagements chiffrés des conventions en vigueur, comme ils se présentent le {date_in_letters(day)} : l’état d’un "
        "engagement est celui du jour.", "Engagements", counted(measured, "engagement", "engagements"), columns=columns, lines=lines,
    )  # fmt: skip


def _assises(year: int, came: Figure, public: Public) -> dict[str, Any] | None:
    edition = Edition.objects.filter(year=year).first()
    if edition is None:
        return None
    report = edition.reports.order_by("-number").first() if edition.status == CLOSED else None
    facts = [
        ("Journée", f"{edition.name}, le {date_in_letters(edition.held_on)}"), ("Lieu", edition.place_line or "non renseigné"),
        ("Participants comptés à la porte", told(came, hidden=public.hides("assises"))["words"]),
        ("Bilan de l’édition", report.reference if report else "pas encore établi"),
    ]  # fmt: skip
    return _section(
        "assises", "Les Assises de l’année", "La journée annuelle du réseau ; son bilan est un document à part.", "Fait",
        "une édition", columns=[{"key": "fact", "label": "Ce qu’il en est", "kind": TEXT}],
        lines=[{"label": label, "cells": [text(words)]} for label, words in facts],
    )  # fmt: skip
