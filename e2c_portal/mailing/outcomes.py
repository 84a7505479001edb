"""What can happen to a message that is handed over, whatever carries it."""


class Undelivered(Exception):
    """The message was not accepted. `answer` is what the service said, in its own words."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Unreachable(Undelivered):
    """The service does not answer or refuses the portal itself: nothing left, and nothing else would."""


class Deferred(Undelivered):
    """The service asks to come back later for this message: nothing left."""


class Uncertain(Undelivered):
    """The service fell silent after the message began to leave: it may have arrived."""


class Rejected(Undelivered):
    """The service refuses this message or this address for good."""
