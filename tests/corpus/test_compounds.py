"""Compounds fall apart where the collection's words are commoner than the whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.compounds import LINKS, MIN_PART, Splitter

FREQUENCY = {
    "stadt": 50, "teil": 40, "stadtteil": 60, "management": 20, "stadtteilmanagement": 5,
    "schule": 30, "sozialarbeit": 10, "sozial": 12, "arbeit": 40, "bewohner": 30,
    "beteiligung": 30, "quartier": 40, "plan": 9, "bebauung": 3, "bebauungsplan": 30, "amt": 99,
    "jugend": 8, "selten": 1,
}  # fmt: skip
SPLITTER = Splitter(FREQUENCY)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("bewohnerbeteiligung", ("bewohner", "beteiligung")),
        ("quartiersmanagement", ("quartier", "management")),
        ("stadtteilmanagement", ("stadtteil", "management")),
        ("schularbeit", ("schule", "arbeit")),
        ("stadtteil", ()),
        ("bebauungsplan", ()),
        ("jugendamt", ()),
        ("jugendselten", ()),
        ("stadt", ()),
        ("", ()),
    ],
)
def test_splits_by_frequency(word, parts):
    """Frequent wholes, short and rare parts stay together."""
    assert SPLITTER.split(word) == parts


def test_head_opens_frequent_compounds_too():
    """The last part is found even where the word is better left whole."""
    assert SPLITTER.head("bebauungsplan") == "plan"
    assert SPLITTER.front("bebauungsplan") == "bebauungs"
    assert SPLITTER.head("jugendamt") == SPLITTER.front("jugendamt") == ""


@given(
    st.lists(st.sampled_from([w for w in FREQUENCY if len(w) >= MIN_PART]), min_size=1, max_size=4),
    st.sampled_from(LINKS),
)
def test_parts_are_words_in_order(words, link):
    """Parts are words of the collection, and the compound begins and ends with them."""
    compound = link.join(words)
    parts = SPLITTER.split(compound)

    assert all(part in FREQUENCY for part in parts)
    if parts:
        assert len(parts) > 1
        assert compound.startswith(parts[0].removesuffix("e"))
        assert compound.endswith(parts[-1])
