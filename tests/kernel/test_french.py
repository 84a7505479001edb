"""French typography and words: tables of what must come out, and what holds for any text."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2c_portal.kernel import french

NB, TH = "\u00a0", "\u202f"

TYPESET = [
    # ; ! ? take a thin space, : a full one, typed or not
    ("Bienvenue !", f"Bienvenue{TH}!"),
    ("Bienvenue!", f"Bienvenue{TH}!"),
    ("Pourquoi ?! Oui ; non", f"Pourquoi{TH}?! Oui{TH}; non"),
    ("Pourquoi? Parce que", f"Pourquoi{TH}? Parce que"),
    ("Objet : stages", f"Objet{NB}: stages"),
    ("Objet: stages", f"Objet{NB}: stages"),
    ("Article 2: objet", f"Article{NB}2{NB}: objet"),
    ("(Vraiment?)", f"(Vraiment{TH}?)"),
    ("Il dit : « non »", f"Il dit{NB}: «{NB}non{NB}»"),
    ("Vraiment… ?", f"Vraiment…{TH}?"),
    # signs that are not punctuation
    ("De 10:30 à 11:45.", "De 10:30 à 11:45."),
    ("De 10:30; puis", f"De 10:30{TH}; puis"),
    ("Écran 16:9", "Écran 16:9"),
    ("clé:valeur a;b", "clé:valeur a;b"),
    ("Voir https://exemple.fr/a?b=c;d!e#f: merci", f"Voir https://exemple.fr/a?b=c;d!e#f{NB}: merci"),
    ("Voir https://exemple.fr/l'école?", f"Voir https://exemple.fr/l'école{TH}?"),
    ("(https://exemple.fr/x)", "(https://exemple.fr/x)"),
    ("exemple.fr/verifier?x=1;y=2: ici", f"exemple.fr/verifier?x=1;y=2{NB}: ici"),
    ("Écrire à l'adresse d'accueil@exemple.fr!", f"Écrire à l’adresse d’accueil@exemple.fr{TH}!"),
    # quotation marks and apostrophes
    ('Le projet "école"', f"Le projet «{NB}école{NB}»"),
    ('Dire "non", puis "oui".', f"Dire «{NB}non{NB}», puis «{NB}oui{NB}»."),
    ("l'\"école\"", f"l’«{NB}école{NB}»"),
    ("«école»", f"«{NB}école{NB}»"),
    (f"«{TH}école{TH}»", f"«{NB}école{NB}»"),
    ("l'école d'Alès, aujourd'hui", "l’école d’Alès, aujourd’hui"),
    ("Un tuyau de 5'", "Un tuyau de 5'"),
    ("À suivre...", "À suivre…"),
    ("Fait à ..........", "Fait à .........."),
    # numbers
    ("n° 12, N°3, nº CR-14/06.540", f"n°{NB}12, N°{NB}3, n°{NB}CR-14/06.540"),
    ("1er, 1 er, 1ère, 2ème, 3èmes, 3e", "1er, 1er, 1re, 2e, 3es, 3e"),
    ("12 500 jeunes, 1 000 000 de fois", f"12{TH}500 jeunes, 1{TH}000{TH}000 de fois"),
    ("SIRET 356 000 000 00048", f"SIRET 356{TH}000{TH}000{TH}00048"),
    ("en 2014 150 jeunes", "en 2014 150 jeunes"),
    ("34000 Montpellier, lot A34000 Bis", f"34000{NB}Montpellier, lot A34000 Bis"),
    ("2e chance, 3es Assises, 1er et 2e", f"2e{NB}chance, 3es{NB}Assises, 1er{NB}et 2e"),
    ("04 67 22 80 00", f"04{NB}67{NB}22{NB}80{NB}00"),
    ("50 %, 50%, 1 500 €", f"50{NB}%, 50{NB}%, 1{TH}500{NB}€"),
    ("pour 3 ans, 35 h, à 14 h 30", f"pour 3{NB}ans, 35{NB}h, à 14{NB}h{NB}30"),
    ("3 anses", "3 anses"),
    ("le 12 décembre 2014, le 1er mai, le 1 er Mai", f"le 12{NB}décembre{NB}2014, le 1er{NB}mai, le 1er{NB}Mai"),
    ("12 marsouins", "12 marsouins"),
    # people and texts
    ("M. Martin et Mme Durand", f"M.{NB}Martin et Mme{NB}Durand"),
    ("article L. 214-14, articles 3 et 4", f"article{NB}L.{NB}214-14, articles{NB}3 et 4"),
    ("article D214-9", f"article{NB}D214-9"),
    # nothing to do
    ("", ""),
    ("Languedoc-Roussillon", "Languedoc-Roussillon"),
    ("ligne 1\n\nligne 2 ;", f"ligne 1\n\nligne 2{TH};"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TYPESET)
def test_typeset(text: str, expected: str) -> None:
    assert french.typeset(text) == expected


@pytest.mark.parametrize(("text", "expected"), TYPESET)
def test_typesetting_twice_changes_nothing_more(text: str, expected: str) -> None:
    assert french.typeset(expected) == expected


# Signs that the rules look at, so that random texts meet the rules often.
SIGNS = st.sampled_from(
    [
        *" \t\n\u00a0\u202f\u2009",
        *";:!?«»\"'’…().,/@%€°",
        "...",
        "n°",
        "1er",
        "12",
        "000",
        "10:30",
        "M.",
        "L.",
        "article",
    ]
    + [
        "décembre",
        "2014",
        "ans",
        "h",
        "https://a.fr",
        "www.b.fr/c",
        "x@y.fr",
        "école",
        "été",
        "E",
    ]
)


@given(st.lists(SIGNS, max_size=14).map("".join))
def test_typesetting_is_idempotent_on_punctuation(text: str) -> None:
    once = french.typeset(text)
    assert french.typeset(once) == once


@given(st.text(max_size=60))
def test_typesetting_is_idempotent_on_any_text(text: str) -> None:
    once = french.typeset(text)
    assert french.typeset(once) == once


@given(st.text(alphabet="abcdefghij éàœ-\n", max_size=60))
def test_words_without_signs_stay_as_they_are(text: str) -> None:
    assert french.typeset(text) == text


@given(
    st.text(max_size=40),
    st.sampled_from(
        [
            "https://e2c.exemple.fr/verifier/A2B3C-D4E5F/?a=1;b=2",
            "lea.martin@exemple.fr",
        ]
    ),
)
def test_addresses_survive_any_neighbour(text: str, address: str) -> None:
    assert address in french.typeset(f"{text} {address} {text}")


@pytest.mark.parametrize("piece", ["a.b", "a@b", "a-", "www.", "1 234 ", '"a', "« ", " »", "....", "1:11", "x "])
def test_a_long_pasted_text_is_set_quickly(piece: str) -> None:
    started = time.monotonic()
    french.typeset(piece * 20_000)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2014, 12, 12), f"12{NB}décembre{NB}2014"),
        (date(2015, 1, 1), f"1er{NB}janvier{NB}2015"),
        (date(2013, 8, 31), f"31{NB}août{NB}2013"),
    ],
)
def test_dates(day: date, expected: str) -> None:
    assert french.day_in_letters(day) == expected
    assert french.date_in_letters(day) == f"le {expected}"
    assert french.typeset(expected) == expected


def test_period() -> None:
    period = french.period_in_letters(date(2014, 12, 12), date(2017, 12, 11))
    assert period == f"du 12{NB}décembre{NB}2014 au 11{NB}décembre{NB}2017"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"), (7, "7"), (999, "999"), (1000, f"1{TH}000"), (1234567, f"1{TH}234{TH}567"), (-1234, f"\u22121{TH}234"),
        (2.5, "2,5"), (Decimal("12345.60"), f"12{TH}345,60"), (1e6, f"1{TH}000{TH}000,0"), (Decimal("1E+3"), f"1{TH}000"),
    ],
)  # fmt: skip
def test_number(value: float | Decimal, expected: str) -> None:
    assert french.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, f"0{NB}€"), (1500, f"1{TH}500{NB}€"), (Decimal("1500.5"), f"1{TH}500,50{NB}€"), (0.005, f"0,01{NB}€"),
        (-12, f"\u221212{NB}€"), (2450000.0, f"2{TH}450{TH}000{NB}€"),
    ],
)  # fmt: skip
def test_amount(value: float | Decimal, expected: str) -> None:
    assert french.amount(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "zéro"), (1, "un"), (16, "seize"), (17, "dix-sept"), (20, "vingt"), (21, "vingt et un"), (22, "vingt-deux"),
        (31, "trente et un"), (60, "soixante"), (61, "soixante et un"), (70, "soixante-dix"), (71, "soixante et onze"),
        (77, "soixante-dix-sept"), (80, "quatre-vingts"), (81, "quatre-vingt-un"), (90, "quatre-vingt-dix"),
        (91, "quatre-vingt-onze"), (99, "quatre-vingt-dix-neuf"), (100, "cent"), (101, "cent un"), (200, "deux cents"),
        (280, "deux cent quatre-vingts"), (999, "neuf cent quatre-vingt-dix-neuf"),
    ],
)  # fmt: skip
def test_in_words(value: int, expected: str) -> None:
    assert french.in_words(value) == expected


def test_every_number_in_words_is_different() -> None:
    assert len({french.in_words(value) for value in range(1000)}) == 1000


@pytest.mark.parametrize("value", [-1, 1000])
def test_numbers_too_far_for_words_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match="0 to 999"):
        french.in_words(value)


def test_durations() -> None:
    assert french.duration_years(1) == f"un{NB}an"
    assert french.duration_years(3) == f"trois{NB}ans"
    assert french.duration_months(3) == f"trois{NB}mois"


def test_counts_are_singular_below_two() -> None:
    forms = [french.plural(count, "stage", "stages") for count in (0, 1, 1.5, 2, 12)]
    assert forms == ["stage", "stage", "stage", "stages", "stages"]
    assert french.counted(0, "stage", "stages") == f"0{NB}stage"
    assert french.counted(1378, "stagiaire", "stagiaires") == f"1{TH}378{NB}stagiaires"


def test_ordinals() -> None:
    assert [french.ordinal(rank) for rank in (1, 2, 21)] == ["1er", "2e", "21e"]


@pytest.mark.parametrize(
    ("items", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")],
)
def test_join_with_and(items: list[str], expected: str) -> None:
    assert french.join_with_and(items) == expected


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Inès", "d’Inès"),
        ("Élodie", "d’Élodie"),
        ("Lina", "de Lina"),
        ("Yanis", "de Yanis"),
        ("Yves", "d’Yves"),
        ("Hakim", "de Hakim"),
    ],
)
def test_a_name_after_its_preposition(name: str, read: str) -> None:
    assert french.of_name(name) == read


@pytest.mark.parametrize(
    ("name", "named", "at", "of"),
    [
        ("École de la 2e chance", "l’École de la 2e chance", "à l’École de la 2e chance", "de l’École de la 2e chance"),
        ("E2C Nîmes", "l’E2C Nîmes", "à l’E2C Nîmes", "de l’E2C Nîmes"),
        ("Mission locale", "la Mission locale", "à la Mission locale", "de la Mission locale"),
        ("Centre d’Alès", "le Centre d’Alès", "au Centre d’Alès", "du Centre d’Alès"),
        ("Compagnons du Gard", "les Compagnons du Gard", "aux Compagnons du Gard", "des Compagnons du Gard"),
        ("Alès", "Alès", "à Alès", "d’Alès"),
        ("Écolieu", "Écolieu", "à Écolieu", "d’Écolieu"),
        ("", "", "à ", "de "),
    ],
)
def test_the_name_of_a_place_takes_its_article(name: str, named: str, at: str, of: str) -> None:
    assert (french.with_article(name), french.at_place(name), french.of_place(name)) == (named, at, of)
