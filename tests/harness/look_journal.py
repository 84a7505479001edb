"""What the walk of every page found, kept as it goes: one line a page, a table in French, and where to go on from.

`var/test/look` holds one file of JSON lines for each walk, so that two processes never write in the same one, and
`tableau.md`, written anew after each page. `REPRENDRE=1` leaves out the pages that were already looked at.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "var" / "test" / "look"
TABLE = "tableau.md"


@dataclass
class Form:
    """One form of a page, and what became of it when it was sent with what must be refused."""

    action: str
    fields: int
    outcome: str
    status: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class Entry:
    """One page as it was looked at: by whom, at which widths, and all that was found wrong."""

    walk: str
    name: str
    address: str = ""
    reader: str = ""
    status: int = 0
    kind: str = ""
    widths: list[int] = field(default_factory=list)
    empty: bool = False
    faults: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    @property
    def all_faults(self) -> list[str]:
        """Return what is wrong with the page and with its refused forms."""
        return self.faults + [f"formulaire {form.action} : {fault}" for form in self.forms for fault in form.faults]


@dataclass
class Journal:
    """The pages of one walk; those of an earlier run are known when somebody asks to go on."""

    walk: str
    # None keeps nothing: the suite opens a few pages only, and must not erase the table of a whole walk.
    folder: Path | None = FOLDER
    entries: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.folder:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{self.walk}.jsonl"
        if os.environ.get("REPRENDRE"):
            self.entries = {entry.name: entry for entry in read(file)}
        else:
            file.unlink(missing_ok=True)

    def knows(self, name: str) -> bool:
        """Say whether a page was looked at before and nothing was wrong with it: faults are looked at again."""
        return name in self.entries and not self.entries[name].all_faults

    def keep(self, entry: Entry) -> None:
        """Write a page down at once, and the table again."""
        self.entries[entry.name] = entry
        if not self.folder:
            return
        with (self.folder / f"{self.walk}.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(asdict(entry), ensure_ascii=False) + "\n")
        write_table(self.folder)

    def faults(self) -> list[str]:
        """Return everything wrong in this walk, pages of an earlier run included."""
        return [
            f"{entry.name} ({entry.address}) : {fault}" for entry in self.entries.values() for fault in entry.all_faults
        ]


def read(file: Path) -> Iterator[Entry]:
    """Read the pages of a file, the last word on each."""
    found: dict[str, Entry] = {}
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else []:
        told: dict[str, Any] = json.loads(line)
        told["forms"] = [Form(**form) for form in told["forms"]]
        found[told["name"]] = Entry(**told)
    yield from found.values()


def write_table(folder: Path, unseen: dict[str, str] | None = None) -> Path:
    """Write the table of all walks; `unseen` gives the addresses that nobody reads here, with the reason."""
    if unseen is not None:
        (folder / "non-vues.json").write_text(json.dumps(unseen, ensure_ascii=False), encoding="utf-8")
    entries = [entry for file in sorted(folder.glob("*.jsonl")) for entry in read(file)]
    kept = folder / "non-vues.json"
    lines = [*_summary(entries), *_wrong(entries), *_pages(entries), *_forms(entries), *_unseen(kept)]
    draft = folder / f"{TABLE}.{os.getpid()}"
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.move(draft, folder / TABLE)
    return folder / TABLE


def _summary(entries: list[Entry]) -> list[str]:
    forms = [form for entry in entries for form in entry.forms]
    refused = sum(form.outcome == REFUSED for form in forms)
    pages = [entry for entry in entries if entry.widths]
    return [
        "# Le portail, page par page\n",
        f"- Adresses ouvertes : {len(entries)}, dont {len(pages)} pages jugées, "
        f"{sum(len(page.widths) for page in pages)} fois en tout (une par largeur).",
        f"- Formulaires trouvés : {len(forms)} ; refusés puis relus : {refused} ; "
        f"sans rien qui puisse être refusé : {sum(form.outcome == NOTHING_TO_REFUSE for form in forms)} ; "
        f"simples boutons : {sum(form.outcome == BUTTON for form in forms)}.",
        f"- Points à corriger : {sum(len(entry.all_faults) for entry in entries)}.",
        f"- Pages vues vides, faute d’une ligne à montrer : {sum(entry.empty for entry in entries)}.\n",
    ]


REFUSED, NOTHING_TO_REFUSE, BUTTON = "refusé", "rien à refuser", "simple bouton"


def _wrong(entries: list[Entry]) -> list[str]:
    wrong = [entry for entry in entries if entry.all_faults]
    if not wrong:
        return []
    lines = ["## À corriger\n"]
    for entry in wrong:
        lines.append(f"### `{entry.name}` ({entry.address})\n")
        lines += [f"- {_one_line(fault)}" for fault in entry.all_faults]
        lines.append("")
    return lines


def _pages(entries: list[Entry]) -> list[str]:
    lines = [
        "## Pages\n",
        "| Page | Marche | Qui | État | Largeurs | Vide | Formulaires refusés | Points |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in entries:
        widths = " et ".join(map(str, entry.widths)) or ("fichier" if entry.kind != "text/html" else "—")
        refused = sum(form.outcome == REFUSED for form in entry.forms)
        forms = f"{refused} sur {len(entry.forms)}" if entry.forms else "—"
        lines.append(
            f"| `{_cell(entry.name)}` | {entry.walk} | {entry.reader} | {entry.status} | {widths} "
            f"| {'oui' if entry.empty else ''} | {forms} | {len(entry.all_faults) or ''} |"
        )
    return [*lines, ""]


def _forms(entries: list[Entry]) -> list[str]:
    lines = ["## Formulaires\n", "| Page | Envoyé à | Champs | Réponse | Issue |", "|---|---|---|---|---|"]
    for entry in entries:
        lines += [
            f"| `{_cell(entry.name)}` | `{_cell(form.action)}` | {form.fields} | {form.status or ''} | {form.outcome} |"
            for form in entry.forms
            if form.outcome != BUTTON
        ]
    return [*lines, ""]


def _unseen(kept: Path) -> list[str]:
    if not kept.exists():
        return []
    told: dict[str, str] = json.loads(kept.read_text(encoding="utf-8"))
    lines = [f"## Adresses que personne ne lit ici : {len(told)}\n", "| Adresse | Raison |", "|---|---|"]
    return [*lines, *(f"| `{_cell(route)}` | {reason} |" for route, reason in told.items()), ""]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
