"""What the Région keeps here for the network: who sends young people, and the legal limits."""

from trainees.admin import limits, prescribers

__all__ = ["limits", "prescribers"]
