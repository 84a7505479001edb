"""No social security number (NIR) rests in the portal: one pasted into a free text is refused, here and by the database.

The decree 2019-341 lists who may process it, and this portal is not among them. What looks like one is refused whatever its
key: a number copied with a fault is still somebody's. A SIRET has fourteen digits, a NIR thirteen or fifteen.
"""

import re

from e2c_portal.kernel.errors import Refused

# Spaces, dots and hyphens may separate its parts; the pattern is read alike by Python and by PostgreSQL.
_GAP = "[ .\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}-]?"
_DIGIT = "[0-9]"
_PARTS = ("[1-478]", _DIGIT * 2, "(?:0[1-9]|1[0-2]|[2-9][0-9])", "(?:[0-9]{2}|2[AaBb])", _DIGIT * 3, _DIGIT * 3)
NIR_PATTERN = f"(?<![0-9]){_GAP.join(_PARTS)}(?:{_GAP}[0-9]{{2}})?(?!{_GAP}[0-9])"
_nir = re.compile(NIR_PATTERN)
REFUSAL = (
    "Ce texte contient un numéro qui ressemble à un numéro de sécurité sociale. Le portail n’en garde aucun : "
    "retirez-le, puis enregistrez de nouveau."
)


def holds_nir(text: str) -> bool:
    """Say whether something in the text looks like a social security number, with or without its key."""
    return _nir.search(text) is not None


def refuse_nir(text: str) -> None:
    """Raise Refused, in French, when something in the text looks like a social security number."""
    if holds_nir(text):
        raise Refused(REFUSAL, code="nir")


def unreadable_nir(text: str) -> str:
    """Return the text with what looks like a social security number crossed out."""
    return _nir.sub("•••", text)
