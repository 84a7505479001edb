"""The colours of tokens.css stand apart enough: 4.5 to 1 for words, 3 to 1 for borders of controls and the focus mark."""

import re
from pathlib import Path

import pytest
from django.conf import settings

TOKENS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", TOKENS))
SURFACES = ("paper", "paper-warm", "paper-tint")
TONES = ("neutral", "info", "progress", "success", "warning", "danger")
WORDS = [(word, surface) for word in ("ink", "ink-soft", "brand", "brand-deep", *TONES) for surface in SURFACES]
WORDS += [(tone, f"{tone}-soft") for tone in TONES] + [("ink", f"{tone}-soft") for tone in TONES]
WORDS += [("paper", "brand"), ("paper", "brand-deep"), ("paper", "danger"), ("brand-deep", "brand-soft")]
MARKS = [(mark, surface) for mark in ("line-control", "focus") for surface in SURFACES]


def _light(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the ratio of WCAG 2.2 between two colours of tokens.css."""
    light, dark = sorted((_light(COLOURS[one]), _light(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("word", "surface"), WORDS)
def test_words_are_readable(word: str, surface: str) -> None:
    assert contrast(word, surface) >= 4.5


@pytest.mark.parametrize(("mark", "surface"), MARKS)
def test_controls_and_focus_are_visible(mark: str, surface: str) -> None:
    assert contrast(mark, surface) >= 3


def test_every_tone_has_its_colours() -> None:
    for tone in TONES:
        assert f'[data-tone="{tone}"]' in TOKENS or tone == "neutral"
        assert {tone, f"{tone}-soft"} <= set(COLOURS)
