"""The lexical index finds words, parts, headings and typos, in one order, within a scope."""

import random

import pytest

from corpus.errors import GenerationError
from corpus.german import Analyser
from corpus.lexical import LexicalEntry, LexicalIndex, Weighted, build, occurrences
from corpus.types import Scope

TEXTS = {
    "a": "Das Quartiersmanagement vermittelt im Quartier.",
    "b": "Die Bewohnerbeteiligung braucht Zeit. Beteiligung der Bewohner.",
    "c": "Förderung der Stadtentwicklung nach § 171e BauGB, 40.000 Euro.",
    "d": "Am 12. Mai 2015 kam die Stadt. Bewohner fragten nach Entwicklung und Beteiligung.",
    "e": "Lärm und Luft.",
}


def make_entry(id, text, document="heft", workshop=None, title="", heading=""):
    """Return an entry of which only some fields matter."""
    return LexicalEntry(id, document, workshop, title, heading, text)


def open_index(folder, entries, analyser):
    """Build and open an index; return a function that searches it."""
    build(folder, entries, analyser)
    index = LexicalIndex.open(folder)
    return lambda query, k=10, *scope: index.search(analyser.analyse(query), k, *scope)


@pytest.fixture
def make_index(tmp_path):
    """Index entries whose words are only stemmed."""
    return lambda entries, name="index": open_index(tmp_path / name, entries, Analyser())


@pytest.fixture(scope="module")
def search(tmp_path_factory):
    """Search the texts above, analysed by their own words."""
    entries = [make_entry(id, text) for id, text in TEXTS.items()]
    analyser = Analyser.learn(TEXTS.values())
    return open_index(tmp_path_factory.mktemp("texte") / "index", entries, analyser)


def ids(hits):
    """Return the ids of hits."""
    return [id for id, _ in hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Was macht das Quartiermanagement?", "a"),
        ("Quartirsmanagment", "a"),
        ("§ 171e", "c"),
        ("40 000 Euro", "c"),
        ("12.05.2015", "d"),
        ("im Mai 2015", "d"),
        ("laerm", "e"),
    ],
)
def test_finds_what_was_meant(search, query, first):
    """Spellings, typos, numbers, dates and references lead to the passage."""

    assert ids(search(query))[0] == first


def test_a_word_finds_compounds_and_a_compound_its_words(search):
    """Parts count in passages and in queries, less than the word itself."""

    assert set(ids(search("Beteiligung"))[:2]) == {"b", "d"}
    assert ids(search("Bewohnerbeteiligung"))[:2] == ["b", "d"]


def test_scores_are_a_share_of_the_best(search):
    """The best in both rankings has 1, all others less, none zero."""
    hits = search("Beteiligung der Bewohner")

    assert hits[0][1] == pytest.approx(1, abs=1e-6)
    assert all(0 < score <= 1 + 1e-6 for _, score in hits)
    assert [score for _, score in hits] == sorted((s for _, s in hits), reverse=True)


def test_heading_and_title_count_for_the_passage(make_index):
    """A passage is found by what stands above it, but its own words weigh more."""
    search = make_index(
        [
            make_entry("kopf", "Ein Satz ohne das Wort.", heading="Verstetigung"),
            make_entry("titel", "Noch ein Satz.", title="Gesundheit im Viertel"),
            make_entry("text", "Die Verstetigung gelingt ganz."),
        ]
    )

    assert ids(search("Verstetigung")) == ["text", "kopf"]
    assert ids(search("Gesundheit")) == ["titel"]


def test_heading_and_title_are_found_despite_a_slip(make_index):
    """Their grams are indexed too, and count less than the text's."""
    search = make_index(
        [
            make_entry("kopf", "Ein Satz ohne das Wort.", heading="Verstetigung"),
            make_entry("titel", "Noch ein Satz.", title="Nachbarschaftstreff im Viertel"),
            make_entry("text", "Die Verstetigung gelingt ganz."),
        ]
    )

    assert ids(search("Verstettigung")) == ["text", "kopf"]
    assert ids(search("Nachbarschaftstref")) == ["titel"]


def test_weights_decide_which_word_counts(tmp_path):
    """A word of a low weight brings its passage less than one of full weight, in both fields."""
    entries = [make_entry("a", "Der Park ist grün."), make_entry("b", "Der Markt ist laut.")]
    analyser = Analyser()
    build(tmp_path / "index", entries, analyser)
    index = LexicalIndex.open(tmp_path / "index")
    park, market = analyser.analyse("Park"), analyser.analyse("Markt")

    assert ids(index.search([Weighted(park, 1.0), Weighted(market, 0.3)], 2)) == ["a", "b"]
    assert ids(index.search([Weighted(park, 0.3), Weighted(market, 1.0)], 2)) == ["b", "a"]
    assert index.search([Weighted(park, 1.0)], 2) == index.search(park, 2)
    assert index.search([], 2) == []


def test_passages_named_come_besides_with_their_scores(tmp_path):
    """They get what a longer search gives them; those without any term stay away."""
    entries = [make_entry(id, text) for id, text in TEXTS.items()]
    analyser = Analyser.learn(TEXTS.values())
    build(tmp_path / "index", entries, analyser)
    index = LexicalIndex.open(tmp_path / "index")
    asked = analyser.analyse("Beteiligung der Bewohner im Quartier")
    found = dict(index.search(asked, 10))

    best = next(iter(found))
    others = [id for id in found if id != best]
    assert dict(index.search(asked, 1, Scope(), others)) == pytest.approx(found)
    assert ids(index.search(asked, 1, Scope(), [*others, "e", "fremd"])) == list(found)
    assert ids(index.search(asked, 1, Scope(), [best])) == [best]


