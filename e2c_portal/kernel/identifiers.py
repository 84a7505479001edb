"""French business numbers: SIREN and SIRET, La Poste's exception included.

python-stdnum decides here; the database decides again with e2c_siren_valid and e2c_siret_valid (kernel migration 0002).
"""

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, Func
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret


class SirenValid(Func):
    """`e2c_siren_valid(text)`: nine digits whose Luhn sum is right."""

    function = "e2c_siren_valid"
    arity = 1
    output_field = BooleanField()


class SiretValid(Func):
    """`e2c_siret_valid(text)`: fourteen digits, Luhn, or for La Poste a sum that five divides."""

    function = "e2c_siret_valid"
    arity = 1
    output_field = BooleanField()


def compact(number: str) -> str:
    """Return the digits alone of what somebody typed or pasted."""
    return "".join(number.split()).replace(".", "").replace("-", "")


def validate_siren(number: str) -> None:
    """Raise ValidationError, in French, unless the number is a possible SIREN."""
    if not stdnum_siren.is_valid(number):
        raise ValidationError(
            "Ce SIREN n’est pas valable : il a 9 chiffres et une clé de contrôle. Vérifiez-le sur un document officiel.",
            code="siren",
        )


def validate_siret(number: str) -> None:
    """Raise ValidationError, in French, unless the number is a possible SIRET (La Poste has a rule of its own)."""
    if not stdnum_siret.is_valid(number):
        raise ValidationError(
            "Ce SIRET n’est pas valable : il a 14 chiffres et une clé de contrôle. Vérifiez-le sur un document officiel.",
            code="siret",
        )


def printed_number(number: str) -> str:
    """Return a SIREN or a SIRET as it is read, 356 000 000 00048, tied by thin no-break spaces."""
    parts = [number[0:3], number[3:6], number[6:9], number[9:]]
    return "\N{NARROW NO-BREAK SPACE}".join(part for part in parts if part)
