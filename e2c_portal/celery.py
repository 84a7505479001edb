"""The Celery application: every setting comes from Django's, under the CELERY_ prefix."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "e2c_portal.settings.dev")

app = Celery("e2c_portal", task_cls="e2c_portal.kernel.task_calls:PortalTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**kwargs):
    """Stop Celery from replacing the handlers: one log format for web, worker and beat."""
