"""Possible SIREN and SIRET, never twice the same."""

from itertools import count

from stdnum import luhn

_sirens = count(100_000_00)


def new_siren() -> str:
    """Return nine digits whose key is right."""
    body = str(next(_sirens))
    return body + luhn.calc_check_digit(body)


def siret_of(siren: str, establishment: int = 1) -> str:
    """Return the fourteen digits of an establishment of `siren`."""
    body = f"{siren}{establishment:04d}"
    return body + luhn.calc_check_digit(body)
