"""French typography and words, for pages and printed documents alike.

Rules of the Lexique des règles typographiques en usage à l'Imprimerie nationale: a thin no-break space before ; ! ?, a full
one before : and inside « », ’ as apostrophe. Unicode has both spaces: U+202F and U+00A0.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache, partial

NO_BREAK = "\N{NO-BREAK SPACE}"
THIN = "\N{NARROW NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

# Addresses and clock times carry the same signs as sentences, with another meaning: they are never touched.
UNTOUCHED = (
    r"(?:https?://|www\.)[^\s«»<>\"]*[^\s«»<>\".,;:!?)\]’']"
    r"|(?<![^\s«»<>\"'’(),;:@])[^\s«»<>\"'’(),;:@]+@[^\s«»<>\"(),;:!?@]+\.\w+"
    r"|(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^\s«»<>\"]*[^\s«»<>\".,;:!?)\]’']"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?\b"
)
# Any space of one line, so that a text typeset once reads the same to the rules the second time.
GAP = r"[ \t\u00A0\u2009\u202F]"
MONTH = "|".join(MONTHS)
NUMBERED = r"[Aa]rticles?|[Aa]rt\.|[Aa]nnexe|[Cc]hapitre|[Pp]age|p\.|[LRD]\."
UNIT = r"h|min|km|m²|kg|ans?|mois|jours?|heures?|semaines?|euros?"

Replacement = str | Callable[[re.Match[str]], str]


def _gaps_to(space: str) -> Callable[[re.Match[str]], str]:
    return lambda found: re.sub(rf"{GAP}+", space, found[0])


def _unless_kept(found: re.Match[str], replacement: Replacement) -> str:
    if found["kept"] is not None:
        return found[0]
    return found.expand(replacement) if isinstance(replacement, str) else replacement(found)


# Each rule: signs of which a text holds at least one or the rule has nothing to do, what it looks for, what it writes.
# Quotation marks come before the spaces around them, marks before figures. Groups have names, because each pattern is also
# compiled behind the untouched ones.
DIGITS = "0123456789"
RULES: tuple[tuple[str, str, Replacement], ...] = (
    # apostrophe, ellipsis, quotation marks
    ("'", r"(?<=[^\W\d_])'(?=[\w«\"])", "’"),
    (".", r"(?<!\.)\.{3}(?!\.)", "…"),
    (
        '"',
        r"(?<![\w\"])\"(?P<said>[^\s\"](?:[^\"\n]*[^\s\"])?)\"(?![\w\"])",
        rf"«{NO_BREAK}\g<said>{NO_BREAK}»",
    ),
    ("«", rf"«{GAP}*(?=\S)", f"«{NO_BREAK}"),
    ("»", rf"(?<=[^\s«]){GAP}*»", f"{NO_BREAK}»"),
    # ; ! ? then : with and without a space already typed
    (";!?", rf"(?<=[^\s(\[]){GAP}+(?=[;!?])", THIN),
    (";!?", r"(?<=[^\s(\[{:;!?])(?=[;!?]+(?:[\s)\]»”]|\Z))", THIN),
    (":", rf"(?<=[^\s(\[]){GAP}+(?=:(?:[\s«]|\Z))", NO_BREAK),
    (":", r"(?<=[^\s(\[{:;!?])(?=:(?:[\s«]|\Z))", NO_BREAK),
    # n° 12, 1er, 1re, 2e
    ("°º", rf"\b(?P<no>[nN])[°º]{GAP}*(?=\w)", rf"\g<no>°{NO_BREAK}"),
    ("1", rf"\b1{GAP}?er\b", "1er"),
    ("1", r"\b1[èe]re\b", "1re"),
    (DIGITS, r"\b(?P<rank>\d+)i?[èe]me(?P<s>s?)\b", r"\g<rank>e\g<s>"),
    # 12 500, 356 000 000 00048, 04 67 22 80 00, 50 %, 3 ans, 14 h 30
    (
        DIGITS,
        rf"(?<![\d.,/-])\d{{1,3}}(?:{GAP}\d{{3}})+(?:{GAP}\d{{5}})?(?!\d)",
        _gaps_to(THIN),
    ),
    ("0", rf"\b0\d(?:{GAP}\d\d){{4}}\b", _gaps_to(NO_BREAK)),
    ("%‰€", rf"(?<=\d){GAP}*(?=[%‰€](?!\w))", NO_BREAK),
    (DIGITS, rf"(?<=\d){GAP}+(?:{UNIT})\b", _gaps_to(NO_BREAK)),
    (DIGITS, rf"(?<=\d{NO_BREAK}h){GAP}+(?=\d\d\b)", NO_BREAK),
    # 2e chance, 34000 Montpellier
    (DIGITS, rf"(?<![\w/.-])\d+(?:er|re|e|es){GAP}+(?=[^\W\d_])", _gaps_to(NO_BREAK)),
    (DIGITS, rf"(?<![\w/.,-])\d{{5}}{GAP}+(?=[A-ZÀ-Þ])", _gaps_to(NO_BREAK)),
    # 12 décembre 2014, M. Martin, article L. 214-14
    (
        DIGITS,
        rf"\b(?:\d\d?|1er){GAP}+(?i:{MONTH})\b(?:{GAP}+\d{{4}}\b)?",
        _gaps_to(NO_BREAK),
    ),
    (
        "MD",
        rf"\b(?:MM?\.|Mmes?|Mlles?|Dr|Me|Mgr){GAP}+(?=[A-ZÀ-Þ])",
        _gaps_to(NO_BREAK),
    ),
    (DIGITS, rf"\b(?:{NUMBERED}){GAP}+(?=[LRDA]?\.?{GAP}?\d)", _gaps_to(NO_BREAK)),
)

_untouched = re.compile(UNTOUCHED)
_plain = tuple((frozenset(signs), re.compile(pattern), replacement) for signs, pattern, replacement in RULES)
_guarded = tuple(
    (
        frozenset(signs),
        re.compile(f"(?P<kept>{UNTOUCHED})|(?:{pattern})"),
        partial(_unless_kept, replacement=replacement),
    )
    for signs, pattern, replacement in RULES
)


# Lists say the same short words on most of their lines, and page after page.
SHORT, REMEMBERED = 80, 1024


def typeset(text: str) -> str:
    """Return the text with French spaces, quotation marks, apostrophes and ordinals.

    Addresses (web and e-mail) and times written 10:30 stay as they are. Typesetting twice changes nothing more.
    """
    return _typeset_once(text) if len(text) <= SHORT else _typeset(text)


def _typeset(text: str) -> str:
    rules = _guarded if _untouched.search(text) else _plain
    present = frozenset(text)
    for signs, pattern, replacement in rules:
        if not signs.isdisjoint(present):
            text = pattern.sub(replacement, text)
    return text


_typeset_once = lru_cache(maxsize=REMEMBERED)(_typeset)


def of_name(name: str) -> str:
    """Return « d’Inès Amrani » or « de Lina Modèle »: the preposition and a name, elided before a vowel.

    Not before h (« de Hakim » and « d’Hélène » cannot be told apart) nor before y and a vowel (« de Yanis »).
    """
    folded = _without_accents(name[:2])
    elides = folded[:1] in tuple("aeiouœæ") or (folded[:1] == "y" and folded[1:2] not in tuple("aeiou"))
    return f"d’{name}" if elides and name else f"de {name}"


# The nouns that begin the names of schools, of what carries them and of their partners, with their article.
ARTICLES = {
    "l’": "agence antenne association atelier ecole e2c entreprise etablissement institut institution organisme union",
    "la ": "boutique chambre federation fondation maison mairie mission region societe ville",
    "le ": "centre comite conseil departement greta groupement lycee pole reseau",
    "les ": "ateliers compagnons ecoles",
}
_article_of = {noun: article for article, nouns in ARTICLES.items() for noun in nouns.split()}


def with_article(name: str) -> str:
    """Return « l’École de la 2e chance de Nîmes », « la Mission locale »: a name that begins with a common noun, in a sentence.

    Any other name, of a town or of a company, is returned as it is.
    """
    return f"{_article(name)}{name}"


def at_place(name: str) -> str:
    """Return « à l’École de la 2e chance de Nîmes », « au Centre de formation », « à Nîmes »."""
    return {"le ": f"au {name}", "les ": f"aux {name}"}.get(_article(name), f"à {with_article(name)}")


def of_place(name: str) -> str:
    """Return « de l’École de la 2e chance de Nîmes », « du Centre de formation », « d’Alès »."""
    article = _article(name)
    return {"": of_name(name), "le ": f"du {name}", "les ": f"des {name}"}.get(article, f"de {article}{name}")


def _article(name: str) -> str:
    first = re.match(r"\w+", name)
    return _article_of.get(_without_accents(first[0]), "") if first else ""


def _without_accents(word: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(sign))


def day_in_letters(day: date) -> str:
    """Return "12 décembre 2014", "1er janvier 2015", tied by no-break spaces."""
    number = "1er" if day.day == 1 else str(day.day)
    return NO_BREAK.join((number, MONTHS[day.month - 1], str(day.year)))


def date_in_letters(day: date) -> str:
    """Return "le 12 décembre 2014": the day with its article, to end a sentence such as "signée …"."""
    return f"le {day_in_letters(day)}"


def period_in_letters(starts_on: date, ends_on: date) -> str:
    """Return "du 12 décembre 2014 au 11 décembre 2017"."""
    return f"du {day_in_letters(starts_on)} au {day_in_letters(ends_on)}"


def number(value: float | Decimal) -> str:
    """Return "1 378", "-2,5" the French way: thin no-break space every three digits, comma, true minus sign.

    Decimals are printed as they are; round before.
    """
    whole, _, decimals = f"{abs(Decimal(str(value))):f}".partition(".")
    grouped = f"{int(whole):,}".replace(",", THIN)
    sign = MINUS if value < 0 else ""
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def amount(value: float | Decimal, currency: str = "€") -> str:
    """Return "1 500 €" or "1 500,50 €": an amount of money, cents only when there are some, half a cent rounded up."""
    cents = Decimal(str(value)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    shown = cents.to_integral_value() if cents == cents.to_integral_value() else cents
    return f"{number(shown)}{NO_BREAK}{currency}"


def ordinal(rank: int) -> str:
    """Return "1er", "2e", "3e": a masculine rank."""
    return "1er" if rank == 1 else f"{rank}e"


def plural(count: float | Decimal, singular: str, plural_form: str) -> str:
    """Return the form that goes with `count`: French is singular below two (0 stage, 1,5 jour)."""
    return singular if -2 < count < 2 else plural_form


def counted(count: float | Decimal, singular: str, plural_form: str) -> str:
    """Return "1 378 stagiaires", "0 stage": the count and the form that goes with it."""
    return f"{number(count)}{NO_BREAK}{plural(count, singular, plural_form)}"


def join_with_and(items: Sequence[str]) -> str:
    """Return "a", "a et b", "a, b et c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"


