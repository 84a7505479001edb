"""What vouches for the rest: the chain of evidence and its roots, the jobs that wait, personal links, the register of erasures."""

from datetime import datetime, time, timedelta

from django.apps import apps
from django.db import connection
from django.db.models import CharField, Func, Value
from django.utils import timezone
from psycopg import sql

from e2c_portal.kernel.models import Job, Removal
from e2c_portal.links.models import PersonalLink
from e2c_portal.privacy.people import all_kinds
from e2c_portal.signing.chain_check import faults_between
from e2c_portal.signing.models import ChainRoot, Evidence
from e2c_portal.signing.roots import wrong_roots
from e2c_portal.upkeep.backup.ledger import keep_all, keep_waiting, note_of
from e2c_portal.upkeep.consistency.registry import NIGHTS, Check, Fault, Scope, Step, asked_at_once
from e2c_portal.upkeep.models import ErasureToNote

LINKS_AT_ONCE = 300
# The links of the last days are read each night, besides the night's share of all the others.
FRESH = timedelta(days=2)
LATE = timedelta(minutes=15)
AT_MOST, ERASURES_AT_ONCE = 200, 200
NOTED_FOR = timedelta(days=30)
ROOT_BY = 4
UNBOUND = """
    SELECT l.id FROM links_personallink l WHERE split_part(l.subject, ':', 1) = {label} AND l.revoked_at IS NULL
    AND l.replaced_by_id IS NULL AND (l.expires_at IS NULL OR l.expires_at > now())
    AND NOT EXISTS (SELECT 1 FROM {table} r WHERE r.{key}::text = split_part(l.subject, ':', 2)) ORDER BY l.id LIMIT {most}
"""


