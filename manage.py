#!/usr/bin/env python
"""Run a Django command: `python manage.py COMMAND`."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e2c_portal.settings.dev")
    execute_from_command_line(sys.argv)
