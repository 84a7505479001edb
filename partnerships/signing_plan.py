"""How each person will sign: chosen when a document is put to signature. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from e2c_portal.signing.models import Method, Mode
from e2c_portal.signing.operations.opening import NewSignatory
from partnerships.agreement import Signatory

ROLES = {"region": "Pour la Région", "company": "Pour l’entreprise"}
# The usual order of a public body: the partner first, the Région last.
USUAL_RANK = {"company": 1, "region": 2}


@dataclass(frozen=True)
class Way:
    """How one person signs, and where they are reached. `rank` counts when one signs after the other."""

    method: str = Method.ELECTRONIC
    email: str = ""
    phone: str = ""
    rank: int = 1


@dataclass(frozen=True)
class SigningPlan:
    """The ways by the key of each signatory (agreement.Signatory.key), the order, and the last day to sign."""

    ways: Mapping[str, Way] = field(default_factory=dict)
    mode: str = Mode.PARALLEL
    until: date | None = None

    def way_of(self, person: Signatory) -> Way:
        """Return the way chosen for a person, the usual one when nothing was chosen."""
        return self.ways.get(person.key) or usual_way(person)

    def signatories(self, people: Iterable[Signatory]) -> list[NewSignatory]:
        """Return the signatories as the signing engine takes them, in the order of the document."""
        return [_new(person, self.way_of(person)) for person in people]


def usual_way(person: Signatory) -> Way:
    """Return what is proposed first: by link where an address is known, on site otherwise."""
    method = Method.ELECTRONIC if person.email else Method.ON_SITE
    return Way(method, person.email, "", USUAL_RANK[person.side])


def _new(person: Signatory, way: Way) -> NewSignatory:
    return NewSignatory(
        role=ROLES[person.side], full_name=person.full_name, quality=person.quality, email=way.email, phone=way.phone,
        method=Method(way.method), rank=way.rank,
    )  # fmt: skip
