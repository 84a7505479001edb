"""Read a file of skills (XLSX or CSV): what it says whole, or every line that is wrong, each with what to do. Writes nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import IO

from e2c_portal.exports.cells import starts_a_formula
from e2c_portal.kernel.errors import Refused
from e2c_portal.kernel.nir import holds_nir
from e2c_portal.tables.reading import Bounds, Table, read_table
from trainees.models.frameworks import CODE as FRAMEWORK_CODE
from trainees.reads import framework_columns as columns
from trainees.reads.framework_content import DomainSaid, FrameworkSaid, LevelSaid, SkillSaid

BOUNDS = Bounds(content_bytes=5 * 1024 * 1024, rows=1000, columns=40, cell=600)
MOST_SKILLS = 400
ROME = re.compile(r"^[A-N][0-9]{4}$")
YES, NO = frozenset({"oui", "o", "x", "vrai", "1"}), frozenset({"non", "n", "faux", "0", ""})
NOT_OURS = "Ce tableau n’est pas un référentiel de compétences : il lui manque {missing}. Partez du modèle à télécharger ci-dessous."
Cells = dict[str, str]


@dataclass
class FileRead:
    """What a reading gave: the framework when nothing is wrong, and what is wrong, line by line."""

    said: FrameworkSaid | None = None
    errors: list[str] = field(default_factory=list)
    lines: int = 0


def read_framework(content: IO[bytes]) -> FileRead:
    """Read a file of skills. Raises Refused when it is no table, or not one of skills."""
    table = read_table(content, BOUNDS)
    return _Reader(table).read()


class _Reader:
    """One pass over the lines; then what only the whole file can tell."""

    def __init__(self, table: Table) -> None:
        self.found = FileRead(lines=len(table.rows))
        self.titles = _titles(table.titles)
        self.rows = table.rows
        self.line = 0
        self.framework: FrameworkSaid | None = None
        self.framework_line = 0
        self.levels: dict[int, LevelSaid] = {}
        self.domains: dict[str, DomainSaid] = {}
        self.skills: dict[str, SkillSaid] = {}
        self.placed: list[tuple[int, str, str]] = []
        self.last_domain = ""

    def read(self) -> FileRead:
        """Return what the file says, or what is wrong with it."""
        readers: dict[str, Callable[[Cells], None]] = {
            columns.bare(word): reader
            for word, reader in zip(
                columns.LINES, (self._framework, self._level, self._domain, self._skill), strict=True
            )
        }
        for line, cells in self.rows:
            self.line = line
            told = {title: _unguarded(cells[rank]) for title, rank in self.titles.items()}
            reader = readers.get(columns.bare(told[columns.LINE]))
            if any(holds_nir(cell) for cell in cells):
                self._wrong("ce texte ressemble à un numéro de sécurité sociale ; retirez-le.")
            elif reader:
                reader(told)
            else:
                self._wrong(
                    f"la colonne « Ligne » dit « {told[columns.LINE]} » ; écrivez référentiel, niveau, domaine ou compétence."
                )
        self._settle()
        return self.found

    def _wrong(self, sentence: str) -> None:
        self.found.errors.append(f"Ligne {self.line} : {sentence}")

    def _text(self, told: Cells, title: str, longest: int, *, required: bool = True) -> str:
        text = told.get(title, "")
        if required and not text:
            self._wrong(f"la colonne « {title} » est vide ; remplissez-la.")
        if len(text) > longest:
            self._wrong(f"la colonne « {title} » dépasse {longest} signes ; raccourcissez-la.")
        return text

    def _yes(self, told: Cells, title: str) -> bool:
        answer = columns.bare(told.get(title, ""))
        if answer not in YES | NO:
            self._wrong(f"la colonne « {title} » dit « {told[title]} » ; écrivez oui ou non.")
        return answer in YES

    def _framework(self, told: Cells) -> None:
        if self.framework:
            self._wrong(
                f"un fichier décrit un seul référentiel, déjà donné à la ligne {self.framework_line} ; retirez l’un des deux."
            )
            return
        code = self._text(told, columns.CODE, 40)
        if code and not re.match(FRAMEWORK_CODE, code):
            self._wrong(
                f"le code « {code} » n’est fait que de lettres sans accent, chiffres, points et tirets ; corrigez-le."
            )
        kind = columns.kind_named(self._text(told, columns.KIND, 40))
        if told.get(columns.KIND) and kind is None:
            words = ", ".join(columns.KIND_WORDS.values())
            self._wrong(f"la nature « {told[columns.KIND]} » n’est pas connue ; choisissez parmi : {words}.")
        if not told.get(columns.EXAMPLE):
            self._wrong("dites dans la colonne « Exemple » si c’est un exemple : oui ou non.")
        self.framework_line = self.line
        self.framework = FrameworkSaid(
            code, self._text(told, columns.NAME, 200), kind or "", self._text(told, columns.SOURCE, 300),
            self._yes(told, columns.EXAMPLE), self._trades(told),
        )  # fmt: skip

    def _trades(self, told: Cells) -> tuple[str, ...]:
        codes = [code.upper() for code in re.split(r"[\s,;]+", told.get(columns.TRADES, "")) if code]
        for code in codes:
            if not ROME.match(code):
                self._wrong(
                    f"« {code} » n’est pas un code ROME (une lettre de A à N et quatre chiffres) ; corrigez-le."
                )
        return tuple(dict.fromkeys(codes))

    def _level(self, told: Cells) -> None:
        rank = int(told[columns.CODE]) if told[columns.CODE].isdecimal() else 0
        if not 1 <= rank <= columns.MOST_LEVELS:
            self._wrong(
                f"le code d’un niveau est son rang, de 1 à {columns.MOST_LEVELS} ; ici « {told[columns.CODE]} » ; corrigez-le."
            )
            return
        if rank in self.levels:
            self._wrong(f"le niveau {rank} est déjà décrit plus haut ; numérotez autrement, ou retirez cette ligne.")
            return
        self.levels[rank] = LevelSaid(
            rank, self._text(told, columns.NAME, 60), self._text(told, columns.TEXT, 300),
            self._yes(told, columns.ACQUIRED),
        )  # fmt: skip

    def _domain(self, told: Cells) -> None:
        code = self._text(told, columns.CODE, 20)
        self.last_domain = code
        if code in self.domains:
            self._wrong(f"le domaine « {code} » est déjà donné plus haut ; changez son code, ou retirez cette ligne.")
            return
        self.domains[code] = DomainSaid(code, self._text(told, columns.NAME, 200))

    def _skill(self, told: Cells) -> None:
        code = self._text(told, columns.CODE, 20)
        if code in self.skills:
            self._wrong(
                f"la compétence « {code} » est déjà donnée plus haut ; changez son code, ou retirez cette ligne."
            )
            return
        words = tuple(
            (rank, self._text(told, columns.level_title(rank), 300))
            for rank in range(1, columns.MOST_LEVELS + 1)
            if told.get(columns.level_title(rank))
        )
        self.skills[code] = SkillSaid(
            code, self._text(told, columns.NAME, 200), self._text(told, columns.TEXT, 400, required=False), words
        )
        self.placed.append((self.line, code, told.get(columns.DOMAIN) or self.last_domain))

    def _settle(self) -> None:
        self._whole_scale()
        by_domain: dict[str, list[SkillSaid]] = {}
        for line, code, domain in self.placed:
            self.line = line
            if domain not in self.domains:
                told = f"le domaine « {domain} » n’est décrit nulle part" if domain else "aucun domaine n’est donné"
                self._wrong(f"{told} ; ajoutez une ligne « domaine », ou corrigez la colonne « Domaine ».")
            for rank, _ in self.skills[code].words:
                if rank not in self.levels:
                    self._wrong(
                        f"la colonne « Niveau {rank} » est remplie, mais aucune ligne ne décrit ce niveau ; ajoutez-la."
                    )
            by_domain.setdefault(domain, []).append(self.skills[code])
        if not self.found.errors and self.framework:
            self.found.said = replace(
                self.framework, levels=tuple(self.levels[rank] for rank in sorted(self.levels)),
                domains=tuple(
                    replace(domain, skills=tuple(by_domain.get(code, ()))) for code, domain in self.domains.items()
                ),
            )  # fmt: skip

    def _whole_scale(self) -> None:
        errors, ranks = self.found.errors, sorted(self.levels)
        if self.framework is None:
            errors.append(
                "Il manque la ligne « référentiel » (code, nom, nature, source, exemple) ; ajoutez-la en tête."
            )
        if ranks != list(range(1, len(ranks) + 1)) or len(ranks) < 2:
            errors.append(
                "Les niveaux sont au moins deux, numérotés 1, 2, 3… sans trou ; complétez les lignes « niveau »."
            )
        acquired = [self.levels[rank].is_acquired for rank in ranks]
        if ranks and (not any(acquired) or sorted(acquired) != acquired):
            errors.append(
                "Dites à partir de quel niveau la compétence est acquise : « Acquis » vaut oui pour ce niveau et tous les suivants."
            )
        if not self.skills:
            errors.append("Il n’y a aucune compétence ; ajoutez au moins une ligne « compétence ».")
        if len(self.skills) > MOST_SKILLS:
            errors.append(f"Il y a plus de {MOST_SKILLS} compétences ; coupez ce fichier en plusieurs référentiels.")


def _unguarded(cell: str) -> str:
    """Take away the apostrophe that our own CSV puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and starts_a_formula(cell[1:]) else cell


def _titles(titles: list[str]) -> dict[str, int]:
    """Return the rank of each known column, by its own title. Raises Refused when one that is needed lacks."""
    known = {columns.bare(title): title for title in columns.TITLES}
    known |= {columns.bare(columns.level_title(rank)): columns.level_title(rank) for rank in range(1, 10)}
    found: dict[str, int] = {}
    for rank, title in enumerate(titles):
        if (name := known.get(columns.bare(title))) and name not in found:
            found[name] = rank
    if missing := [f"« {title} »" for title in columns.NEEDED if title not in found]:
        raise Refused(NOT_OURS.format(missing=", ".join(missing)))
    return found
