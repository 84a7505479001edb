"""The portal remembers when it was last saved whole: its supervision is told, and a silence is seen."""

from datetime import datetime

from django.db.models.functions import Now

from e2c_portal.upkeep.models import Pulse

WATCHER = "sauvegarde"


def note_made() -> None:
    """Note that a backup has just been made, and lacks nothing."""
    Pulse.objects.update_or_create(watcher=WATCHER, defaults={"at": Now()})


def last_made() -> datetime | None:
    """Return when the last whole backup was made, None when none ever was."""
    return Pulse.objects.filter(watcher=WATCHER).values_list("at", flat=True).first()
