"""What the triggers and the foreign keys would have said of the crowd: each question counts the rows that break a rule."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey
from psycopg import sql

from trainees.management.crowd.loading import BASE, TABLES
from trainees.reads.broken_rules import RULES as EVERYWHERE

RULES = {
    "chaque parcours a autant d’étapes que de changements d’état": "SELECT count(*) FROM trainees_pathway p LEFT JOIN (SELECT pathway_id, count(*) AS n, max(rank) AS last FROM trainees_pathwaymove GROUP BY 1) m ON m.pathway_id = p.id WHERE COALESCE(m.n, 0) <> p.moves_made OR COALESCE(m.last, 0) <> p.moves_made",
    "la dernière étape d’un parcours est son état": "SELECT count(*) FROM trainees_pathway p JOIN trainees_pathwaymove m ON m.pathway_id = p.id AND m.rank = p.moves_made WHERE m.target <> p.status",
    "les étapes d’un parcours se suivent": "SELECT count(*) FROM trainees_pathwaymove m JOIN trainees_pathwaymove b ON b.pathway_id = m.pathway_id AND b.rank = m.rank - 1 WHERE b.target <> m.origin",
    "un parcours confirmé a son contrat": "SELECT count(*) FROM trainees_pathway p WHERE p.status IN ('running', 'completed', 'abandoned', 'interrupted') AND NOT EXISTS (SELECT 1 FROM trainees_trainingcontract c WHERE c.pathway_id = p.id) AND p.id > %(base)s",
    "chaque stage a autant d’étapes que de changements d’état": "SELECT count(*) FROM trainees_internship i LEFT JOIN (SELECT internship_id, count(*) AS n FROM trainees_internshipmove GROUP BY 1) m ON m.internship_id = i.id WHERE COALESCE(m.n, 0) <> i.moves_made",
    "la dernière étape d’un stage est son état": "SELECT count(*) FROM trainees_internship i JOIN trainees_internshipmove m ON m.internship_id = i.id AND m.rank = i.moves_made WHERE m.target <> i.status",
    "chaque convention de stage a autant d’étapes que de changements d’état": "SELECT count(*) FROM trainees_internshipagreement a LEFT JOIN (SELECT agreement_id, count(*) AS n FROM trainees_agreementmove GROUP BY 1) m ON m.agreement_id = a.id WHERE COALESCE(m.n, 0) <> a.moves_made",
    "une convention de stage signée a une enveloppe complète": "SELECT count(*) FROM trainees_internshipagreement a LEFT JOIN signing_envelope e ON e.kind = 'internship_agreement' AND e.subject = 'trainees.internshipagreement:' || a.id AND e.status = 'completed' WHERE a.status = 'signed' AND e.id IS NULL AND a.id > %(base)s",
    "les minutes d’un stage sont la somme de ses jours": "SELECT count(*) FROM (SELECT i.id FROM trainees_internship i JOIN trainees_scheduleday d ON d.internship_id = i.id WHERE i.id > %(base)s AND d.place = 'company' GROUP BY i.id, i.company_minutes HAVING i.company_minutes <> sum(extract(epoch FROM d.ends_at - d.starts_at - COALESCE(d.break_ends_at - d.break_starts_at, interval '0')) / 60)) x",
    "un mineur à l’entrée a un représentant légal": "SELECT count(*) FROM trainees_pathway p JOIN trainees_trainee t ON t.id = p.trainee_id WHERE p.id > %(base)s AND age(p.entered_on, t.birth_date) < interval '18 years' AND NOT EXISTS (SELECT 1 FROM trainees_legalrepresentative r WHERE r.trainee_id = t.id)",
    "une sortie pour chaque parcours terminé": "SELECT count(*) FROM trainees_pathway p WHERE p.id > %(base)s AND (p.ended_on IS NOT NULL) <> EXISTS (SELECT 1 FROM trainees_exit x WHERE x.pathway_id = p.id)",
}  # fmt: skip


def broken() -> Iterator[tuple[str, int]]:
    """Yield each rule that some rows break, with how many, the foreign keys of every table of the crowd included."""
    with connection.cursor() as cursor:
        counted = {rule: f"SELECT count(*) FROM ({question}) rows" for rule, (_, question) in EVERYWHERE.items()}  # noqa: S608  our own
        for rule, question in (RULES | counted).items():
            cursor.execute(question, {"base": BASE})
            if count := cursor.fetchone()[0]:
                yield rule, count
        for table, column, target, key in _foreign_keys():
            names = {
                "t": sql.Identifier(table),
                "c": sql.Identifier(column),
                "r": sql.Identifier(target),
                "k": sql.Identifier(key),
            }
            cursor.execute(
                sql.SQL(
                    "SELECT count(*) FROM {t} a WHERE a.{c} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {r} b WHERE b.{k} = a.{c})"
                ).format(**names)
            )
            if count := cursor.fetchone()[0]:
                yield f"{table}.{column} mène à une ligne de {target}", count


def _foreign_keys() -> Iterator[tuple[str, str, str, str]]:
    for model in apps.get_models():
        if model._meta.db_table in TABLES:
            for field in model._meta.concrete_fields:
                if isinstance(field, ForeignKey):
                    target = field.target_field
                    yield model._meta.db_table, field.column, target.model._meta.db_table, target.column
