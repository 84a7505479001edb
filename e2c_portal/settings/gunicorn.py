"""How gunicorn writes its logs: as everything else does. Used by `gunicorn --config=python:e2c_portal.settings.gunicorn`.

Gunicorn's own access lines print addresses with what was typed in them and know no request id: they stay off, and the portal
writes a line of its own for each request (upkeep.metrics_requests).
"""

accesslog = None
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