SMALL = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
    "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
TENS = {
    20: "vingt",
    30: "trente",
    40: "quarante",
    50: "cinquante",
    60: "soixante",
    80: "quatre-vingt",
}


def in_words(value: int) -> str:
    """Return "trois", "vingt et un", "quatre-vingts". Raises ValueError outside of 0 to 999."""
    if not 0 <= value < 1000:
        raise ValueError(f"only 0 to 999 can be written in words: {value}")
    hundreds, rest = divmod(value, 100)
    if not hundreds:
        return _below_hundred(rest)
    head = "cent" if hundreds == 1 else f"{SMALL[hundreds]} cent"
    if rest:
        return f"{head} {_below_hundred(rest)}"
    return head if hundreds == 1 else f"{head}s"


def _below_hundred(value: int) -> str:
    if value < len(SMALL):
        return SMALL[value]
    # Seventy and ninety count on from sixty and eighty, up to nineteen.
    ten = value // 10 * 10 if value // 10 not in (7, 9) else value // 10 * 10 - 10
    rest = value - ten
    if not rest:
        return "quatre-vingts" if ten == 80 else TENS[ten]
    joint = " et " if rest in (1, 11) and ten != 80 else "-"
    return f"{TENS[ten]}{joint}{SMALL[rest]}"


def duration_years(years: int) -> str:
    """Return "un an", "trois ans". Raises ValueError outside of 0 to 999."""
    return f"{in_words(years)}{NO_BREAK}{plural(years, 'an', 'ans')}"


def duration_months(months: int) -> str:
    """Return "trois mois". Raises ValueError outside of 0 to 999."""
    return f"{in_words(months)}{NO_BREAK}mois"
