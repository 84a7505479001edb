"""The difference between two texts, and one applied to another: any texts, any changes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.agreement import (
    Agreement,
    Amended,
    Article,
    Change,
    Commitment,
    DoesNotApply,
    Signatory,
    applied,
    difference,
    highest,
    replayed,
    who_signs,
)
from partnerships.amendment_words import clauses
from partnerships.terms import Terms

WORDS = st.sampled_from(["Objet", "Durée", "Suivi", "Accueil", "Fin"])
TERMS = Terms(date(2026, 1, 1), date(2028, 12, 31), "express", notice_months=3)


def _numbered(line: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(line, max_size=4)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    numbers = sorted(draw(st.sets(st.integers(1, 6), max_size=4)))
    positions = sorted(draw(st.sets(st.integers(1, 5), max_size=3)))
    people = sorted(draw(st.sets(st.tuples(st.sampled_from([0, 1]), st.integers(1, 3)), max_size=4)))
    return Agreement(
        TERMS,
        tuple(Article(number, draw(WORDS), draw(WORDS)) for number in numbers),
        tuple(Commitment(p, draw(st.sampled_from(["visits", "jobs"])), "", draw(st.none() | st.integers(1, 9)), "x") for p in positions),
        tuple(Signatory(("region", "company")[side], place, draw(WORDS), "Directrice") for side, place in people),
    )  # fmt: skip


@given(before=agreements(), after=agreements())
def test_the_difference_leads_from_one_text_to_the_other(before: Agreement, after: Agreement) -> None:
    changes = difference(before, after)
    assert applied(before, changes) == after
    assert difference(after, applied(before, changes)) == []
    written = clauses(before.terms, after.terms, changes)
    assert len(written) == len(changes)
    assert all(clause.sentence.endswith((".", ":")) for clause in written)


@given(texts=st.lists(agreements(), min_size=2, max_size=5))
def test_replaying_the_amendments_gives_each_text_in_turn(texts: list[Agreement]) -> None:
    steps = [
        Amended(number, after.terms, tuple(difference(before, after)))
        for number, (before, after) in enumerate(zip(texts, texts[1:], strict=False), start=1)
    ]
    for count, text in enumerate(texts):
        assert replayed(texts[0], steps[:count]) == text
    used = highest("article", texts[0], steps).get("", 0)
    assert used == max((article.number for text in texts for article in text.articles), default=0)


def test_a_change_of_a_line_that_is_not_there_is_refused() -> None:
    text = Agreement(TERMS, (Article(1, "Objet", "Texte"),))
    for change in (Change("article", "remove", "2", {}, None), Change("article", "add", "1", None, {})):
        with pytest.raises(DoesNotApply):
            applied(text, [change])


def test_an_address_alone_is_no_change() -> None:
    text = Agreement(TERMS, signatories=(Signatory("company", 1, "Paul", "Directeur"),))
    other = replace(text, signatories=(replace(text.signatories[0], email="paul@exemple.invalid"),))
    assert difference(text, other) == []


def test_the_new_signatory_signs() -> None:
    before = Agreement(
        TERMS, signatories=(Signatory("region", 1, "Anne", "Présidente"), Signatory("company", 1, "Paul", "DG"))
    )
    after = replace(before, signatories=(before.signatories[0], Signatory("company", 1, "Lucie", "DG")))
    assert [person.full_name for person in who_signs(applied(before, difference(before, after)))] == ["Anne", "Lucie"]


class TestWords:
    """The sentences people sign."""

    def words(self, before: Agreement, after: Agreement) -> list[str]:
        return [
            c.sentence.replace("\N{NO-BREAK SPACE}", " ")
            for c in clauses(before.terms, after.terms, difference(before, after))
        ]

    def test_a_target(self) -> None:
        before = Agreement(TERMS, commitments=(Commitment(1, "internships", "Découverte", 10, "stages", "par an"),))
        after = replace(before, commitments=(replace(before.commitments[0], target=15),))
        assert self.words(before, after) == [
            "La cible de l’engagement « Accueil en stage – Découverte » passe de 10 à 15 stages par an."
        ]

    def test_articles(self) -> None:
        before = Agreement(TERMS, (Article(1, "Objet", "A"), Article(2, "Suivi", "B"), Article(3, "Fin", "C")))
        after = Agreement(TERMS, (Article(1, "But", "A"), Article(3, "Fin", "D"), Article(4, "Litiges", "E")))
        assert self.words(before, after) == [
            "L’article 1 « Objet » s’intitule désormais « But ».",
            "L’article 2 « Suivi » est supprimé. Les autres articles gardent leur numéro.",
            "L’article 3 « Fin » est remplacé par les dispositions suivantes :",
            "Un article 4 est ajouté, ainsi rédigé :",
        ]

    def test_dates_renewal_and_notice(self) -> None:
        terms = replace(
            TERMS, ends_on=TERMS.ends_on + timedelta(days=365), renewal="tacit", renewal_months=12, renewal_limit=2, notice_months=6
        )  # fmt: skip
        assert self.words(Agreement(TERMS), Agreement(terms)) == [
            "La convention prend fin le 31 décembre 2029 au lieu du 31 décembre 2028.",
            "Le renouvellement de la convention est désormais le suivant : reconduction tacite par périodes de douze mois, "
            "deux fois au plus (auparavant : renouvellement exprès).",
            "Le préavis passe de trois à six mois.",
        ]

    def test_signatories(self) -> None:
        before = Agreement(TERMS, signatories=(Signatory("company", 1, "Paul", "directeur"),))
        after = Agreement(TERMS, signatories=(Signatory("company", 1, "Lucie", "directrice"),))
        assert self.words(before, after) == [
            "Pour l’entreprise, Lucie (directrice) remplace Paul (directeur) comme signataire."
        ]
