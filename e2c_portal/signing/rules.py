"""Rules on signatures that the database holds for the records of upper floors."""

import pgtrigger


def signed_by_all(kind: str, label: str, column: str = "status") -> pgtrigger.Trigger:
    """Refuse that a record put to signature become signed before everybody signed its document and the seal closed it.

    `kind` is the kind of document, `label` the record as documents name it ("app.model"). The states are « to_sign » and
    « signed ».
    """
    return pgtrigger.Trigger(
        name="signed_by_all",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(column),
        condition=pgtrigger.Q(**{f"new__{column}": "signed", f"old__{column}": "to_sign"}),
        func="IF COALESCE((SELECT e.status FROM signing_envelope e "
        f"WHERE e.kind = '{kind}' AND e.subject = '{label}:' || NEW.id "
        "ORDER BY e.opened_at DESC, e.id DESC LIMIT 1), '') <> 'completed' THEN "
        "RAISE EXCEPTION 'Toutes les personnes n’ont pas encore signé le document scellé.' "
        "USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW;",
    )
