"""Django's `migrate`, in half the time (kernel.migrating.options_in_place)."""

from typing import Any

from django.core.management.commands import migrate

from e2c_portal.kernel.migrating import options_in_place


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with options_in_place():
            super().handle(*args, **options)
