"""Search that ignores accents and case, the same on every PostgreSQL (none is asked for ICU).

`e2c_fold(text)` is an immutable SQL function made by the kernel's first migration; `fold` says the same in Python.
"""

import unicodedata

from django.db.models import CharField, F, Func, TextField, Value
from django.db.models.functions import Concat

# What PostgreSQL's unaccent dictionary writes for the letters and signs that are more than a letter and its accent.
SIGNS = str.maketrans({
    "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "Ĳ": "ij", "ĳ": "ij", "Þ": "th", "þ": "th", "ŉ": "'n",
    "Ø": "o", "ø": "o", "Đ": "d", "đ": "d", "Ð": "d", "ð": "d", "Ħ": "h", "ħ": "h", "ı": "i", "ĸ": "q", "Ŀ": "l",
    "ŀ": "l", "Ł": "l", "ł": "l", "Ŋ": "n", "ŋ": "n", "Ŧ": "t", "ŧ": "t", "ſ": "s", "ª": "a", "º": "o", "№": "no",
    "«": "<<", "»": ">>", "‹": "<", "›": ">", "‘": "'", "’": "'", "‛": "'", "′": "'", "‚": ",", "“": '"', "”": '"',
    "‟": '"', "″": '"', "„": ",,", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "\u00ad": "-",
    "…": "...", "‥": "..", "․": ".", "‖": "||", "⁄": "/", "‼": "!!", "¡": "!", "¿": "?", "×": "*", "÷": "/",
    "±": "+/-", "µ": "μ", "©": "(c)", "®": "(r)", "¼": " 1/4", "½": " 1/2", "¾": " 3/4",
})  # fmt: skip


class Fold(Func):
    """`e2c_fold(...)`: lower case without accents."""

    function = "e2c_fold"
    arity = 1
    output_field = TextField()


def fold(text: str) -> str:
    """Return `text` in lower case without accents, as the database's e2c_fold does."""
    decomposed = unicodedata.normalize("NFD", text.translate(SIGNS).lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def folded(*fields: str) -> Fold:
    """Return the expression of a generated search column made of several text fields."""
    parts: list[F | Value] = []
    for name in fields:
        parts += [Value(" "), F(name)]
    return Fold(Concat(*parts[1:], output_field=CharField()) if len(parts) > 2 else parts[1])
