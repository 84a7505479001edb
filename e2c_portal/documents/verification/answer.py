"""The verdict as plain values, for programs."""

from typing import Any

from django.utils import timezone

from e2c_portal.documents.verification.verdict import SealStatement, Verdict


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as values that json.dumps takes. Dates are ISO 8601, words French; no private person is named."""
    standing, replaced_by = verdict.standing, verdict.replaced_by
    return {
        "outcome": str(verdict.outcome),
        "authentic": verdict.authentic,
        "reason": f"{verdict.headline}. {verdict.explanation}",
        "next_step": verdict.next_step,
        "reference": verdict.reference or None,
        "kind": verdict.kind_label or None,
        "facts": [{"label": label, "value": value} for label, value in verdict.facts],
        "seal": _seal(verdict.seal) if verdict.seal else None,
        "checked_on": verdict.on.isoformat(),
        "standing": (
            {"state": standing.state, "label": standing.label, "sentence": standing.sentence} if standing else None
        ),
        "replaced_by": (
            {
                "reference": replaced_by.reference,
                "sealed_at": timezone.localtime(replaced_by.sealed_at).isoformat(timespec="seconds"),
            }
            if replaced_by
            else None
        ),
        "cautions": list(verdict.cautions),
    }


def _seal(seal: SealStatement) -> dict[str, Any]:
    moment = timezone.localtime(seal.sealed_at).isoformat(timespec="seconds") if seal.sealed_at else None
    return {
        "holder": seal.holder,
        "sealed_at": moment,
        "level": seal.level or None,
        "meaning": seal.level_sentence or None,
    }
