"""How gunicorn serves the pages, wherever it does: `gunicorn --config=python:e2c_portal.settings.gunicorn`.

The portal is loaded once, before the processes that serve it part: they share that memory, and no collection walks it again.

Gunicorn's own access lines print addresses with what was typed in them and know no request id: they stay off, and the portal
writes a line of its own for each request (upkeep.metrics_requests).
"""

import gc

from django.urls import reverse

accesslog = None
preload_app = True


def when_ready(server: object) -> None:
    """Load what the first page would, and keep all that was loaded out of every collection: it stays as long as the process."""
    reverse("home")
    gc.collect()
    gc.freeze()


logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "e2c_portal.kernel.json_lines.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["console"]},
    "loggers": {
        name: {"level": "INFO", "handlers": [], "propagate": True} for name in ("gunicorn.error", "gunicorn.access")
    },
}
