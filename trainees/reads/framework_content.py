"""What a version of a framework says, whole and apart from the database: read from a file, compared, written, exported."""

from dataclasses import asdict, dataclass
from typing import Any

from trainees.models import SkillFramework


@dataclass(frozen=True)
class LevelSaid:
    """One step of the scale."""

    rank: int
    name: str
    meaning: str
    is_acquired: bool


@dataclass(frozen=True)
class SkillSaid:
    """One skill; `words` are what its levels look like, as (rank, text) in order of rank."""

    code: str
    name: str
    description: str = ""
    words: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class DomainSaid:
    """A family of skills, in order."""

    code: str
    name: str
    skills: tuple[SkillSaid, ...] = ()


@dataclass(frozen=True)
class FrameworkSaid:
    """A whole framework, without version nor state: two files that say the same are equal."""

    code: str
    name: str
    kind: str
    source: str
    is_example: bool
    rome_codes: tuple[str, ...] = ()
    levels: tuple[LevelSaid, ...] = ()
    domains: tuple[DomainSaid, ...] = ()

    @property
    def skills(self) -> list[SkillSaid]:
        """Every skill, in order."""
        return [skill for domain in self.domains for skill in domain.skills]

    def as_data(self) -> dict[str, Any]:
        """Return it as plain values, for JSON."""
        return asdict(self)


def from_data(data: dict[str, Any]) -> FrameworkSaid:
    """Return what `as_data` gave."""
    levels = tuple(LevelSaid(**level) for level in data["levels"])
    domains = tuple(
        DomainSaid(domain["code"], domain["name"], tuple(_skill_from(skill) for skill in domain["skills"]))
        for domain in data["domains"]
    )
    return FrameworkSaid(**data | {"rome_codes": tuple(data["rome_codes"]), "levels": levels, "domains": domains})


def _skill_from(data: dict[str, Any]) -> SkillSaid:
    return SkillSaid(**data | {"words": tuple((rank, text) for rank, text in data["words"])})


def said_by(framework: SkillFramework) -> FrameworkSaid:
    """Return what a version in the database says. Four queries."""
    levels = tuple(
        LevelSaid(level.rank, level.name, level.meaning, level.is_acquired) for level in framework.levels.all()
    )
    skills: dict[int, list[SkillSaid]] = {}
    for skill in framework.skills.order_by("position").prefetch_related("level_words__level"):
        words = tuple(sorted((told.level.rank, told.words) for told in skill.level_words.all()))
        skills.setdefault(skill.domain_id, []).append(SkillSaid(skill.code, skill.name, skill.description, words))
    domains = tuple(
        DomainSaid(domain.code, domain.name, tuple(skills.get(domain.pk, ()))) for domain in framework.domains.all()
    )
    return FrameworkSaid(
        framework.code, framework.name, framework.kind, framework.source, framework.is_example,
        tuple(framework.rome_codes), levels, domains,
    )  # fmt: skip
