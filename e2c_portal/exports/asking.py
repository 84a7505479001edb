"""Taking a whole list of people away is a sensitive act: whoever does it is asked again who they are, when it was long ago.

How they prove it belongs to a floor above, which registers it in AppConfig.ready.
"""

from collections.abc import Callable

from django.http import HttpRequest

Ask = Callable[[HttpRequest], None]
_asks: dict[str, Ask] = {}


def register(name: str, ask: Ask) -> None:
    """Add a question, which raises when this person has to prove again who they are."""
    _asks[name] = ask


def ask_who_is_there(request: HttpRequest) -> None:
    """Ask each question; whatever is raised stops the export before a row is read."""
    for ask in _asks.values():
        ask(request)
