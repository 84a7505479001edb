"""Records and what tells of them: each change of state has its move, what everybody signed has moved, counters count rows."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model
from django.utils import timezone
from psycopg import sql

from e2c_portal.kernel.models import Removal, StateMove
from e2c_portal.kernel.triggers import MOVES_MADE
from e2c_portal.signing.models import Envelope, EnvelopeStatus
from e2c_portal.upkeep.consistency.registry import Check, Fault, Scope, asked_at_once, one_after_the_other
from partnerships.models import ConventionAmendment, PartnershipConvention
from trainees.models import AgreementAmendment, InternshipAgreement, SkillTally
from trainees.operations.skill_tally import ANEW
from trainees.reads.broken_rules import RULES

AT_MOST, WAITING_AT_MOST = 200, 5000
# A record moves in the transaction of the last signature; an hour is more than any clock is wrong by.
GRACE = timedelta(hours=1)
SIGNED_BY_ENVELOPE: dict[str, type[Model]] = {
    "convention": PartnershipConvention,
    "convention_amendment": ConventionAmendment,
    "internship_agreement": InternshipAgreement,
    "internship_amendment": AgreementAmendment,
}
STILL_TO_SIGN = ("to_sign",)
MOVES = sql.SQL("""
    SELECT s.id FROM {subject} s
    LEFT JOIN (SELECT {column} AS of_id, count(*) AS n, max(rank) AS last FROM {moves} GROUP BY 1) m ON m.of_id = s.id
    LEFT JOIN {moves} l ON l.{column} = s.id AND l.rank = s.{made}
    WHERE COALESCE(m.n, 0) <> s.{made} OR COALESCE(m.last, 0) <> s.{made} OR (s.{made} > 0 AND l.target IS DISTINCT FROM s.status)
    ORDER BY s.id LIMIT {most}
""")
TALLY = f"""
    WITH anew AS ({ANEW}), told AS (
        SELECT school_id, year::int AS year, skill_id, level_id, measure, sum(number) AS number FROM trainees_skilltally GROUP BY 1, 2, 3, 4, 5)
    SELECT COALESCE(a.school_id, t.school_id), COALESCE(a.year, t.year), COALESCE(a.skill_id, t.skill_id),
        COALESCE(a.measure, t.measure), COALESCE(t.number, 0), COALESCE(a.number, 0)
    FROM anew a FULL JOIN told t ON (a.school_id, a.year, a.skill_id, a.measure) = (t.school_id, t.year, t.skill_id, t.measure)
        AND a.level_id IS NOT DISTINCT FROM t.level_id
    WHERE COALESCE(t.number, 0) <> COALESCE(a.number, 0) ORDER BY 1, 2, 3, 4 LIMIT {AT_MOST}
