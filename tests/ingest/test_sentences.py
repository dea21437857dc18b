"""German sentence ends."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import split
from tests.ingest.truth import TESTDOCS

# A is what the rules were written against; B was set aside, so it tells how they carry over.
PARAGRAPHS = json.loads((TESTDOCS / "saetze.json").read_text(encoding="utf-8"))


def texts(text):
    return [text[span.start : span.end] for span in split(text)]


def f1(paragraphs):
    """Return the harmonic mean of precision and recall on inner sentence ends."""
    hits = predicted = expected = 0
    for sentences in paragraphs:
        ends, at = set(), 0
        for sentence in sentences[:-1]:
            ends.add(at + len(sentence))
            at += len(sentence) + 1
        found = {span.end for span in split(" ".join(sentences))[:-1]}
        hits += len(found & ends)
        predicted += len(found)
        expected += len(ends)
    return 2 * hits / (predicted + expected)


@pytest.mark.parametrize(("part", "least"), [("A", 0.97), ("B", 0.95)])
def test_sentence_ends_are_found(part, least):
    """Nearly all ends are found and hardly a false one."""
    assert f1(PARAGRAPHS[part]) >= least


@pytest.mark.parametrize(
    "text",
    [
        "Der Verein Nachbarn e. V. in Bochum lädt ein.",
        "Vgl. Abb. 2 auf S. 14.",
        "Die 3. Werkstatt fand am 5. September 2017 statt.",
        "Dipl.-Ing. Zeisig leitet Abt. 61.2.",
        "Er wohnt in der Bahnhofstr. 12 in Essen.",
        "Das sind rd. 2,1 Mio. Euro bzw. 40 v. H. der Kosten.",
        "Nach § 171e Abs. 4 Nr. 2 BauGB gilt es.",
        "1. Laden Sie alle Ämter ein.",
        "„Wir brauchen mehr Bänke!“, sagte sie.",
    ],
)
def test_short_forms_and_ordinals_dont_end_a_sentence(text):
    """A full stop behind a short form, ordinal or quoted exclamation isn't an end."""
    assert texts(text) == [text]


@pytest.mark.parametrize(
    "sentences",
    [
        ("Maßgeblich ist Satz 2.", "Satz 3 bleibt unberührt."),
        ("Gebaut wurde bis 1978.", "Danach folgte die 2. Bauphase."),
        ("Träger ist der Verein Nachbarn e. V.", "Er hat drei Stellen."),
        ("Woran liegt das?", "„An der Mietstruktur.“", "Das sagte der Rat."),
        ("Dort gibt es Pläne usw.", "Auch Fotos sind dabei."),
        ("Es wurde 2017 beschlossen.", "2021 folgt die Fortschreibung."),
    ],
)
def test_real_ends_are_cut(sentences):
    """Numbers, years, short forms and quotes may end a sentence before a clear beginning."""
    assert texts(" ".join(sentences)) == list(sentences)


def test_an_empty_line_always_ends_a_sentence():
    """Paragraphs are parted even without a full stop, single line breaks are not."""
    assert texts("Ein Titel\n\nDer Text geht\nhier weiter.") == [
        "Ein Titel",
        "Der Text geht\nhier weiter.",
    ]


WORDS = st.sampled_from(
    ["Die", "Stadt", "z.", "B.", "3.", "Werkstatt", "endet.", "Nr.", "„Ja!“", "usw.", "…", "§"]
)
GAPS = st.sampled_from([" ", "\n", "\n\n", "  ", "\t"])


@given(
    st.one_of(st.text(), st.lists(st.tuples(WORDS, GAPS)).map(lambda p: "".join(map("".join, p))))
)
def test_spans_are_in_order_disjoint_trimmed_and_cover_all_text(text):
    """Whatever the text, no character is lost, doubled or moved."""
    spans = split(text)

    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in spans)
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert all(at in covered or char.isspace() for at, char in enumerate(text))
