"""The errors of the portal: each carries a French sentence that says what to do."""


class PortalError(Exception):
    """A refusal or a fault that a person can read.

    `message` is shown as it is; `code` is stable and goes to logs and JSON answers. `transient` says that a service was away
    and that the same request may pass later, by itself.
    """

    code = "error"
    transient = False

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class Refused(PortalError):
    """The operation may not be done now; nothing was written. `details` lists what is missing."""

    code = "refused"

    def __init__(self, message: str, *, details: list[str] | None = None, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.details = details or []


class NotAllowed(Refused):
    """This person may not do this, whatever the state of things."""

    code = "not_allowed"


class Overtaken(Refused):
    """Somebody else moved the same thing first."""

    code = "overtaken"
