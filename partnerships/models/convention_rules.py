"""What the database itself refuses about the life of a convention: renewals, notices, amended dates, successions."""

import pgtrigger
from django.db import models
from django.db.models import DateField, F, IntegerField, Q
from django.db.models.functions import Cast, Coalesce

from partnerships import workflows
from partnerships.models.terms import NOTICE_MONTHS, MonthsAfter

AMENDED = (
    "amended_ends_on",
    "amended_renewal",
    "amended_renewal_months",
    "amended_renewal_limit",
    "amended_notice_months",
)
NEVER_AMENDED = Q(**dict.fromkeys(AMENDED))
NOTICE_RUNS_OUT_ON = MonthsAfter(Cast("notice_given_on", DateField()), Cast(Coalesce(NOTICE_MONTHS, 0), IntegerField()))


def editable_parent_only(table: str = "partnerships_partnershipconvention") -> pgtrigger.Trigger:
    """Refuse to touch a line of a convention whose text is settled."""
    states = ", ".join(f"'{state}'" for state in workflows.EDITABLE)
    return pgtrigger.Trigger(
        name="text_still_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("settled", "boolean")],
        # Both parents count: a line must not leave a settled convention either (OLD is null for a new line, NEW for a removed one).
        func=f"SELECT bool_or(parents.status NOT IN ({states})) INTO settled FROM "
        f"(SELECT status FROM {table} WHERE id IN (OLD.convention_id, NEW.convention_id) FOR SHARE) AS parents; "
        "IF settled THEN "
        "RAISE EXCEPTION 'Le texte de cette convention est arrêté : revenez à la négociation pour le changer.' "
        "USING ERRCODE = 'restrict_violation'; END IF; "
        "IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;",
    )


RENEWAL_CONSTRAINTS = [
    models.CheckConstraint(
        condition=~Q(renewal="tacit") | Q(notice_months__isnull=False), name="convention_tacit_has_notice",
        violation_error_message="Une reconduction tacite demande un préavis : indiquez-le en mois.",
    ),
    models.CheckConstraint(
        condition=~Q(renewal="tacit") & Q(renewal_months=None, renewal_limit=None)
        | Q(renewal="tacit", renewal_months__isnull=False, renewal_months__range=(1, 120)) & (Q(renewal_limit=None) | Q(renewal_limit__lte=50)),
        name="convention_tacit_has_a_length",
        violation_error_message="Une reconduction tacite dit la durée de chaque reconduction ; les autres n’en ont pas.",
    ),
    models.CheckConstraint(
        condition=NEVER_AMENDED | Q(status__in=workflows.SIGNED_STATES), name="convention_amended_once_signed",
        violation_error_message="Un avenant ne change qu’une convention signée : tant qu’elle ne l’est pas, corrigez "
        "son texte.",
    ),
    models.CheckConstraint(
        condition=~Q(predecessor=F("id")), name="convention_never_its_own_successor",
        violation_error_message="Une convention ne se renouvelle pas elle-même : choisissez celle qu’elle remplace.",
    ),
    models.UniqueConstraint(
        fields=["predecessor"], condition=~Q(status=workflows.SHELVED), name="convention_renewed_once",
        violation_error_message="Cette convention est déjà renouvelée par une autre.",
    ),
    models.CheckConstraint(
        condition=~Q(status=workflows.DENOUNCED) | ~Q(early_end_agreement="") | Q(ended_on__gte=NOTICE_RUNS_OUT_ON),
        name="convention_notice_respected",
        violation_error_message="La convention ne peut pas prendre fin avant le terme du préavis sans accord écrit de l’autre partie.",
    ),
]  # fmt: skip

_LAST = (
    "(SELECT a.{column} FROM partnerships_conventionamendment a WHERE a.convention_id = NEW.id AND a.status = 'signed' "
    "AND a.{present} IS NOT NULL ORDER BY a.number DESC LIMIT 1)"
)
_REPLAYED = {
    "amended_ends_on": _LAST.format(column="new_ends_on", present="new_ends_on"),
    "amended_renewal": _LAST.format(column="new_renewal", present="new_renewal"),
    "amended_renewal_months": _LAST.format(column="new_renewal_months", present="new_renewal"),
    "amended_renewal_limit": _LAST.format(column="new_renewal_limit", present="new_renewal"),
    "amended_notice_months": _LAST.format(column="new_notice_months", present="new_notice_months"),
}

LIFE_TRIGGERS = [
    # The amended dates are what the signed amendments say, replayed in order: nothing else may write them.
    pgtrigger.Trigger(
        name="amended_by_signed_amendments",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(*AMENDED),
        func="IF "
        + " OR ".join(f"NEW.{column} IS DISTINCT FROM {replayed}" for column, replayed in _REPLAYED.items())
        + " THEN RAISE EXCEPTION 'Les dates d’une convention signée ne changent que par un avenant signé.' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="told_who_denounces",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Q(new__status="denounced") & pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
        func="IF NEW.notice_given_on IS NULL OR NEW.notice_given_by = '' THEN "
        "RAISE EXCEPTION 'Indiquez qui dénonce la convention, et le jour où l’autre partie a reçu la lettre.' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    ),
    # A renewal begins the day after the former convention ends: neither gap nor overlap.
    pgtrigger.Trigger(
        name="touches_its_predecessor",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("status"),
        condition=pgtrigger.Q(new__status="signed", new__predecessor__isnull=False)
        & pgtrigger.Q(old__status__df=pgtrigger.F("new__status")),
        declare=[("taken", "daterange"), ("reached", "text")],
        func="SELECT days_taken, status INTO taken, reached FROM partnerships_partnershipconvention "
        "WHERE id = NEW.predecessor_id FOR SHARE; "
        "IF reached NOT IN ('signed', 'denounced', 'archived') OR upper(taken) IS DISTINCT FROM NEW.starts_on THEN "
        "RAISE EXCEPTION 'Un renouvellement prend effet le lendemain de la fin de la convention qu’il renouvelle.' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    ),
]
