"""The tasks of trainees, one file a part: thin, ids only, safe to run twice."""

from trainees.tasks import accidents  # noqa: F401  Celery finds the tasks of an app in its module « tasks »
