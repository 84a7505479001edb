"""Is an exit positive? One pure rule over a dated threshold (domain dossier, sections 0.8 and 1.6: no single official one)."""

from decimal import Decimal

POSITIVE_BY_NATURE = frozenset({"qualifying_training", "work_study", "initial_training"})
JOB, OPEN_ENDED = "job", "cdi"
# Their length decides; a subsidised contract without a stated length is not counted as positive.
OF_A_LENGTH = frozenset({"cdd", "interim", "subsidised"})


def is_positive(category: str, contract: str, contract_days: int | None, threshold: Decimal) -> bool:
    """Say whether an exit counts as positive. `contract_days` and `threshold` are in days; a contract is strictly longer.

    Qualifying training, work-study, a return to initial training and a CDI always count; another contract counts beyond
    the threshold of the day (LegalParameter positive_contract_days); civic service and no solution never do.
    """
    if category in POSITIVE_BY_NATURE:
        return True
    if category != JOB:
        return False
    return contract == OPEN_ENDED or (contract in OF_A_LENGTH and (contract_days or 0) > threshold)


def rule_in_words(threshold: str, source: str) -> str:
    """Return the rule as it is printed beside every figure it decides. `threshold` is « 90 jours »."""
    return (
        "Sont positives : une formation qualifiante, une alternance, un retour en formation initiale, un CDI, et tout autre "
        f"contrat de travail de plus de {threshold} ({source})."
    )
