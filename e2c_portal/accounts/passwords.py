"""Passwords strong enough for the CNIL: délibération n° 2022-100 of 21 July 2022, 80 bits of entropy without other measure."""

import re

from django.core.exceptions import ValidationError

from e2c_portal.kernel.french import join_with_and

# The three forms the CNIL gives as equal to 80 bits.
LENGTH_WITH_FOUR_CLASSES = 12
LENGTH_WITH_THREE_CLASSES = 14
WORDS_OF_A_PHRASE = 7
# The CNIL counts characters chosen freely: a repeated one adds no entropy.
DIFFERENT_CHARACTERS = 6

WORD = re.compile(r"[^\W\d_]{3,}")
CLASSES = (
    ("une minuscule", str.islower),
    ("une majuscule", str.isupper),
    ("un chiffre", str.isdigit),
    ("un caractère spécial (par exemple !, ?, -, une espace)", lambda letter: not letter.isalnum()),
)

RULE = (
    "Choisissez 12 caractères au moins avec minuscules, majuscules, chiffres et caractères spéciaux, "
    "ou 14 caractères avec trois de ces quatre sortes, ou une phrase de 7 mots différents."
)


class CnilPasswordValidator:
    """Refuse a password weaker than the CNIL asks, and say exactly what is missing."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError, in French, unless the password takes one of the three accepted forms."""
        if _is_phrase(password):
            return
        lacking = what_is_missing(password)
        if lacking:
            raise ValidationError(f"Ce mot de passe est trop faible. {lacking} {RULE}", code="password_too_weak")

    def get_help_text(self) -> str:
        return RULE


def what_is_missing(password: str) -> str:
    """Return the sentence that says what this password lacks, empty when it lacks nothing."""
    absent = [name for name, belongs in CLASSES if not any(belongs(letter) for letter in password)]
    if len(set(password)) < DIFFERENT_CHARACTERS:
        return "Il répète toujours les mêmes caractères."
    if len(absent) > 1:
        return f"Il lui manque {join_with_and(absent)} (une sorte au plus peut manquer)."
    needed = LENGTH_WITH_THREE_CLASSES if absent else LENGTH_WITH_FOUR_CLASSES
    short_of = needed - len(password)
    if short_of <= 0:
        return ""
    characters = "1 caractère" if short_of == 1 else f"{short_of} caractères"
    return f"Il lui manque {characters}{f', ou {absent[0]}' if absent and len(password) >= 12 else ''}."


def _is_phrase(password: str) -> bool:
    words = {word.casefold() for word in WORD.findall(password)}
    return len(words) >= WORDS_OF_A_PHRASE
