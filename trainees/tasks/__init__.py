"""The tasks of trainees: thin, ids only, safe to run twice. Celery looks for them here."""

from trainees.tasks import imports

__all__ = ["imports"]
