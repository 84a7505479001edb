"""What a record is about to change, in the words of the interface."""

from django.db.models import Model


def changed_fields(row: Model) -> list[str]:
    """Return the French names of the columns that differ from what is saved, savings not counted. Empty for a new record."""
    if row._state.adding:
        return []
    saved = type(row)._default_manager.get(pk=row.pk)
    columns = [column for column in row._meta.concrete_fields if not column.generated and column.name != "revision"]
    return [str(c.verbose_name) for c in columns if getattr(saved, c.attname) != getattr(row, c.attname)]
