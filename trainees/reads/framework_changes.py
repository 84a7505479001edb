"""What a version of a framework changes to another: skills added, removed, reworded, and what changed around them."""

from dataclasses import dataclass, field

from trainees.reads.framework_columns import KIND_WORDS
from trainees.reads.framework_content import FrameworkSaid, SkillSaid


@dataclass(frozen=True)
class Reworded:
    """A skill that keeps its code and says something else: what changed, before, after."""

    code: str
    what: str
    before: str
    after: str


@dataclass
class Changes:
    """What differs between two versions; `around` tells the header, the scale and the domains, as sentences."""

    added: list[SkillSaid] = field(default_factory=list)
    removed: list[SkillSaid] = field(default_factory=list)
    reworded: list[Reworded] = field(default_factory=list)
    around: list[str] = field(default_factory=list)
    kept: int = 0

    @property
    def reworded_skills(self) -> int:
        """How many skills keep their code and say something else."""
        return len({one.code for one in self.reworded})


def changes_between(before: FrameworkSaid, after: FrameworkSaid) -> Changes:
    """Return what `after` changes to `before`. A skill is followed by its code."""
    old, new = _placed(before), _placed(after)
    found = Changes(around=[*_header(before, after), *_scale(before, after), *_families(before, after)])
    found.added = [skill for code, (skill, _) in new.items() if code not in old]
    found.removed = [skill for code, (skill, _) in old.items() if code not in new]
    for code in old.keys() & new.keys():
        told = _reworded(*old[code], *new[code])
        found.reworded += told
        found.kept += not told
    found.reworded.sort(key=lambda one: list(new).index(one.code))
    return found


def _placed(said: FrameworkSaid) -> dict[str, tuple[SkillSaid, str]]:
    return {skill.code: (skill, domain.name) for domain in said.domains for skill in domain.skills}


def _reworded(old: SkillSaid, old_domain: str, new: SkillSaid, new_domain: str) -> list[Reworded]:
    pairs = [
        ("nom", old.name, new.name), ("en situation", old.description, new.description),
        ("domaine", old_domain, new_domain),
    ]  # fmt: skip
    was, now = dict(old.words), dict(new.words)
    pairs += [(f"niveau {rank}", was.get(rank, ""), now.get(rank, "")) for rank in sorted(was.keys() | now.keys())]
    return [Reworded(new.code, what, before, after) for what, before, after in pairs if before != after]


def _header(before: FrameworkSaid, after: FrameworkSaid) -> list[str]:
    pairs = [
        ("Nom", before.name, after.name), ("Source", before.source, after.source),
        ("Nature", KIND_WORDS.get(before.kind, ""), KIND_WORDS.get(after.kind, "")),
        ("Exemple", "oui" if before.is_example else "non", "oui" if after.is_example else "non"),
        ("Métiers", ", ".join(before.rome_codes) or "tous", ", ".join(after.rome_codes) or "tous"),
    ]  # fmt: skip
    return [f"{title} : « {old} » devient « {new} »." for title, old, new in pairs if old != new]


def _scale(before: FrameworkSaid, after: FrameworkSaid) -> list[str]:
    old, new = {one.rank: one for one in before.levels}, {one.rank: one for one in after.levels}
    told = []
    for rank in sorted(old.keys() | new.keys()):
        was, now = old.get(rank), new.get(rank)
        if was == now:
            continue
        if was is None or now is None:
            one = was or now
            told.append(f"Niveau {rank} {'retiré' if was else 'ajouté'} : « {one.name if one else ''} ».")
        elif was.is_acquired != now.is_acquired:
            told.append(
                f"Niveau {rank} : la compétence y est désormais {'acquise' if now.is_acquired else 'non acquise'}."
            )
        else:
            told.append(f"Niveau {rank} : « {was.name} : {was.meaning} » devient « {now.name} : {now.meaning} ».")
    return told


def _families(before: FrameworkSaid, after: FrameworkSaid) -> list[str]:
    old, new = {one.code: one.name for one in before.domains}, {one.code: one.name for one in after.domains}
    told = [f"Domaine ajouté : « {name} »." for code, name in new.items() if code not in old]
    told += [f"Domaine retiré : « {name} »." for code, name in old.items() if code not in new]
    both = [(old[code], new[code]) for code in new if code in old]
    return told + [f"Domaine : « {was} » devient « {now} »." for was, now in both if was != now]
