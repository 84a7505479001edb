"""The portal. Importing it loads the Celery app alone, so the foundations stay free of the apps."""

from e2c_portal.celery import app as celery_app

__all__ = ["celery_app"]
