"""What the public figures of a year tell and hide, of the network and of its departments: a report tells neither more nor less."""

from dataclasses import dataclass
from typing import Any

from e2c_portal.figures.core import Figure
from e2c_portal.figures.places import NETWORK
from e2c_portal.figures.public_content import content_of

PREFIX = "calculé sur "


@dataclass(frozen=True)
class Public:
    """The public figures of a year, by indicator and place. Of a year before the portal, nothing is known."""

    values: dict[tuple[str, str], dict[str, Any]]
    known: bool = True

    def hides(self, key: str, place: str = NETWORK) -> bool:
        """Say whether a figure is hidden in a place."""
        found = self.values.get((key, place))
        return bool(found and found["hidden"])

    def hidden_parts(self, key: str) -> set[str]:
        """Return the parts of a mix that are hidden in the network, all of them when the whole is."""
        found = self.values.get((key, NETWORK))
        return {part["key"] for part in found["parts"] if part["hidden"] or found["hidden"]} if found else set()

    def basis(self, figure: Figure) -> str:
        """Return « 812 dont le sexe est noté, sur 840 » as far as it may be told, "" for a count."""
        found = self.values.get((figure.indicator.key, NETWORK))
        return found["basis"].removeprefix(PREFIX) if found else ""


def public_of(year: int, *, known: bool = True) -> Public:
    """Return the public figures of a year as they stand."""
    content = content_of(year)
    values = {
        (indicator["key"], value["place"]): value
        for group in content["groups"]
        for indicator in group["indicators"]
        for value in indicator["values"]
    }
    return Public(values, known)