def _look_at_chain(scope: Scope) -> Step:
    """Read tonight's share of the chain and its last days, a few hundred links a step; all of it while something is wrong."""
    last = Evidence.objects.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    if not last:
        return Step()
    size = -(-last // NIGHTS)
    if scope.again:
        spans = [(1, last)]
    else:
        fresh = (
            Evidence.objects.filter(at__gte=timezone.now() - FRESH)
            .order_by("sequence")
            .values_list("sequence", flat=True)
        )
        spans = [(scope.share * size + 1, min((scope.share + 1) * size, last)), (fresh.first() or last, last)]
    index, _, reached = scope.after.partition(":") if scope.after else ("0", "", "")
    first, end = spans[int(index)]
    first = int(reached) + 1 if reached else first
    stop = min(first + LINKS_AT_ONCE - 1, end)
    found = [
        Fault(f"{fault.table}:{fault.number}", f"Chaîne de preuve, {fault}"[:400])
        for fault in faults_between(first, stop)
    ]
    if stop < end:
        return Step(found, f"{index}:{stop}")
    return Step(found, f"{int(index) + 1}:" if int(index) + 1 < len(spans) else None)


def _wrong_roots() -> list[Fault]:
    faults = [
        Fault(f"signing.chainroot:{root.day}", f"Racine du {root.day:%d/%m/%Y} : {sentence}")
        for root, sentence in wrong_roots()
    ]
    now = timezone.localtime()
    midnight = timezone.make_aware(datetime.combine(now.date(), time.min))
    yesterday = now.date() - timedelta(days=1)
    written = Evidence.objects.filter(at__lt=midnight).exists()
    if now.hour >= ROOT_BY and written and not ChainRoot.objects.filter(day=yesterday).exists():
        faults.append(Fault(f"signing.chainroot:{yesterday}", f"La racine du {yesterday:%d/%m/%Y} n’a pas été notée."))
    return faults


def _late_jobs() -> list[Fault]:
    late = Job.objects.filter(published_at=None, created_at__lt=timezone.now() - LATE).order_by("pk")
    return [
        Fault(f"kernel.job:{job.pk}", f"Le travail « {job.task} » attend depuis plus d’un quart d’heure.")
        for job in late[:AT_MOST]
    ]


def _unbound_links(scope: Scope) -> Step:
    """Find the links still alive that lead to no record, one kind of record a step."""
    labels = sorted(
        set(
            PersonalLink.objects.order_by()
            .annotate(label=Func("subject", Value(":"), Value(1), function="split_part", output_field=CharField()))
            .values_list("label", flat=True)
            .distinct()
        )
    )
    label = next((name for name in labels if name > scope.after), None)
    if label is None:
        return Step()
    return Step(_unbound(label), label if label != labels[-1] else None)


def _unbound(label: str) -> list[Fault]:
    try:
        meta = apps.get_model(label)._meta
    except (LookupError, ValueError):
        numbers = list(
            PersonalLink.objects.filter(subject__startswith=f"{label}:", revoked_at=None).values_list("pk", flat=True)[
                :AT_MOST
            ]
        )
    else:
        question = sql.SQL(UNBOUND).format(
            label=sql.Literal(label), table=sql.Identifier(meta.db_table), key=sql.Identifier(str(meta.pk.column)),
            most=sql.Literal(AT_MOST),
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(question)
            numbers = [pk for (pk,) in cursor.fetchall()]
    return [
        Fault(f"links.personallink:{pk}", f"Le lien personnel n°\N{NO-BREAK SPACE}{pk} ne mène plus à aucune fiche.")
        for pk in numbers
    ]


def _unnoted_erasures(scope: Scope) -> Step:
    """Note the erasures whose note waits, then those of one person that the storage lost; say which still are not."""
    if not scope.after:
        keep_waiting()
        waiting = ErasureToNote.objects.filter(removal__at__lt=timezone.now() - LATE).order_by("pk")
        return Step([_unnoted(pk) for pk in waiting.values_list("pk", flat=True)[:AT_MOST]], "0")
    labels = tuple(f"{kind.model_class._meta.label_lower}:" for kind in all_kinds())
    acts = Removal.objects.filter(at__gte=timezone.now() - NOTED_FOR, pk__gt=int(scope.after)).exclude(subject="")
    read = list(acts.order_by("pk")[:ERASURES_AT_ONCE])
    people = [act for act in read if act.subject.startswith(labels)]
    faults = [_unnoted(act.pk) for act in people if not keep_all([note_of(act, [act.subject])])]
    return Step(faults, str(read[-1].pk) if len(read) == ERASURES_AT_ONCE else None)


def _unnoted(number: int) -> Fault:
    return Fault(
        f"kernel.removal:{number}", f"L’effacement n°\N{NO-BREAK SPACE}{number} n’est pas noté hors de la base."
    )


CHECKS = (
    Check(
        "chain", f"La chaîne de preuve des signatures est intacte (toute relue en {NIGHTS} nuits)",
        "Ne signez plus rien de nouveau et appelez le support : une ligne signée a changé. Une sauvegarde dit ce qu’elle était.",
        _look_at_chain,
    ),
    Check(
        "roots", "Chaque jour de la chaîne de preuve a sa racine",
        "Vérifiez que le planificateur tourne ; une racine contredite se montre au support avant toute autre action.",
        asked_at_once(_wrong_roots),
    ),
    Check(
        "jobs", "Aucun travail n’attend plus d’un quart d’heure",
        "Vérifiez la file d’attente (Redis ou Valkey) et le surveillant : ils repartent d’eux-mêmes quand elle répond.",
        asked_at_once(_late_jobs),
    ),
    Check(
        "links", "Chaque lien personnel valable mène à une fiche",
        "Révoquez ce lien depuis la gestion, ou attendez son terme : il n’ouvre rien.",
        _unbound_links,
    ),
    Check(
        "erasures", "Chaque effacement de personne est noté hors de la base",
        "Vérifiez que le stockage des documents accepte l’écriture : la note se fait d’elle-même au contrôle suivant.",
        _unnoted_erasures,
    ),
)  # fmt: skip
