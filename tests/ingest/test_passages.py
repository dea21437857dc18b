"""Passages are slices of the text that together cover their sections."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.types import WordBox
from ingest.blocks import Block
from ingest.passages import TARGET_CHARS, boxes_of, passages
from ingest.sections import outline

WORDS = st.lists(
    st.sampled_from(["Quartier", "Amt", "und", "3.", "z.B.", "Stadt-", "Haus"]), min_size=1
)
SENTENCES = st.lists(WORDS.map(lambda w: " ".join(w).capitalize() + "."), min_size=1, max_size=30)
BLOCKS = st.lists(
    st.one_of(
        st.builds(Block, st.just("heading"), st.just("Überschrift"), st.integers(1, 3)),
        st.builds(Block, st.just("paragraph"), SENTENCES.map(" ".join)),
        st.builds(Block, st.just("item"), WORDS.map(" ".join)),
        st.builds(Block, st.just("table"), st.just("Jahr\tZahl\n2016\t783")),
        st.builds(Block, st.just("box"), st.just("Titel\nEin Satz im Kasten.")),
    ),
    max_size=12,
)


@given(BLOCKS)
def test_passages_are_slices_and_cover_their_sections(blocks):
    """Each passage is its slice; every letter of the text is in exactly one unit of one."""
    outlined = outline(blocks)
    found = passages(outlined)

    covered = [False] * len(outlined.text)
    for passage in found:
        assert passage.text == outlined.text[passage.start : passage.end]
        for span in passage.sentences:
            for at in range(passage.start + span.start, passage.start + span.end):
                assert not covered[at]
                covered[at] = True
    letters = [i for i, letter in enumerate(outlined.text) if not letter.isspace()]
    assert all(covered[i] for i in letters)
    assert [p.ordinal for p in found] == list(range(len(found)))
    assert len({p.id for p in found}) == len(found)


def cut(*blocks):
    """Return the passages of these blocks."""
    return passages(outline(blocks))


def test_list_keeps_its_lead_in():
    """The line that leads in a list is in the list's passage."""
    filler = Block("paragraph", "Vorab ein Satz. " * 55)
    found = cut(
        filler,
        Block("paragraph", "Drei Schritte führen dahin:"),
        Block("item", "1. Planen"),
        Block("item", "2. Bauen"),
    )

    last = found[-1]
    assert last.kind == "list"
    assert [last.text[s.start : s.end] for s in last.sentences][-3:] == [
        "Drei Schritte führen dahin:",
        "1. Planen",
        "2. Bauen",
    ]


def test_table_keeps_its_caption_and_stays_whole():
    """Caption and rows are one passage however long the table is."""
    rows = "\n".join(f"Stadt {i}\t{i} Gebiete" for i in range(200))
    found = cut(Block("caption", "Tabelle 1: Gebiete"), Block("table", rows))

    assert len(found) == 1
    assert found[0].kind == "table"
    assert len(found[0].sentences) == 201


def test_long_paragraph_is_cut_at_sentence_ends():
    """A paragraph beyond the target is cut, never inside a sentence."""
    found = cut(Block("paragraph", "Die Stadt plant den Platz neu und fragt die Leute. " * 60))

    assert len(found) > 1
    assert all(p.text.startswith("Die") and p.text.endswith(".") for p in found)
    assert all(len(p.text) <= 1.6 * TARGET_CHARS for p in found)


def test_boxes_of_a_quote_are_those_of_its_words():
    """Only boxes that overlap the quote are returned."""
    boxes = tuple(
        WordBox(s, e, 0, float(s), 0.0, float(e), 9.0) for s, e in ((0, 3), (4, 8), (9, 13))
    )
    passage = cut(Block("paragraph", "Das Amt. Plan.", boxes=boxes, page=0))[0]

    assert [b.start for b in boxes_of(passage, 4, 8)] == [4]
    assert [b.start for b in boxes_of(passage, 0, 13)] == [0, 4, 9]
    assert passage.pages == (0,)
