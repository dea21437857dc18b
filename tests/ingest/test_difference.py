"""What a new reading changes: sentences gone, come or altered, and nothing else."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from corpus.types import WordBox
from ingest.blocks import Block
from ingest.difference import Change, difference
from ingest.passages import passages
from ingest.sections import outline

SENTENCES = [
    *("Das Büro öffnet um neun Uhr.", "Vier Träger wirken mit.", "Der Beirat tagt zweimal."),
    *("Die Stadt trägt die Kosten.", "Eltern kochen gemeinsam.", "Ein Fest schließt das Jahr."),
]
PARAGRAPHS = st.lists(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4).map(" ".join), max_size=6
)


def read(*blocks):
    """Return the passages of a document; plain strings are paragraphs, "# " makes a heading."""
    made = [
        Block("heading", block[2:], 1) if block[:2] == "# " else Block("paragraph", block)
        for block in blocks
    ]
    return passages(outline(made))


@given(PARAGRAPHS, PARAGRAPHS)
def test_all_that_came_or_went_is_said_and_nothing_else(before, after):
    """Each sentence that only one reading has stands in a change on its side, and no other."""
    old, new = " ".join(before), " ".join(after)
    changes = difference(read(*before), read(*after))

    for sentence in SENTENCES:
        went = sum(change.before.count(sentence) for change in changes)
        came = sum(change.after.count(sentence) for change in changes)
        assert came - went == new.count(sentence) - old.count(sentence)
    assert difference(read(*before), read(*before)) == ()
    assert difference(read(*before), read(*reversed(before))) == ()


def test_a_changed_sentence_is_shown_before_and_after():
    """The sentence is named with its section, not its neighbours."""
    before = read("# Träger", " ".join(SENTENCES[:3]))
    after = read("# Träger", " ".join(SENTENCES[:3]).replace("Vier", "Fünf"))

    assert difference(before, after) == (
        Change("geändert", ("Träger",), "Vier Träger wirken mit.", "Fünf Träger wirken mit.", None),
    )


def test_neighbours_make_one_change():
    """Two sentences replaced by three side by side are one change; its kind tells the direction."""
    before = read("# A", "Erster Satz. Zweiter Satz. Dritter Satz. Vierter Satz.")
    after = read("# A", "Erster Satz. Neues steht hier. Und hier. Sogar da. Vierter Satz.")
    (change,) = difference(before, after)
    (gone,) = difference(before, read("# A", "Erster Satz. Vierter Satz."))
    (come,) = difference(read("# A", "Erster Satz. Vierter Satz."), before)

    assert (change.kind, change.before) == ("geändert", "Zweiter Satz. Dritter Satz.")
    assert change.after == "Neues steht hier. Und hier. Sogar da."
    assert (gone.kind, gone.before, gone.after) == ("entfernt", "Zweiter Satz. Dritter Satz.", "")
    assert (come.kind, come.before, come.after) == ("neu", "", "Zweiter Satz. Dritter Satz.")


def test_white_space_and_cuts_between_sentences_are_no_change():
    """A line break or another cut of the same words isn't reported."""
    before = read("Der Preis steht in Abs. Zwei der Satzung.", "Der Beirat\n tagt zweimal.")
    after = read("Der Preis steht in Abs.", "Zwei der Satzung.", "Der Beirat tagt  zweimal.")

    assert difference(before, after) == ()


def test_what_moved_is_no_change_but_what_changed_in_it_is():
    """A chapter that moved as a whole only shows the sentence that is new in it."""
    one = ("# Eins", SENTENCES[0], "# Zwei", " ".join(SENTENCES[1:3]), "# Drei", SENTENCES[3])
    two = ("# Zwei", f"{SENTENCES[1]} Hier ist etwas neu. {SENTENCES[2]}")
    changes = difference(read(*one), read(*one[:2], *one[4:], *two))

    assert [(c.kind, c.section, c.after) for c in changes] == [
        ("neu", ("Zwei",), "Hier ist etwas neu.")
    ]


def test_sections_are_kept_apart():
    """Changes on both sides of a heading are two, each with its own section."""
    before = read("# A", "Kopf. Alt im ersten.", "# B", "Alt im zweiten. Fuß.")
    after = read("# A", "Kopf. Neu im ersten.", "# B", "Neu im zweiten. Fuß.")

    assert [c.section for c in difference(before, after)] == [("A",), ("B",)]


def test_a_repeated_sentence_is_missed_where_it_went():
    """Of equal sentences the one that went is named, with its own section."""
    note = "Mehr dazu im Anhang."
    before = read("# A", f"Eins. {note}", "# B", f"Zwei. {note}", "# C", f"Drei. {note}")
    after = read("# A", f"Eins. {note}", "# B", "Zwei.", "# C", f"Drei. {note}")
    (change,) = difference(before, after)

    assert (change.kind, change.section, change.before) == ("entfernt", ("B",), note)


def test_a_renamed_heading_is_a_change():
    """Headings are cited, so their change is said; the text under them isn't repeated."""
    before = read("# Träger", SENTENCES[0], "# Ende", SENTENCES[1])
    after = read("# Trägerinnen", SENTENCES[0], "# Ende", SENTENCES[1])

    assert difference(before, after) == (
        Change("geändert", ("Trägerinnen",), "Träger", "Trägerinnen", None),
    )


def test_the_page_is_that_of_the_sentence():
    """Where boxes are known, a change names the page its first word stands on."""
    (passage,) = read("Erster Satz. Zweiter Satz.")
    boxes = (WordBox(0, 6, 3, 0, 0, 9, 9), WordBox(13, 20, 4, 0, 0, 9, 9))
    paged = replace(passage, boxes=boxes, pages=(3, 4))
    (change,) = difference(read("Erster Satz."), (paged,))
    (gone,) = difference((paged,), read("Erster Satz."))

    assert (change.kind, change.page) == ("neu", 4)
    assert (gone.kind, gone.page) == ("entfernt", 4)


def test_table_rows_are_compared_one_by_one():
    """A changed row is shown with its cells, the other rows are left out."""
    old = Block("table", "Jahr\tZahl\n2016\t783\n2017\t790")
    new = Block("table", "Jahr\tZahl\n2016\t783\n2017\t801\n2018\t9")
    (change,) = difference(passages(outline([old])), passages(outline([new])))

    assert (change.before, change.after) == ("2017\t790", "2017\t801\n2018\t9")


def test_a_changed_passage_doesnt_drag_the_rest_along():
    """Every hundredth of 2,000 sentences changed: 20 changes, though all passages shift."""
    texts = [f"Satz Nummer {n} steht in diesem langen Dokument." for n in range(2000)]
    changed = [
        text.replace("langen", "sehr viel längeren") if n % 100 == 50 else text
        for n, text in enumerate(texts)
    ]
    changes = difference(read("# A", " ".join(texts)), read("# A", " ".join(changed)))

    assert [change.kind for change in changes] == ["geändert"] * 20
