"""The tasks of the Assises, one file a part: thin, ids only, safe to run twice. Celery looks for them here."""

from assises.tasks import after, registering

__all__ = ["after", "registering"]
