"""What the database holds of a merge of two companies: for good, nothing left behind, printed names kept."""

from collections.abc import Iterable

import pgtrigger

COMPANIES = "partnerships_company"
# What belongs to a company, in the words of its own tables.
BELONGINGS = (
    "partnerships_establishment", "partnerships_companycontact", "partnerships_partnershipconvention",
    "partnerships_companyexchange",
)  # fmt: skip

MERGED_FOR_GOOD = pgtrigger.Trigger(
    name="merged_for_good",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    # The record it joins is locked: it cannot be merged away at the same instant.
    declare=[("elsewhere", "bigint")],
    func="IF OLD.merged_into_id IS NOT NULL THEN "
    "RAISE EXCEPTION 'Cette fiche a été réunie à une autre : elle ne change plus.' USING ERRCODE = 'restrict_violation'; END IF; "
    "IF OLD.merged_into_id IS NULL AND NEW.merged_into_id IS NOT NULL THEN "
    f"SELECT merged_into_id INTO elsewhere FROM {COMPANIES} WHERE id = NEW.merged_into_id FOR SHARE; "
    "IF elsewhere IS NOT NULL THEN "
    "RAISE EXCEPTION 'La fiche choisie a elle-même été réunie à une autre.' USING ERRCODE = 'restrict_violation'; END IF; "
    "END IF; RETURN NEW;",
)
_left_behind = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE company_id = NEW.id)" for table in BELONGINGS)
EMPTIED = pgtrigger.Trigger(
    name="merged_leaves_nothing",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("merged_into_id"),
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(new__merged_into__isnull=False),
    func=f"IF {_left_behind} THEN "
    "RAISE EXCEPTION 'Une fiche réunie à une autre ne garde ni convention, ni établissement, ni contact.' "
    "USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL;",
)


def of_a_living_company() -> pgtrigger.Trigger:
    """Refuse to attach a row to a company merged into another; a merge under way is waited for."""
    return pgtrigger.Trigger(
        name="company_lives",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("company_id"),
        declare=[("elsewhere", "bigint")],
        func=f"SELECT merged_into_id INTO elsewhere FROM {COMPANIES} WHERE id = NEW.company_id FOR SHARE; "
        "IF elsewhere IS NOT NULL THEN "
        "RAISE EXCEPTION 'Cette entreprise a été réunie à une autre fiche : choisissez celle-ci.' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    )


def company_settled(editable: Iterable[str]) -> pgtrigger.Trigger:
    """Refuse to change the company of a settled convention, or the name it prints.

    One change is let through, because it changes nothing of what was signed: the company's record was merged into the new
    one, and the convention goes on printing the name it printed.
    """
    states = ", ".join(f"'{state}'" for state in editable)
    return pgtrigger.Trigger(
        name="company_settled",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"IF OLD.status NOT IN ({states}) AND (OLD.company_id, OLD.printed_company_name) IS DISTINCT FROM "
        "(NEW.company_id, NEW.printed_company_name) AND NOT EXISTS ("
        f"SELECT 1 FROM {COMPANIES} c WHERE c.id = OLD.company_id AND c.merged_into_id = NEW.company_id "
        "AND NEW.printed_company_name = COALESCE(NULLIF(OLD.printed_company_name, ''), c.legal_name)) THEN "
        "RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    )
