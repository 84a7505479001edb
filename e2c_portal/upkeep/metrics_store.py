"""What is counted while the portal works, shared by the processes of one machine.

Several gunicorn workers answer for one portal: each writes its counters in files of METRICS_DIR (metrics_folder), and a scrape
adds them up. Without a folder (tests) one process counts for itself.
"""

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

COUNTED = CollectorRegistry()
# From a page out of the cache to one that everybody complains of; few steps, for each is a line a view at every scrape.
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

requests = Counter(
    "portail_requests",
    "Demandes servies, par nom de page (jamais d’adresse), méthode et réponse.",
    ("view", "method", "status"),
    registry=COUNTED,
)
durations = Histogram(
    "portail_request_seconds", "Durée des demandes, par nom de page.", ("view",), buckets=SECONDS, registry=COUNTED
)
refusals = Counter(
    "portail_signin_refusals",
    "Connexions refusées, par moyen (mot de passe, code, seconde étape).",
    ("way",),
    registry=COUNTED,
)


def counted() -> CollectorRegistry:
    """Return what every process of this machine has counted since it started."""
    if not settings.METRICS_DIR:
        return COUNTED
    whole = CollectorRegistry()
    MultiProcessCollector(whole, path=str(settings.METRICS_DIR))
    return whole
