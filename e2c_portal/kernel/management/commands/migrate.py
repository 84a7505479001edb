"""Django's `migrate`; the first one of a database takes half the time (kernel.migrating.options_in_place)."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from e2c_portal.kernel.migrating import options_in_place


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # An upgrade applies a few migrations to what people wrote: nothing of Django is changed for it.
        if MigrationRecorder(connections[options["database"]]).applied_migrations():
            super().handle(*args, **options)
            return
        with options_in_place():
            super().handle(*args, **options)
