"""The tasks of trainees, one file a part: thin, ids only, safe to run twice. Celery looks for them here."""

from trainees.tasks import accidents, doubles, imports

__all__ = ["accidents", "doubles", "imports"]
