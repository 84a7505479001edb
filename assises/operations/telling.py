"""Tell a person what became of their registration."""

from assises.models import Registration


def tell(registration: Registration, event: str) -> None:
    """Ask for the message of a step (asked, confirm, wait, offer, accept, expire, refuse, cancel), if the person has an address."""
