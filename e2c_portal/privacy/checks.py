"""What would go wrong in silence is said when the portal starts."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from e2c_portal.kernel import retention


@register()
def durations_are_those_of_a_rule(**_: Any) -> list[CheckMessage]:
    """A duration set for a model that waits for none would be ignored without a word."""
    return [
        Error(f"RETENTION_DAYS nomme {name}, qui n’attend aucune durée : corrigez le nom.", id="privacy.E001")
        for name in retention.unknown_settings()
    ]
