"""Joining line ends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pdf.hyphens import join, vocabulary
from ingest.pdf.lines import Line, Word
from ingest.pdf.mending import Strip, mend
from ingest.pdf.page import Page

PAGES = (Page(0, 600, 800),)


def joined(head, tail, *known):
    joint = join(head, tail, frozenset(known))
    return joint.head + joint.separator + tail


@pytest.mark.parametrize(
    ("head", "tail", "expected"),
    [
        ("Nach-", "barschaft", "Nachbarschaft"),
        ("Stadt-", "und", "Stadt- und"),
        ("Sonn-", "oder", "Sonn- oder"),
        ("Kinder-", "sowie", "Kinder- sowie"),
        ("Bau-,", "Stadt-", "Bau-, Stadt-"),
        ("so-", "wie", "sowie"),
        ("Nord-", "Süd-Achse", "Nord-Süd-Achse"),
        ("15-", "Minuten-Takt", "15-Minuten-Takt"),
        ("30-", "minütig", "30-minütig"),
        ("CO₂-", "Emissionen", "CO₂-Emissionen"),
        ("Kita-", "Jahr", "Kita-Jahr"),
        ("Öffentlichkeits\u00ad", "arbeit", "Öffentlichkeitsarbeit"),
        ("Quartiers\u2010", "fonds", "Quartiersfonds"),
        ("2019–", "2022", "2019–2022"),
        ("Bewohner/", "innen", "Bewohner/innen"),
        ("Er", "geht", "Er geht"),
        ("das –", "so", "das – so"),
        ("-", "paten", "- paten"),
        ("https://a.de/was-ist-", "quartier", "https://a.de/was-ist-quartier"),
        ("https://a.de/werkstatt", "-3/seite", "https://a.de/werkstatt-3/seite"),
        ("https://a.de/", "und", "https://a.de/ und"),
        ("www.a.de", "erklärt", "www.a.de erklärt"),
    ],
)
def test_line_ends_are_joined_the_german_way(head, tail, expected):
    """Hyphens of the break go, real ones stay, addresses lose nothing."""
    assert joined(head, tail) == expected


def test_the_document_decides_what_grammar_doesnt():
    """A form that stands unbroken elsewhere in the document wins, in any inflection."""
    known = vocabulary([["Die", "grün-blaue", "Infrastruktur", "der", "Stadt"]])

    assert joined("grün-", "blauen", *known) == "grün-blauen"
    assert joined("blau-", "äugig", *known) == "blauäugig"
    assert joined("SPIEL-", "STRASSE", "spielstrasse") == "SPIELSTRASSE"
    assert joined("Familienzent", "ren", "familienzentren") == "Familienzentren"


WORD = st.text("abcdefäöüß", min_size=2, max_size=8)


def strip_of(words, baseline):
    boxes = [(40.0 * at, baseline - 8, 40.0 * at + 30, baseline) for at in range(len(words))]
    return Strip(0, [Word(text, box) for text, box in zip(words, boxes, strict=True)])


@given(st.lists(st.tuples(st.lists(WORD, min_size=1, max_size=4), st.integers(1, 7)), min_size=1))
def test_text_broken_anywhere_comes_back_whole(pieces):
    """Words broken with a hyphen at line ends are mended; boxes cover them part by part."""
    lines, carried, text = [], "", []
    for words, cut in pieces:
        text += words
        last = words[-1]
        cut = min(cut, len(last) - 1)
        lines.append(
            [carried, *words[:-1], f"{last[:cut]}-"] if carried else [*words[:-1], f"{last[:cut]}-"]
        )
        carried = last[cut:]
    lines.append([carried])
    strips = [strip_of(words, 12.0 * at) for at, words in enumerate(lines)]

    mended = mend(strips, frozenset(), PAGES)

    assert mended.text == " ".join(text)
    covered = [at for box in mended.boxes for at in range(box.start, box.end)]
    assert covered == [at for at, char in enumerate(mended.text) if char != " "]


@given(st.lists(st.lists(WORD, min_size=1, max_size=5), min_size=1, max_size=6))
def test_text_without_hyphens_is_never_changed(lines):
    """Only a hyphen at a line's end can take anything away."""
    mended = mend(
        [strip_of(words, 12.0 * at) for at, words in enumerate(lines)], frozenset(), PAGES
    )

    assert mended.text == " ".join(word for words in lines for word in words)


def test_a_line_knows_whether_its_last_word_goes_on():
    """A dash between blanks is no broken word."""
    shape = {"page": 0, "words": (), "x0": 0, "x1": 9, "baseline": 9, "size": 9}

    assert Line(**shape, text="Nachbar-").ends_broken
    assert not Line(**shape, text="so ist es -").ends_broken
