"""The library keeps readings for ever the same and forgets only on request."""

import numpy as np
import pytest

from corpus.errors import DataFolderError, UnknownItemError
from corpus.library import Library
from corpus.types import Scope, WordBox
from tests.factories import make_passage, make_reading


@pytest.fixture
def library(tmp_path):
    """An empty library."""
    opened = Library(tmp_path / "library.sqlite")
    yield opened
    opened.close()


def test_reading_comes_back_as_it_was(library):
    """What is stored is what is returned, boxes and spans included."""
    box = WordBox(0, 3, 1, 10.0, 20.0, 30.5, 40.25)
    reading = make_reading()
    passage = make_passage("Ein Satz.", boxes=(box,), pages=(1,), workshop=3)
    reading = type(reading)(reading.document, reading.text, reading.sections, (passage,))
    library.add(reading)
    library.set_members("g1", [reading.document.key])

    assert library.documents("g1") == [reading.document]
    assert library.passages([passage.id]) == [passage]
    assert library.sections(reading.document.key) == list(reading.sections)
    assert library.document_text(reading.document.key) == reading.text


def test_outlines_say_what_ranking_needs(library):
    """They are those of the passages, in the order asked for; a missing one is named."""
    reading = make_reading(texts=("Ein Satz.", "Noch ein Satz."))
    library.add(reading)
    first, second = reading.passages

    found = library.outlines([second.id, first.id])

    assert [o.id for o in found] == [second.id, first.id]
    for outline, passage in zip(found, (second, first), strict=True):
        assert all(getattr(outline, name) == getattr(passage, name) for name in outline._fields)
    with pytest.raises(UnknownItemError, match="fremd"):
        library.outlines([first.id, "fremd"])


def test_adding_twice_changes_nothing(library):
    """A reading stored again is still there once."""
    reading = make_reading()
    library.add(reading)
    library.add(reading)

    assert len(library.passages_of(reading.document.key)) == len(reading.passages)


def test_scope_limits_passages(library):
    """A scope by document or workshop leaves only that document's or workshop's passages."""
    one, two = make_reading("eins"), make_reading("zwei")
    for reading in (one, two):
        library.add(reading)
    library.set_members("g1", [one.document.key, two.document.key])

    ids = library.passage_ids("g1", Scope(document="zwei"))

    assert set(ids) == {p.id for p in two.passages}
    assert library.passage_ids("g1", Scope(workshop=7)) == []
    assert len(library.passage_ids("g1", Scope())) == 4
    assert library.passage_ids("g1", Scope(documents=("zwei",))) == ids
    assert len(library.passage_ids("g1", Scope(documents=("eins", "zwei")))) == 4
    assert library.passage_ids("g1", Scope(document="eins", documents=("zwei",))) == []
    workshops = {p.workshop for p in (*one.passages, *two.passages)} - {None}
    numbered = library.passage_ids("g1", Scope(workshops=(*sorted(workshops), 99)))
    assert len(numbered) == sum(p.workshop is not None for r in (one, two) for p in r.passages)


def test_outlines_of_a_reading_come_in_order(library):
    """All of its passages, with what is searched of them."""
    reading = make_reading()
    library.add(reading)

    outlines = library.outlines_of(reading.document.key)

    assert [(o.id, o.text, o.section) for o in outlines] == [
        (p.id, p.text, p.section) for p in reading.passages
    ]


def test_forgetting_keeps_what_kept_generations_need(library):
    """A reading goes only when no kept generation has it; its original is named."""
    one, two = make_reading("eins"), make_reading("zwei")
    for reading in (one, two):
        library.add(reading)
    library.set_members("g1", [one.document.key, two.document.key])
    library.set_members("g2", [two.document.key])

    library.forget(["g2"])

    assert one.document.version not in library.versions()
    assert not library.has(one.document.key)
    assert library.has(two.document.key)


def test_purge_leaves_no_byte(library, tmp_path):
    """After a purge the text is in no file of the library."""
    canary = "Kanarienvogelsatz über Angsträume."
    gone, stays = make_reading("weg", (canary,)), make_reading("bleibt")
    for reading in (gone, stays):
        library.add(reading)
    library.set_members("g1", [gone.document.key])
    library.set_members("g2", [stays.document.key])
    library.forget(["g2"], purge=True)
    library.close()

    files = [path.read_bytes() for path in tmp_path.iterdir()]

    assert files
    assert all(b"Kanarienvogelsatz" not in content for content in files)


def test_embeddings_belong_to_their_model(library):
    """Vectors are found again under the model that made them, and under no other."""
    vector = np.array([0.6, 0.8], dtype=np.float32)
    library.add_embeddings("modell-a", {"h1": vector})

    assert np.array_equal(library.embeddings("modell-a", ["h1", "h2"])["h1"], vector)
    assert library.embeddings("modell-b", ["h1"]) == {}


def test_missing_passage_is_named(library):
    """A passage that isn't there raises an error that names it."""
    with pytest.raises(UnknownItemError, match="abc"):
        library.passages(["abc"])


def test_newer_schema_is_refused(tmp_path):
    """A library of a newer program is left alone."""
    import sqlite3

    path = tmp_path / "library.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")

    with pytest.raises(DataFolderError, match="neueren"):
        Library(path)
