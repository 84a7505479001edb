"""The facts of a verdict in the order people look for them."""

from django.utils import timezone

from e2c_portal.documents.verification import SealStatement, Verdict
from e2c_portal.kernel import french

Line = tuple[str, str]


def lines_of(verdict: Verdict) -> list[Line]:
    """Return (term, value) for the page: what it is worth today, what it is, who sealed it and when."""
    lines: list[Line] = []
    if verdict.standing:
        day = french.day_in_letters(verdict.on)
        lines.append((f"Situation le {day}", f"{verdict.standing.label}. {verdict.standing.sentence}"))
    if verdict.kind_label:
        lines += [("Nature du document", verdict.kind_label), ("Référence", verdict.reference), *verdict.facts]
    if verdict.seal:
        lines += _seal(verdict.seal)
    return lines


def _seal(seal: SealStatement) -> list[Line]:
    lines = [("Scellé par", seal.holder)]
    if seal.sealed_at:
        moment = timezone.localtime(seal.sealed_at)
        day = french.date_in_letters(moment.date()).capitalize()
        lines.append(("Date du cachet", f"{day} à {moment:%H} h {moment:%M}"))
    if seal.level_sentence:
        lines.append(("Valeur de cette date", seal.level_sentence))
    return lines
