"""The table of rights as people read it, answered by the rules themselves for one imagined person of each role.

The persons and their schools are written in a transaction that is always taken back: the rules ask the database who works
where, and this way they answer exactly as they do for real.
"""

from dataclasses import dataclass
from itertools import groupby

import rules
from django.db import transaction
from rules.permissions import permissions

from e2c_portal.accounts.models import Role, User
from e2c_portal.home.right_words import WORDS
from schools.models import Membership, Network, School

YES, OWN, NO, DEPENDS = "oui", "son école", "–", "selon la fiche"
SECTIONS = {
    "accounts": "Comptes", "assises": "Assises", "documents": "Documents", "figures": "Chiffres", "mailing": "Messages",
    "partnerships": "Partenariats", "privacy": "Données personnelles", "schools": "Réseau et écoles", "trainees": "Stagiaires",
}  # fmt: skip
HEAD = """# Qui a le droit de quoi

Ce tableau est écrit par `python manage.py rights_table` d’après les règles du code, et un test vérifie qu’il est à jour. Ne le
corrigez pas à la main.

« oui » : pour tout le réseau. « son école » : pour les fiches de son école seulement ; celles d’une autre école répondent « page
introuvable ». « selon la fiche » : le droit dépend d’autre chose que du rôle. Un compte sans rôle ni école ne voit rien.
Quelles adresses chacun peut ouvrir, une par une : `tests/rights/table.tsv`.
"""


@dataclass(frozen=True)
class Person:
    """One imagined person, as the head of a column names them."""

    label: str
    user: User


class _TakeBack(Exception):
    """Undoes the imagined people."""


def rights_table() -> str:
    """Return docs/droits.md. Raises KeyError for a right without words."""
    lines: list[str] = []
    try:
        with transaction.atomic():
            lines = _lines()
            raise _TakeBack
    except _TakeBack:
        return HEAD + "\n".join(lines) + "\n"


def _lines() -> list[str]:
    network = Network.objects.create(name="Réseau imaginé pour le tableau des droits")
    own, other = (
        School.objects.create(network=network, name=f"École imaginée {number}", slug=f"ecole-imaginee-{number}")
        for number in (1, 2)
    )
    people = _people(own)
    lines = []
    for app, names in groupby(sorted(map(str, permissions)), key=lambda name: name.partition(".")[0]):
        lines += ["", f"## {SECTIONS[app]}", ""]
        lines += ["| Droit | " + " | ".join(person.label for person in people) + " |", "|---" * (len(people) + 1) + "|"]
        rows = sorted((WORDS[name], name) for name in names)
        lines += [
            f"| {words} | " + " | ".join(_answer(name, one, own, other) for one in people) + " |"
            for words, name in rows
        ]
    return lines


def _people(school: School) -> list[Person]:
    network = [Person(role.label, _user(role.value, role)) for role in Role if role]
    staff = []
    for post in Membership.Role:
        user = _user(f"ecole-{post.value}", Role.NONE)
        Membership.objects.create(user=user, school=school, role=post, starts_on="2020-01-01")
        staff.append(Person(post.label, user))
    return network + staff


def _user(name: str, role: Role) -> User:
    return User.objects.create(email=f"{name}@droits.invalid", full_name=name, role=role)


def _answer(name: str, person: Person, own: School, other: School) -> str:
    """Ask one right for a row of one's school and for one of another."""
    try:
        here, there = (rules.has_perm(name, person.user, _Row(school)) for school in (own, other))
    except AttributeError:
        return DEPENDS
    return YES if here and there else OWN if here else NO


@dataclass(frozen=True)
class _Row:
    """Any record of a school: the rules ask for nothing else of it."""

    school: School

    @property
    def school_id(self) -> int:
        return self.school.pk
