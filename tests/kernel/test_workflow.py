"""Any workflow: the table answers who may do what, from where, and what is missing."""

from dataclasses import dataclass, field

import pytest

from e2c_portal.kernel.errors import NotAllowed, Overtaken, Refused
from e2c_portal.kernel.workflow import Move, State, Workflow


@dataclass
class Person:
    rights: set[str] = field(default_factory=lambda: {"toys.move"})

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return perm in self.rights


@dataclass
class Toy:
    colour: str = ""


def colour_missing(toy: Toy) -> list[str]:
    return [] if toy.colour else ["Choisissez une couleur."]


LIFE = Workflow(
    name="toy",
    initial="new",
    states={"new": State("Neuf", "Sort de la boîte."), "painted": State("Peint", "A sa couleur."), "lost": State("Perdu", "")},
    moves=(
        Move("paint", "Peindre", "painted", frozenset({"new"}), "toys.move", missing=colour_missing),
        Move("lose", "Perdre", "lost", frozenset({"new", "painted"}), "toys.move", needs_reason=True),
        Move("find", "Retrouver", "new", frozenset({"lost"}), "toys.find"),
    ),
)  # fmt: skip


def test_the_pairs_are_those_of_the_table() -> None:
    assert LIFE.pairs() == [("lost", "new"), ("new", "lost"), ("new", "painted"), ("painted", "lost")]


def test_the_choices_say_what_is_missing() -> None:
    choices = LIFE.choices(Toy(), "new", Person())
    assert [(choice.move.name, choice.ready, choice.missing) for choice in choices] == [
        ("paint", False, ["Choisissez une couleur."]),
        ("lose", True, []),
    ]


def test_nobody_is_offered_what_they_may_not_do() -> None:
    assert LIFE.choices(Toy(), "lost", Person()) == []
    assert LIFE.choices(Toy(), "new", Person(set())) == []


def test_a_move_that_may_be_made_passes_in_silence() -> None:
    LIFE.check(Toy("rouge"), "new", LIFE.move("paint"), Person())


@pytest.mark.parametrize(
    ("state", "move", "person", "reason", "refusal", "words"),
    [
        ("new", "paint", Person(set()), "", NotAllowed, "Vous n’avez pas le droit de faire cette action : peindre."),
        ("painted", "paint", Person(), "", Overtaken, "« Peindre » n’est pas possible : l’état est « peint »"),
        ("new", "lose", Person(), " ", Refused, "« Perdre » demande un motif"),
        ("new", "paint", Person(), "", Refused, "« Peindre » n’est pas encore possible"),
    ],
)
def test_a_refusal_says_why(
    state: str, move: str, person: Person, reason: str, refusal: type[Refused], words: str
) -> None:
    with pytest.raises(refusal, match=words):
        LIFE.check(Toy(), state, LIFE.move(move), person, reason)


def test_rights_are_told_before_the_state() -> None:
    """Somebody without the right learns nothing of where things stand."""
    with pytest.raises(NotAllowed):
        LIFE.check(Toy(), "painted", LIFE.move("paint"), Person(set()))


def test_an_unknown_move_is_refused() -> None:
    with pytest.raises(Refused, match="n’existe pas") as refusal:
        LIFE.move("jump")
    assert refusal.value.code == "unknown_move"
