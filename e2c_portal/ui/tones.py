"""The tones of the interface: what a state or a message feels like, with the icon that says it without colour."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tone:
    """A colour name of static/css/tokens.css, the icon beside it and the word read aloud before an alert."""

    name: str
    icon: str
    spoken: str


TONES = {
    tone.name: tone
    for tone in (
        Tone("neutral", "circle-dashed", "À noter"),
        Tone("info", "info", "Information"),
        Tone("progress", "hourglass", "En cours"),
        Tone("success", "circle-check", "C’est fait"),
        Tone("warning", "triangle-alert", "Attention"),
        Tone("danger", "circle-x", "Erreur"),
    )
}

# Django names its message levels; "error" is the only one that differs from ours.
MESSAGE_LEVELS = {"error": "danger", "debug": "neutral"}


def tone_named(name: str) -> Tone:
    """Return the tone of that name; an unknown or empty one is neutral."""
    return TONES.get(MESSAGE_LEVELS.get(name, name), TONES["neutral"])
