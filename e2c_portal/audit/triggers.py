"""The trigger by which the database keeps every change: one function, put on each tracked table after each migration.

It sees raw SQL as it sees Django. A transaction that erases (kernel.removing) leaves no value: what it removes is told by its
`Removal`, and what it empties is noted as changed. A change taken back takes its line with it.
"""

from typing import Any

from django.db import connection

from e2c_portal.audit.tracking import Tracked, tracked

FUNCTION = "audit_write_change"
TRIGGER = "audit_change"
# pg_trigger.tgtype: a row trigger, on insertions, removals and changes.
ROW, INSERTS, DELETES, UPDATES = 1, 4, 8, 16

BODY = """
DECLARE
    inner_columns text[] := string_to_array(TG_ARGV[2], ',');
    quiet_columns text[] := string_to_array(TG_ARGV[3], ',');
    apart boolean := TG_ARGV[3] = '*';
    line jsonb;
    old_values jsonb;
    new_values jsonb;
    erasing boolean;
    owner text := '';
BEGIN
    IF TG_OP = 'INSERT' THEN
        line := to_jsonb(NEW);
        IF TG_ARGV[6] = 'copies' THEN
            new_values := line - TG_ARGV[1];
        END IF;
    ELSE
        IF TG_OP = 'UPDATE' AND OLD IS NOT DISTINCT FROM NEW THEN
            RETURN NULL;
        END IF;
        erasing := EXISTS (SELECT FROM public.kernel_removal r WHERE r.transaction = txid_current());
        line := to_jsonb(OLD);
        IF TG_OP = 'DELETE' THEN
            IF erasing THEN
                RETURN NULL;
            END IF;
            IF NOT apart THEN
                old_values := jsonb_strip_nulls(line - inner_columns - quiet_columns - TG_ARGV[1]);
            END IF;
        ELSE
            SELECT
                jsonb_object_agg(o.key, CASE WHEN erasing OR o.key = ANY (quiet_columns) THEN 'null' ELSE o.value END),
                jsonb_object_agg(o.key, CASE WHEN erasing OR o.key = ANY (quiet_columns) THEN 'null' ELSE n.value END)
            INTO old_values, new_values
            FROM jsonb_each(line) o JOIN jsonb_each(to_jsonb(NEW)) n ON n.key = o.key
            WHERE o.value IS DISTINCT FROM n.value AND NOT o.key = ANY (inner_columns);
            IF old_values IS NULL THEN
                RETURN NULL;
            END IF;
            IF apart THEN
                old_values := '{}';
                new_values := '{}';
            END IF;
        END IF;
    END IF;
    IF TG_ARGV[4] <> '' THEN
        owner := COALESCE(line ->> TG_ARGV[4], '');
        IF TG_ARGV[5] <> '' AND owner <> '' THEN
            owner := TG_ARGV[5] || ':' || owner;
        END IF;
    END IF;
    INSERT INTO public.audit_change
        (subject, parent, operation, at, actor_id, link, source, request_id, reason, transaction, before, after)
    VALUES (
        TG_ARGV[0] || ':' || (line ->> TG_ARGV[1]), owner, lower(left(TG_OP, 1)), clock_timestamp(),
        NULLIF(current_setting('portal.actor', true), '')::bigint, NULLIF(current_setting('portal.link', true), '')::bigint,
        COALESCE(current_setting('portal.source', true), ''), COALESCE(current_setting('portal.request', true), ''),
        COALESCE(current_setting('portal.reason', true), ''), txid_current(), old_values, new_values
    );
    RETURN NULL;
END;
"""
WRITE_FUNCTION = (
    f"CREATE OR REPLACE FUNCTION public.{FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $change${BODY}$change$"
)
INSTALLED = """
SELECT c.relname, t.tgargs, t.tgtype FROM pg_class c
LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = %s
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
"""


def install(**given: Any) -> list[str]:
    """Put the trigger on each tracked table that has it not, or not as it is declared. Returns those tables.

    Called after every migration (`plan` is then given; emptying the tables of a test changes no trigger, and gives none).
    """
    if "plan" not in given:
        return []
    with connection.cursor() as cursor:
        there = _installed(cursor)
        if "audit_change" not in there:
            return []
        _write_function(cursor)
        wanted = [line for line in tracked() if line.table in there and there[line.table] != _as_installed(line)]
        for line in wanted:
            cursor.execute(_statement(line))
    return [line.table for line in wanted]


def installed_as_declared() -> dict[str, bool]:
    """Return, for each tracked table, whether it has its trigger as it is declared; False for a table left out that has one."""
    with connection.cursor() as cursor:
        there = _installed(cursor)
    wanted = {line.table: _as_installed(line) for line in tracked()}
    said = {table: there.get(table) == expected for table, expected in wanted.items()}
    return said | {table: False for table, found in there.items() if found is not None and table not in wanted}


def _installed(cursor: Any) -> dict[str, tuple[bytes, int] | None]:
    cursor.execute(INSTALLED, [TRIGGER])
    return {
        table: None if arguments is None else (bytes(arguments), kind) for table, arguments, kind in cursor.fetchall()
    }


def _as_installed(line: Tracked) -> tuple[bytes, int]:
    arguments = b"".join(argument.encode() + b"\0" for argument in line.arguments)
    return arguments, ROW | UPDATES | DELETES | (INSERTS if line.inserts else 0)


def _write_function(cursor: Any) -> None:
    cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [FUNCTION])
    if [source for (source,) in cursor.fetchall()] != [BODY]:
        cursor.execute(WRITE_FUNCTION)


def _statement(line: Tracked) -> str:
    """Return the statement that gives a table its trigger: made of the names of our own tables, never of input."""
    events = "INSERT OR UPDATE OR DELETE" if line.inserts else "UPDATE OR DELETE"
    arguments = ", ".join(f"'{argument}'" for argument in line.arguments)
    table = connection.ops.quote_name(line.table)
    return (
        f"CREATE OR REPLACE TRIGGER {TRIGGER} AFTER {events} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION public.{FUNCTION}({arguments})"
    )
