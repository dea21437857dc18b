"""Retrieval finds by words and by meaning, weighs what was added, and always says the same."""

import numpy as np
import pytest

from assistant.search.retrieve import Retriever
from corpus import embedder
from corpus.generation import open_current
from corpus.store import Store
from corpus.types import Scope
from ingest.pipeline import ingest
from tests.conftest import COLLECTION, quiet

QUERIES = (
    "Wie setze ich einen Verfügungsfonds ein?",
    "Wann und wo fand die Werkstatt zu Sicherheit statt?",
    "Welche Aufgaben hat das Quartiersmanagement?",
    "stolpersteine einfuehrung",
    "Prävention im Quartier",
    "Bürger:innen beteiligen",
    "quartirsmanagment",
    "2017",
    "Stadt",
)
FILES = ("quartiersmanagement", "werkstatt-03", "sammelband", "steuerung")


@pytest.fixture(scope="module")
def model():
    """The embedder that ships with the project."""
    return embedder.load()


@pytest.fixture(scope="module")
def generation(starter):
    """The starter collection."""
    return open_current(Store(starter))


@pytest.fixture(scope="module")
def retriever(generation, model):
    """Over the starter collection."""
    return Retriever(generation, model)


def ids(hits):
    """Return the ids of hits."""
    return [hit.passage.id for hit in hits]


def test_same_data_same_hits_always(tmp_path, default_model, model):
    """Read in in another order, into another folder, asked again: the same hits and scores."""
    files = [next(COLLECTION.glob(f"{name}.*")) for name in FILES]
    found = []
    for name, order in (("eins", files), ("zwei", files[::-1])):
        store = Store(tmp_path / name)
        for file in order:
            ingest([file], store, default_model, quiet)
        opened = Retriever(open_current(store), model)
        once = [[(h.passage.text, h.score) for h in opened.retrieve(q, 10)] for q in QUERIES]
        again = [[(h.passage.text, h.score) for h in opened.retrieve(q, 10)] for q in QUERIES]
        assert once == again
        found.append(once)

    assert found[0] == found[1]
    assert all(len(hits) == 10 for hits in found[0])


def test_fewer_hits_are_the_beginning_of_more(retriever):
    """How many are wanted doesn't change who comes first."""
    for query in QUERIES:
        assert ids(retriever.retrieve(query, 4)) == ids(retriever.retrieve(query, 20))[:4]
    assert retriever.retrieve("Stadt", 0) == []


def test_ranks_count_from_one_and_scores_never_rise(retriever):
    """Hits come best first."""
    for query in QUERIES:
        hits = retriever.retrieve(query, 20)
        scores = [hit.score for hit in hits]
        assert [hit.rank for hit in hits] == list(range(1, 21))
        assert scores == sorted(scores, reverse=True)


def test_added_words_find_but_do_not_drown(retriever):
    """What only the expansion names comes in, but counts less than what the question names."""
    added = "Problemimmobilie"
    widened = retriever.retrieve("Verfügungsfonds", 5, expansion=added)
    both = retriever.retrieve(f"Verfügungsfonds {added}", 5)
    unknown = retriever.retrieve("Schrottkiste", 5, expansion=added)

    assert all("erfügungsfonds" in " ".join(h.passage.section) for h in widened[:3])
    assert any(added in hit.passage.text for hit in both)
    assert added in unknown[0].passage.text


def test_scope_limits_the_hits(retriever):
    """Within a document nothing else is found."""
    hits = retriever.retrieve("Quartier", 5, Scope(document="quartiersmanagement"))

    assert len(hits) == 5
    assert {hit.passage.document for hit in hits} == {"quartiersmanagement"}


def test_meaning_finds_where_no_word_does(generation):
    """A passage near to the query's vector is found without any of its words."""

    class Pointing:
        def embed_query(self, text):
            return generation.dense.vector(wanted).astype(np.float32)

    wanted = generation.library.passage_ids(generation.id, Scope(document="sammelband"))[0]

    assert ids(Retriever(generation, Pointing()).retrieve("zzzz", 3))[0] == wanted


def test_a_cross_encoder_is_asked_when_there_is_one(generation, model):
    """Its view changes the order among the first."""

    class Contrary:
        def scores(self, query, texts):
            assert query == "Verfügungsfonds"
            return np.linspace(0, 1, len(texts), dtype=np.float32)

    plain = Retriever(generation, model).retrieve("Verfügungsfonds", 10)
    turned = Retriever(generation, model, Contrary()).retrieve("Verfügungsfonds", 10)

    assert ids(turned) != ids(plain)
