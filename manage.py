#!/usr/bin/env python
"""Run a Django command: `python manage.py COMMAND`."""

import os
import sys
import uuid

from django.core.management import execute_from_command_line

from e2c_portal.kernel.acting import acting
from e2c_portal.kernel.requests import request_id_set
from e2c_portal.kernel.stack_room import with_room


def main(arguments: list[str]) -> None:
    """Run a command. What it changes is kept under its name and one id (e2c_portal.audit)."""
    with acting(source=f"commande {' '.join(arguments[1:2])}".strip()), request_id_set(uuid.uuid4().hex):
        with_room(execute_from_command_line, arguments)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e2c_portal.settings.dev")
    main(sys.argv)
