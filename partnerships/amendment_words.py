"""The French text of an amendment, written from the difference alone: « L’article 3 est remplacé par… ». Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from e2c_portal.kernel import french
from partnerships.agreement import ADD, ARTICLE, COMMITMENT, REMOVE, SIGNATORY, WHOLE, Change
from partnerships.models import Commitment, PartnershipConvention
from partnerships.terms import Terms

SIDES = {"region": "la Région", "company": "l’entreprise"}


@dataclass(frozen=True)
class Clause:
    """One thing that changes: its heading, the sentence that says it, and the new text when there is one."""

    heading: str
    sentence: str
    quoted_title: str = ""
    quoted: tuple[str, ...] = ()


def clauses(before: Terms, after: Terms, changes: Iterable[Change]) -> list[Clause]:
    """Return what the amendment changes, in the order of the text: dates, articles, commitments, signatories."""
    return [*_terms(before, after), *(WRITERS[change.part](change) for change in changes)]


def _terms(before: Terms, after: Terms) -> list[Clause]:
    written = []
    if after.ends_on != before.ends_on and after.ends_on:
        instead = f" au lieu du {french.day_in_letters(before.ends_on)}" if before.ends_on else ""
        written.append(Clause("Durée", f"La convention prend fin {french.date_in_letters(after.ends_on)}{instead}."))
    if renewal_words(after) != renewal_words(before):
        sentence = f"Le renouvellement de la convention est désormais le suivant : {renewal_words(after).lower()}."
        if before.renewal:
            sentence = f"{sentence[:-1]} (auparavant : {renewal_words(before).lower()})."
        written.append(Clause("Renouvellement", sentence))
    if after.notice_months != before.notice_months:
        written.append(Clause("Préavis", _notice(before.notice_months, after.notice_months)))
    return written


def renewal_words(terms: Terms) -> str:
    """Return « Reconduction tacite par périodes de douze mois, deux fois au plus »."""
    label = str(PartnershipConvention.Renewal(terms.renewal).label)
    if not terms.is_tacit:
        return label
    words = f"{label} par périodes de {french.duration_months(terms.renewal_months or 0)}"
    if terms.renewal_limit is None:
        return words
    return f"{words}, {french.in_words(terms.renewal_limit)} fois au plus"


def _notice(before: int | None, after: int | None) -> str:
    if not after:
        return "Le préavis est supprimé."
    if not before:
        return f"Un préavis de {french.duration_months(after)} est fixé."
    return f"Le préavis passe de {french.in_words(before)} à {french.duration_months(after)}."


def _article(change: Change) -> Clause:
    number = change.key
    heading = f"Article {number}"
    if change.before is None:
        assert change.after is not None  # noqa: S101  the database holds it
        return _quoting("Article ajouté", f"Un article {number} est ajouté, ainsi rédigé :", number, change.after)
    named = f"L’article {number} « {change.before['title']} »"
    if change.after is None:
        return Clause(heading, f"{named} est supprimé. Les autres articles gardent leur numéro.")
    if change.after["body"] == change.before["body"]:
        return Clause(heading, f"{named} s’intitule désormais « {change.after['title']} ».")
    return _quoting(heading, f"{named} est remplacé par les dispositions suivantes :", number, change.after)


def _quoting(heading: str, sentence: str, number: str, article: dict[str, Any]) -> Clause:
    body = tuple(line.strip() for line in article["body"].splitlines() if line.strip())
    return Clause(heading, sentence, f"Article {number} – {article['title']}", body)


def _commitment(change: Change) -> Clause:
    heading = "Engagement de l’entreprise"
    if change.before is None:
        return Clause(heading, f"Un engagement est ajouté : {_promise(change.after)}.")
    name = _promise_name(change.before)
    if change.after is None:
        return Clause(heading, f"L’engagement « {name} » est supprimé.")
    recounted = _recounted(change.before, change.after)
    if _same_but(change.before, change.after, "rhythm"):
        return Clause(heading, f"L’engagement « {name} » se compte désormais {recounted}.")
    if _same_but(change.before, change.after, "target", "rhythm") and _both_measured(change):
        old, new = french.number(change.before["target"]), french.number(change.after["target"])
        tail = _unit(change.after) + (f" ; elle se compte désormais {recounted}" if recounted else "")
        return Clause(heading, f"La cible de l’engagement « {name} » passe de {old} à {new} {tail}.")
    return Clause(heading, f"L’engagement « {name} » est remplacé par le suivant : {_promise(change.after)}.")


def _same_but(before: dict[str, Any], after: dict[str, Any], *names: str) -> bool:
    """Say whether nothing else differs: the words of the promise then stay as they are."""
    aside = dict.fromkeys(names)
    return {**before, **aside} == {**after, **aside}


def _both_measured(change: Change) -> bool:
    return all(values and values["target"] is not None for values in (change.before, change.after))


def _recounted(before: dict[str, Any], after: dict[str, Any]) -> str:
    """Return how the promise is counted from now on, nothing when that does not change."""
    old, new = (values.get("rhythm", WHOLE) for values in (before, after))
    return "" if old == new else str(Commitment.Rhythm(new).label)


def _promise_name(values: dict[str, Any]) -> str:
    label = str(Commitment.Kind(values["kind"]).label)
    return f"{label} – {values['description']}" if values["description"] else label


def _promise(values: dict[str, Any] | None) -> str:
    values = values or {}
    name = f"« {_promise_name(values)} »"
    if values["target"] is None:
        return f"{name}, sans cible chiffrée"
    return f"{name}, avec une cible de {french.number(values['target'])} {_unit(values)}"


def _unit(values: dict[str, Any]) -> str:
    return " ".join(part for part in (values["unit"], values["period"]) if part)


def _signatory(change: Change) -> Clause:
    heading = "Signataires"
    values = change.after or change.before or {}
    side = SIDES[values["side"]]
    if change.action == ADD:
        return Clause(heading, f"{_person(values)} s’ajoute aux signataires pour {side}.")
    if change.action == REMOVE:
        return Clause(heading, f"{_person(values)} ne figure plus parmi les signataires pour {side}.")
    return Clause(heading, f"Pour {side}, {_person(values)} remplace {_person(change.before or {})} comme signataire.")


def _person(values: dict[str, Any]) -> str:
    name = values["full_name"] or "la personne dont le nom n’est pas connu"
    return f"{name} ({values['quality']})"


WRITERS = {ARTICLE: _article, COMMITMENT: _commitment, SIGNATORY: _signatory}
