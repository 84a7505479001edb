"""What the portal refuses when it starts: a network of the supervision that is none would break its page at each scrape."""

from collections.abc import Sequence
from ipaddress import ip_network

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def networks_are_networks(app_configs: Sequence[AppConfig] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse what METRICS_NETWORKS holds and that is no network."""
    return [
        Error(
            f"METRICS_NETWORKS : « {network} » n’est pas un réseau.",
            hint="Écrivez-le avec son masque, par exemple 10.0.0.0/8 ou 192.0.2.7/32.", id="upkeep.E001",
        )
        for network in settings.METRICS_NETWORKS
        if not _is_network(network)
    ]  # fmt: skip


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