def test_contributions_add_up_to_the_score(tmp_path):
    """Each term has its part in the score, and nothing else has."""
    entries = [make_entry(id, text, heading="Beteiligung") for id, text in TEXTS.items()]
    analyser = Analyser.learn(TEXTS.values())
    build(tmp_path / "index", entries, analyser)
    index = LexicalIndex.open(tmp_path / "index")
    asked = [
        Weighted(analyser.analyse("Bewohnerbeteiligung im Quartier"), 1.0),
        Weighted(analyser.analyse("Beteiligung Stadt"), 0.3),
    ]
    found = dict(index.search(asked, 10))
    parts = index.contributions(asked, list(found))

    assert found.keys() == parts.keys()
    for id, score in found.items():
        assert sum(part.score for part in parts[id]) == pytest.approx(score, abs=1e-5)
        assert {part.field for part in parts[id]} == {"words", "grams"}


def test_occurrences_say_where_a_term_comes_from():
    """What is indexed of a passage, by field and by place."""
    entry = make_entry("a", "Lärm und Luft", title="Werkstatt", heading="Lärm")
    found = occurrences(entry, Analyser())

    assert found["words"]["words"]["larm"] == 2
    assert found["words"]["heading"]["larm"] == 1
    assert found["words"]["title"]["werkstatt"] == 1
    assert found["grams"]["text"]["larm"] == 2 * found["grams"]["heading"]["larm"] == 2
    assert "luft" not in found["grams"]["heading"]


def test_scope_filters_and_keeps_the_order(make_index):
    """Within a workshop or document order and scores are those of the whole collection."""
    entries = [
        make_entry(f"{i:02}", f"Stadt {'Stadt ' * (i % 5)}und Quartier {i}", f"d{i % 3}", i % 4)
        for i in range(40)
    ]
    search = make_index(entries)
    every = search("Stadt Quartier", 40)

    for scope in (
        Scope(workshop=2),
        Scope(document="d1"),
        Scope(workshop=0, document="d2"),
        Scope(workshops=(1, 3)),
        Scope(documents=("d0", "d2"), workshop=1),
        Scope(documents=("d0", "d2"), workshops=(0, 2)),
    ):
        allowed = [
            e.id
            for e in entries
            if scope.workshop in (None, e.workshop) and scope.document in (None, e.document)
            if not scope.workshops or e.workshop in scope.workshops
            if not scope.documents or e.document in scope.documents
        ]
        assert search("Stadt Quartier", 40, scope) == [hit for hit in every if hit[0] in allowed]
    assert search("Stadt", 5, Scope(workshop=9)) == []


def test_ties_come_by_id_even_at_the_edge(make_index):
    """Equal passages come in order of their ids, however few are wanted."""
    entries = [make_entry(f"{i:03}", "Immer derselbe Satz zur Stadt.") for i in range(90)]
    random.Random(3).shuffle(entries)  # noqa: S311  # not for secrets
    search = make_index(entries)

    for k in (1, 5, 40):
        assert ids(search("Stadt", k)) == [f"{i:03}" for i in range(k)]


def test_two_builds_give_the_same_hits(make_index):
    """The order in which entries come doesn't matter."""
    chance = random.Random(1)  # noqa: S311  # not for secrets
    vocabulary = " ".join(TEXTS.values()).split()
    entries = [
        make_entry(f"{i}", " ".join(chance.choices(vocabulary, k=20)), workshop=i % 3)
        for i in range(300)
    ]
    one = make_index(entries, "eins")
    two = make_index(entries[::-1], "zwei")

    for _ in range(50):
        query = " ".join(chance.choices(vocabulary, k=3))
        assert one(query, 10) == two(query, 10)


def test_nothing_to_search_finds_nothing(make_index):
    """Stop words, unknown words, an empty query and an empty index give no hits."""
    search = make_index([make_entry("a", TEXTS["a"])])

    assert search("Wer und was?") == search("") == search("Xyzzy") == search("Quartier", 0) == []
    assert make_index([], "leer")("Quartier") == []


def test_index_folder_may_be_read_only_and_stays_as_it_is(tmp_path):
    """Opening and searching neither needs to write nor does."""
    analyser = Analyser()
    folder = tmp_path / "index"
    build(folder, [make_entry(id, text) for id, text in TEXTS.items()], analyser)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    index = LexicalIndex.open(folder)
    index.search(analyser.analyse("Quartier"), 3)
    assert len(index) == len(TEXTS)
    index.close()

    assert {path: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("damage", ["missing", "empty", "meta"])
def test_damaged_index_is_named(tmp_path, damage):
    """What can't be opened is an error that names the folder."""
    folder = tmp_path / "index"
    if damage == "empty":
        folder.mkdir()
    if damage == "meta":
        build(folder, [make_entry("a", "Text")], Analyser())
        (folder / "meta.json").write_text("{")

    with pytest.raises(GenerationError, match="index"):
        LexicalIndex.open(folder)
