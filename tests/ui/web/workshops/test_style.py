"""The shades of the map: text can be read on each, and each is stronger than the one before."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.ui.web.test_style import colours, luminance

STYLE = (Path(__file__).parents[4] / "ui" / "web" / "workshops" / "workshops.css").read_text(
    "utf-8"
)


def mixed(rule, known):
    """Return the colour that a shade comes out as."""
    if named := re.fullmatch(r"var\(--([\w-]+)\)", rule):
        return known[named[1]]
    above, share, below = re.fullmatch(
        r"color-mix\(in srgb, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)", rule
    ).groups()
    parts = (
        (int(known[above][n : n + 2], 16), int(known[below][n : n + 2], 16)) for n in (1, 3, 5)
    )
    return "#" + "".join(
        f"{round((int(share) * a + (100 - int(share)) * b) / 100):02x}" for a, b in parts
    )


def shades(scheme):
    """Return ground and ink of each shade, from the weakest."""
    known = colours(scheme)
    grounds = re.findall(r"--shade-\d: ([^;]+);", STYLE)
    inks = re.findall(
        r"^\.shade-\d \{\n  background: [^;]+;\n  color: var\(--([\w-]+)\);", STYLE, re.M
    )
    return [
        (mixed(ground, known), known[ink])
        for ground, ink in zip(grounds, ["ink-soft", *inks], strict=True)
    ]


def contrast(one, other):
    """Contrast ratio as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_every_shade(scheme):
    """At least 4.5 to 1."""
    found = shades(scheme)

    assert len(found) == 6
    assert all(contrast(ground, ink) >= 4.5 for ground, ink in found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shades_run_one_way(scheme):
    """Each differs more from the page's surface than the one before it."""
    distances = [contrast(ground, shades(scheme)[0][0]) for ground, _ in shades(scheme)]

    assert distances == sorted(distances)
    assert all(b / a >= 1.1 for a, b in pairwise(distances))


def test_the_style_asks_for_nothing_from_outside():
    """No address, no import, no font file, no colour of its own."""
    assert not re.search(r"url\(|@import|@font-face|https?:|//\w|#[0-9a-f]{3,8}\b;", STYLE)