"""  # noqa: S608  our own constants
# Their rows leave with the people, while the figures of the years stay: fewer rows than the tally says is then no fault.
TALLIED = ("trainees.PlannedSkill", "trainees.AssessedSkill", "trainees.SkillValidation")


def _move_questions() -> list[Callable[[Scope], list[Fault]]]:
    return [lambda scope, pair=pair: _wrong_moves(*pair) for pair in moves_and_subjects()]  # type: ignore[misc]


def moves_and_subjects() -> Iterator[tuple[type[Model], type[Model], str]]:
    """Yield each model of moves with that of its record, and the column between them."""
    for model in apps.get_models():
        if issubclass(model, StateMove):
            for column in model._meta.concrete_fields:
                target = column.related_model
                if isinstance(column, ForeignKey) and isinstance(target, type) and _counts_moves(target):
                    yield model, target, column.column


def _counts_moves(model: type[Model]) -> bool:
    return any(column.name == MOVES_MADE for column in model._meta.concrete_fields)


def _wrong_moves(moves: type[Model], subject: type[Model], column: str) -> list[Fault]:
    question = MOVES.format(
        subject=sql.Identifier(subject._meta.db_table), moves=sql.Identifier(moves._meta.db_table),
        column=sql.Identifier(column), made=sql.Identifier(MOVES_MADE), most=sql.Literal(AT_MOST),
    )  # fmt: skip
    label = subject._meta.label_lower
    with connection.cursor() as cursor:
        cursor.execute(question)
        rows = cursor.fetchall()
    return [
        Fault(
            f"{label}:{pk}",
            f"Les étapes de {_called(subject, f':{pk}')} ne mènent pas à son état, ou n’ont pas leur nombre.",
        )
        for (pk,) in rows
    ]


def _envelope_questions() -> list[Callable[[Scope], list[Fault]]]:
    return [lambda scope, pair=pair: _left_behind(*pair) for pair in SIGNED_BY_ENVELOPE.items()]  # type: ignore[misc]


def _left_behind(kind: str, model: type[Model]) -> list[Fault]:
    """Find the records that still wait for signatures while everybody has signed."""
    prefix = f"{model._meta.label_lower}:"
    waiting = (
        model._base_manager.filter(status__in=STILL_TO_SIGN)
        .order_by("pk")
        .values_list("pk", flat=True)[:WAITING_AT_MOST]
    )
    named = Envelope.objects.filter(kind=kind, subject__in=[f"{prefix}{pk}" for pk in waiting])
    last = named.order_by("subject", "-opened_at", "-pk").distinct("subject")
    limit = timezone.now() - GRACE
    return [
        Fault(
            each.subject,
            f"Tout le monde a signé {_called(model, each.subject)}, et la fiche attend encore des signatures.",
        )
        for each in last
        if each.status == EnvelopeStatus.COMPLETED and each.ended_at and each.ended_at < limit
    ]


def _called(model: type[Model], subject: str) -> str:
    """Return « convention de stage » n° 12."""
    return f"«\N{NO-BREAK SPACE}{model._meta.verbose_name}\N{NO-BREAK SPACE}» n°\N{NO-BREAK SPACE}{subject.rpartition(':')[2]}"


def _wrong_tallies() -> list[Fault]:
    erased = Removal.objects.filter(counts__has_any_keys=TALLIED).exists()
    with connection.cursor() as cursor:
        cursor.execute(TALLY)
        rows = cursor.fetchall()
    measures = dict(SkillTally.Measure.choices)
    return [
        Fault(
            f"decompte:{school}/{year}/{skill}/{measure}",
            f"Décompte « {measures[measure]} » de la compétence n° {skill}, école n° {school}, {year} : {told} au lieu de {anew}.",
        )
        for school, year, skill, measure, told, anew in rows
        if not (erased and told > anew)
    ]


def _rule_questions() -> list[Callable[[Scope], list[Fault]]]:
    return [lambda scope, item=item: _broken(*item) for item in RULES.items()]  # type: ignore[misc]


def _broken(rule: str, question: tuple[str, str]) -> list[Fault]:
    label, asked = question
    model = apps.get_model(label)
    with connection.cursor() as cursor:
        cursor.execute(f"{asked} LIMIT {AT_MOST}")
        rows = cursor.fetchall()
    return [Fault(f"{label}:{pk}", f"Pour {_called(model, f':{pk}')}, il n’est pas vrai que {rule}.") for (pk,) in rows]


CHECKS = (
    Check(
        "moves", "Chaque changement d’état a laissé sa trace",
        "Quelqu’un a écrit dans la base sans passer par le portail. Comparez la fiche et son historique, puis appelez le support.",
        one_after_the_other(_move_questions),
    ),
    Check(
        "signed", "Ce que tout le monde a signé est enregistré comme signé",
        "Ouvrez la fiche, vérifiez l’exemplaire signé, puis appelez le support : la fiche doit avancer sans nouvelle signature.",
        one_after_the_other(_envelope_questions),
    ),
    Check(
        "rules", "Parcours, stages et conventions de stage disent la même chose",
        "Ouvrez la fiche et corrigez ce qui ne va pas ; si le portail le refuse, appelez le support.",
        one_after_the_other(_rule_questions),
    ),
    Check(
        "tallies", "Les décomptes de compétences sont ceux des fiches",
        "Lancez « count_skills_again » hors des heures de travail : il recompte tout depuis les fiches.",
        asked_at_once(_wrong_tallies),
    ),
)  # fmt: skip
