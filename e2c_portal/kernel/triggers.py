"""Rules that the database itself holds, written once and declared beside the models through pgtrigger."""

import pgtrigger
from pgtrigger import F, Q

# The column of a record that counts its changes of state, and gives each of its moves a rank.
MOVES_MADE = "moves_made"


def immutable(name: str = "immutable") -> pgtrigger.Trigger:
    """Refuse any change or removal of a row once it is written."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="RAISE EXCEPTION 'Ligne inaltérable de % : elle ne peut être ni changée ni supprimée.', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation';",
    )


def never_deleted(name: str = "never_deleted") -> pgtrigger.Trigger:
    """Refuse the removal of a row that leaves a legal trace."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func="RAISE EXCEPTION 'Suppression refusée dans % : cette ligne garde une trace juridique.', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation';",
    )


def starts_in(initial: str, column: str = "status") -> pgtrigger.Trigger:
    """Refuse a new row in any state but the first of its workflow."""
    return pgtrigger.Trigger(
        name=f"{column}_starts",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        condition=~Q(**{f"new__{column}": initial}),
        func=f"RAISE EXCEPTION 'État initial interdit dans % : %', TG_TABLE_NAME, NEW.{column} "
        "USING ERRCODE = 'check_violation';",
    )


def follows(pairs: list[tuple[str, str]], column: str = "status") -> pgtrigger.Trigger:
    """Refuse a change of state that is not among the pairs (origin, target) of the workflow's table."""
    listed = ", ".join(f"('{origin}', '{target}')" for origin, target in pairs)
    return pgtrigger.Trigger(
        name=f"{column}_follows",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(column),
        condition=Q(**{f"old__{column}__df": F(f"new__{column}")}),
        func=f"IF (OLD.{column}::text, NEW.{column}::text) NOT IN ({listed}) THEN "
        f"RAISE EXCEPTION 'Passage interdit dans % : de % à %', TG_TABLE_NAME, OLD.{column}, NEW.{column} "
        "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;",
    )


def frozen_columns(*columns: str, when_sql: str = "TRUE", name: str = "frozen_columns") -> pgtrigger.Trigger:
    """Refuse a change of these columns while `when_sql` (about OLD) holds."""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=f"IF ({when_sql}) AND ({changed}) THEN "
        "RAISE EXCEPTION 'Données figées dans % : elles ne peuvent plus changer.', TG_TABLE_NAME "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    )


def leaves_a_move(table: str, subject_column: str, column: str = "status") -> pgtrigger.Trigger:
    """Refuse, at commit, a change of state that left no row in its table of moves in the same transaction.

    Goes with `counts_its_moves` on the same table, and `follows_a_change` on that of the moves.
    """
    return pgtrigger.Trigger(
        name=f"{column}_leaves_a_move",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf(column),
        timing=pgtrigger.Deferred,
        condition=Q(**{f"old__{column}__df": F(f"new__{column}")}),
        func=f"IF NOT EXISTS (SELECT 1 FROM {table} m WHERE m.{subject_column} = NEW.id "
        f"AND m.rank = NEW.{MOVES_MADE} AND m.origin = OLD.{column} AND m.target = NEW.{column} "
        "AND m.transaction = txid_current()) THEN "
        f"RAISE EXCEPTION 'Changement d’état sans trace dans % : de % à %', TG_TABLE_NAME, OLD.{column}, NEW.{column} "
        "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;",
    )


def counts_its_moves(column: str = "status") -> pgtrigger.Trigger:
    """Count the changes of state of a record in its column `moves_made`, which nothing else can write."""
    return pgtrigger.Trigger(
        name=f"{column}_counts_its_moves",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"IF TG_OP = 'INSERT' THEN NEW.{MOVES_MADE} := 0; "
        f"ELSE NEW.{MOVES_MADE} := OLD.{MOVES_MADE} + (OLD.{column} IS DISTINCT FROM NEW.{column})::integer; END IF; "
        "RETURN NEW;",
    )


def follows_a_change(moves: str, subject: str, subject_column: str, column: str = "status") -> pgtrigger.Trigger:
    """Refuse a move that follows no change of state: each change gives its record one rank, and one move may take it.

    `moves` and `subject` are the tables of the moves and of their record. The origin is checked at commit, by `leaves_a_move`.
    """
    return pgtrigger.Trigger(
        name="follows_a_change",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("made", "integer"), ("reached", "text")],
        func=f"SELECT s.{MOVES_MADE}, s.{column} INTO made, reached FROM {subject} s WHERE s.id = NEW.{subject_column}; "
        "IF made = 0 OR NEW.target IS DISTINCT FROM reached "
        f"OR EXISTS (SELECT 1 FROM {moves} m WHERE m.{subject_column} = NEW.{subject_column} AND m.rank = made) THEN "
        "RAISE EXCEPTION 'Étape sans changement d’état dans % : de % à %', TG_TABLE_NAME, NEW.origin, NEW.target "
        "USING ERRCODE = 'check_violation'; END IF; "
        "NEW.rank := made; NEW.transaction := txid_current(); RETURN NEW;",
    )
