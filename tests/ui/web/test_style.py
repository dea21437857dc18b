"""Colours of the design system: text can be read on its ground, in both schemes."""

import re
from pathlib import Path

import pytest

STYLE = (Path(__file__).parents[3] / "ui" / "design.css").read_text("utf-8")

# Text and ground as the style sheets put them together.
PAIRS = [
    *(("ink", ground) for ground in ("paper", "surface", "amber", "amber-tint", "petrol-tint")),
    *(("ink-soft", ground) for ground in ("paper", "surface")),
    *(("petrol", ground) for ground in ("paper", "surface")),
    *(("petrol-strong", ground) for ground in ("paper", "surface", "petrol-tint")),
    ("on-petrol", "petrol"),
    ("on-petrol", "petrol-strong"),
    ("amber-ink", "amber-tint"),
    ("wrong", "surface"),
]


def colours(scheme):
    """Return the colours of a scheme by name."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([\w-]+): (#\w{6});", dark))


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme, ink, ground):
    """At least 4.5 to 1, WCAG 2.2 AA."""
    known = colours(scheme)
    low, high = sorted((luminance(known[ink]), luminance(known[ground])))

    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_style_asks_for_nothing_from_outside():
    """No address, no import, no font file."""
    assert not re.search(r"url\(|@import|@font-face|https?:|//\w", STYLE)
