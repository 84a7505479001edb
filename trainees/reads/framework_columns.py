"""The columns of a file of skills: one table, the first column of which says what each line describes."""

import re

from e2c_portal.kernel.search import fold
from trainees.models import SkillFramework

Kind = SkillFramework.Kind
LINE, CODE, NAME, TEXT, DOMAIN = "Ligne", "Code", "Nom", "Explication", "Domaine"
KIND, SOURCE, EXAMPLE, TRADES, ACQUIRED = "Nature", "Source", "Exemple", "Métiers ROME", "Acquis"
TITLES = (LINE, CODE, NAME, TEXT, DOMAIN, KIND, SOURCE, EXAMPLE, TRADES, ACQUIRED)
NEEDED = (LINE, CODE, NAME)
MOST_LEVELS = 6
# What the first column says of a line.
FRAMEWORK, LEVEL, DOMAIN_LINE, SKILL = "référentiel", "niveau", "domaine", "compétence"
LINES = (FRAMEWORK, LEVEL, DOMAIN_LINE, SKILL)
KIND_WORDS: dict[str, str] = {Kind.NETWORK: "réseau", Kind.TRADE: "métier", Kind.CLEA: "CléA", Kind.OTHER: "autre"}


def level_title(rank: int) -> str:
    """Return the title of the column that describes a level for each skill."""
    return f"Niveau {rank}"


def bare(text: str) -> str:
    """Return a title or a word without accents, case nor punctuation."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())


def kind_named(text: str) -> str | None:
    """Return the kind of framework that a cell names, None when it names none."""
    asked = bare(text)
    for kind, word in KIND_WORDS.items():
        if asked in (bare(word), bare(Kind(kind).label)):
            return kind
    return None
