"""Where the processes of one machine put their counters together, told to the library before it is loaded."""

import os
from pathlib import Path

from django.conf import settings

# The library chooses how it counts when it is imported, by this variable alone.
LIBRARY_READS = "PROMETHEUS_MULTIPROC_DIR"


def prepare() -> None:
    """Make the folder of METRICS_DIR and name it; nothing without it."""
    if settings.METRICS_DIR:
        Path(settings.METRICS_DIR).mkdir(parents=True, exist_ok=True)
        os.environ[LIBRARY_READS] = str(settings.METRICS_DIR)
