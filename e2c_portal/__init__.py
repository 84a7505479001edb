"""The portal. Importing it loads the Celery app alone, so the foundations stay free of the apps."""

import gc

# Every program of the portal begins here. What is loaded stays to the end, and a page or a document makes tens of thousands
# of objects that hold no cycle: looking for one every 700 objects, Python's habit, takes a sixth of starting and four
# percent of a page.
gc.set_threshold(20_000, 20, 20)

from e2c_portal.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
