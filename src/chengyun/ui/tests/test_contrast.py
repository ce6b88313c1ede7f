"""Text is readable on what lies under it (WCAG 2.2 §1.4.3: 4.5 to 1), in both themes, from the tokens themselves."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parent.parent / "static/ui/css/tokens.css").read_text()
TEXT_ON = {
    "ink": ("ground", "paper", "paper-2", "accent-soft", "near-soft", "over-soft", "on-time-soft"),
    "ink-2": ("ground", "paper", "paper-2", "accent-soft", "paused-soft"),
    "ink-3": ("paper", "paper-2", "ground"),
    "accent-deep": ("paper", "accent-soft", "paper-2"),
    "on-accent": ("accent",),
    "bar-ink": ("bar",),
    "on-time": ("paper", "ground", "on-time-soft", "accent-soft"),
    "near": ("paper", "ground", "near-soft", "accent-soft"),
    "over": ("paper", "ground", "over-soft", "accent-soft"),
    "paused": ("paper", "ground", "accent-soft"),
}
PAIRS = [(text, under) for text, unders in TEXT_ON.items() for under in unders]


def theme(name):
    block = TOKENS[TOKENS.index(":root {") : TOKENS.index('[data-theme="dark"]')]
    if name == "dark":
        block += TOKENS[TOKENS.index('[data-theme="dark"]') : TOKENS.index('[data-density="touch"]')]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", block))


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "under"), PAIRS, ids=[" on ".join(pair) for pair in PAIRS])
def test_text_stands_out_from_what_lies_under_it(name, text, under):
    colours = theme(name)
    assert contrast(colours[text], colours[under]) >= 4.5
