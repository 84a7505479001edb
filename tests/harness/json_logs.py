"""What production would write in its logs, while a test lives through something."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings as portal_settings
from django.db import connection
from django.utils.module_loading import import_string

from e2c_portal.kernel.log_masking import MaskedKeys
from e2c_portal.kernel.requests import RequestIdFilter

# Talkative, or muted in production: turned up here, for a secret may slip through any of them.
TURNED_UP = (
    "django",
    "django.request",
    "django.server",
    "django.db.backends",
    "celery",
    "kombu",
    "e2c_portal",
    "pyhanko",
)


@contextmanager
def json_logs(*, turned_up: bool = True) -> Iterator[io.StringIO]:
    """Write every record of the process as production does, JSON and filters included.

    Unless told otherwise every logger is turned up to its last word, SQL statements and their values included; else they
    speak as in production.
    """
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(import_string(portal_settings.LOGGING["formatters"]["json"]["()"])())
    for rule in (RequestIdFilter(), MaskedKeys()):
        handler.addFilter(rule)
    names = TURNED_UP if turned_up else ()
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in names)]
    levels = [(logger, logger.level) for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG if turned_up else logging.INFO)
    logging.getLogger().addHandler(handler)
    debugged, connection.force_debug_cursor = connection.force_debug_cursor, turned_up
    try:
        yield written
    finally:
        connection.force_debug_cursor = debugged
        logging.getLogger().removeHandler(handler)
        for logger, level in levels:
            logger.setLevel(level)
