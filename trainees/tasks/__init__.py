"""The tasks of trainees, one file a part: thin, ids only, safe to run twice. Celery looks for them here."""

from trainees.tasks import accidents, assessments, doubles, imports, trainee_answers

__all__ = ["accidents", "assessments", "doubles", "imports", "trainee_answers"]
