"""One clock for what several machines must agree on, who holds a work and since when: the database's.

The clock of one machine may be an hour late. Its claims would look an hour old and be taken from it at once, again and
again; the claims of the others would look eternal. The database writes these moments and compares them, by itself.
"""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

# A moment further ahead than this was written before the database's own clock was set back: nobody can tell its age.
AHEAD = timedelta(minutes=2)


def older_than(column: str, delay: timedelta) -> Q:
    """Return the condition « this moment is older than the delay » by the database's clock.

    A moment that lies in the future counts as old: else a clock set back by an hour would stop for an hour whatever it dates.
    """
    return Q(**{f"{column}__lt": Now() - delay}) | Q(**{f"{column}__gt": Now() + AHEAD})
