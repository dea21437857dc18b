"""The collection's own headings say how much vectors count, and that a model is no good."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.self_retrieval import (
    DEFAULT_WEIGHT,
    MAX_HEADINGS,
    MAX_PASSAGES,
    MAX_WEAK_WEIGHT,
    MIN_HEADINGS,
    PER_HEADING,
    WEIGHTS,
    Trial,
    Weighing,
    complaint,
    heading_key,
    trial,
    weigh,
)
from tests.factories import make_document, make_passage


def pairs(*ways, document="heft", title="Heft", passages=1):
    """Return a document's passages, so many a section, their headings in the text as well."""
    found = make_document(document, title=title)
    return [
        (found, make_passage(f"{' '.join(way)} {n}", document, ordinal, section=way))
        for ordinal, (way, n) in enumerate((way, n) for way in ways for n in range(passages))
    ]


def many(count, **fields):
    """Return passages under so many headings that nothing else is like."""
    return pairs(
        *[("Kapitel", f"Überschrift {chr(97 + n % 26)}{n}x") for n in range(count)], **fields
    )


def ids(found, places):
    """Return the ids of a trial's passages at the places."""
    return {found.passages[at][1].id for at in places}


def ranks(*places, passages=40):
    """Return scores and a trial in which each heading's passage comes at the place given."""
    scores = np.zeros((len(places), passages), dtype=np.float32)
    for row, place in enumerate(places):
        if place:
            order = [at for at in range(passages) if at != row % passages]
            order.insert(place - 1, row % passages)
            scores[row, order] = np.linspace(1, 0.1, passages)
    return scores


def asked(count, passages=40):
    """Return a trial whose n-th heading wants the n-th passage."""
    right = tuple(frozenset({row % passages}) for row in range(count))
    return Trial((), tuple(f"Frage {n}" for n in range(count)), right)


def test_headings_are_withheld_from_the_passages_they_ask_for():
    """No passage says the heading in its way any more; each is right for its own."""
    found = trial(many(40, passages=2))

    assert len(found.headings) == 40
    assert {passage.section for _, passage in found.passages} == {("Kapitel",)}
    for heading, places in zip(found.headings, found.right, strict=True):
        assert len(places) == 2
        assert all(heading in found.passages[at][1].text for at in places)


def test_headings_that_prove_nothing_do_not_ask():
    """Short, repeated, higher, learnt ones, and those that the title says, are left out."""
    chosen = many(MIN_HEADINGS)
    left_out = [
        *pairs(("Kurz",), ("Kapitel",), ("Fazit und Ausblick",), ()),
        *pairs(("3.2 Fazit und Ausblick",), document="anderes"),
        *pairs(("Sicherheit im Quartier",), document="drittes", title="Sicherheit im Quartier"),
        *pairs(("Gelernte Überschrift",), document="viertes"),
    ]
    found = trial([*chosen, *left_out], {heading_key("§ 12 Gelernte Überschrift")})

    assert sorted(found.headings) == sorted({passage.section[-1] for _, passage in chosen})
    assert len(found.passages) == len(chosen) + len(left_out)


def test_too_few_headings_measure_nothing():
    """Below thirty there is no trial, and the default holds."""
    assert trial(many(MIN_HEADINGS - 1)) is None
    assert trial([]) is None
    assert trial(many(MIN_HEADINGS)) is not None
    assert Weighing().weight == DEFAULT_WEIGHT
    assert not Weighing().is_weak


def test_large_collections_are_sampled():
    """Headings and passages have a limit; a section's further passages aren't in the way."""
    found = trial(many(400, passages=5))

    assert len(found.headings) == MAX_HEADINGS
    assert len(found.passages) == MAX_PASSAGES
    assert {len(places) for places in found.right} == {PER_HEADING}


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_sample_depends_on_nothing_but_the_collection(chance):
    """In whatever order the passages come, the same headings ask for the same passages."""
    collection = many(MAX_HEADINGS + 30)
    shuffled = chance.sample(collection, len(collection))
    one, other = trial(collection), trial(shuffled)

    assert one.headings == other.headings
    for first, second in zip(one.right, other.right, strict=True):
        assert ids(one, first) == ids(other, second)


def test_a_weight_that_helps_is_taken():
    """Where only vectors find, they count as much as they may."""
    lexical, dense = ranks(*[9] * 40), ranks(*[1] * 40)
    found = weigh(asked(40), lexical, dense)

    assert found.weight == max(WEIGHTS)
    assert (found.lexical, found.dense) == (pytest.approx(1 / 9, abs=1e-3), 1.0)
    assert found.fused > found.lexical


def test_noise_leaves_the_default():
    """Where words and vectors find alike, nothing speaks against the default."""
    places = [1, 2, 3, 1, 4] * 10
    found = weigh(asked(50), ranks(*places), ranks(*places))

    assert found.weight == DEFAULT_WEIGHT
    assert not found.is_weak


def test_a_model_far_below_words_counts_little():
    """Words find nearly all, vectors nearly nothing: a tenth at most, and it is said."""
    found = weigh(asked(40), ranks(*[1] * 40), ranks(*[10] * 40))

    assert found.is_weak
    assert found.weight <= MAX_WEAK_WEIGHT
    message = complaint(found, "all-english")
    for part in ("„all-english“", "40 Überschriften", "0,10", "1,00", "SOZIALRAUM_EMBEDDER"):
        assert part in message
    assert complaint(replace(found, dense=0.95), "gut") == ""


def test_what_finds_nothing_is_no_first_hit():
    """A row of zeros has no first passage: neither ranking is credited for the order of rows."""
    nothing = np.zeros((40, 40), dtype=np.float32)
    found = weigh(asked(40), nothing, nothing)

    assert (found.lexical, found.dense, found.fused) == (0, 0, 0)
    assert not found.is_weak


@pytest.mark.parametrize(
    "same",
    ["§ 3 Die Menschen im Quartier", "3.1 die menschen im quartier", "Die Menschen im  Quartier"],
)
def test_keys_are_deaf_to_numbers_and_spelling(same):
    """A heading is the same in law, brochure and list."""
    assert heading_key(same) == heading_key("Die Menschen im Quartier")
    assert heading_key(same) != heading_key("Die Menschen im Stadtteil")
