"""The places of a text that may be commented on: its facts, its articles, its commitments."""

from typing import Any

from partnerships.models import PartnershipConvention

FACTS = ("title", "object", "starts_on", "ends_on", "renewal", "notice_months", "preamble", "visas", "recitals")


def places_of(convention: PartnershipConvention) -> dict[str, str]:
    """Return value → label of each place of a convention read with its text: "article:3" → « Article 3 – Durée »."""
    places = {f"fact:{name}": _name_of(name) for name in FACTS}
    places |= {f"article:{row.number}": f"Article {row.number} – {row.title}" for row in convention.articles.all()}
    places |= {
        f"commitment:{row.position}": f"Engagement {row.position} – {row.get_kind_display()}"
        for row in convention.commitments.all()
    }
    return places


def _name_of(column: str) -> str:
    field: Any = PartnershipConvention._meta.get_field(column)
    words = str(field.verbose_name)
    return words[:1].upper() + words[1:]
