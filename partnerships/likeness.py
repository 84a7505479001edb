"""Names that may be one and the same company: compared without accents, case and legal form."""

import re

from django.db.models.expressions import RawSQL

from e2c_portal.kernel.search import fold

LEGAL_FORMS = re.compile(
    r"\b(?:s\.?a\.?r\.?l\.?|s\.?a\.?s\.?u?\.?|s\.?a\.?|e\.?u\.?r\.?l\.?|s\.?c\.?o\.?p\.?|s\.?c\.?i\.?|s\.?n\.?c\.?|"
    r"ste|societe|ets|etablissements|entreprise|groupe|association)(?=\s|$)"
)


def nearest_names(bare: str, room: int, *, besides: int = 0, siren: str = "") -> RawSQL:
    """Return the subquery of the numbers of the `room` companies whose names look the most like a bare name (migration 0018).

    Companies merged into another are left out, like number `besides` and those of a SIREN.
    """
    return RawSQL("SELECT * FROM e2c_companies_alike(%s, %s, %s, %s)", (bare, room, besides, siren))


def bare_name(name: str) -> str:
    """Return what is left of a company's name without accents, case, legal form: "Sté Dupont SARL" gives "dupont".

    A name made of a legal form alone stays whole.
    """
    folded = fold(name)
    bare = " ".join(LEGAL_FORMS.sub(" ", folded).split())
    return bare or folded.strip()
