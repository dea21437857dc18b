"""Where to read on: only what stands in the collection, nearest first."""

from assistant.answer import nearby
from assistant.answer.cite import cite
from assistant.answer.units import Run
from corpus.library import Outline
from corpus.types import Document, Hit, Passage, Span


def make_document(id="heft", **fields):
    """Return a booklet of three pages."""
    given = {"version": "v", "key": id, "file": "", "source": "", "collection": "", "title": id}
    given |= {"category": "Themenheft", "page_labels": ("i", "1", "2")}
    return Document(id, **{**given, **fields})


def make_passage(id, section=("A",), document="heft", text="Ein Satz.", **fields):
    """Return a passage on the second page."""
    given = {"ordinal": 0, "kind": "text", "start": 0, "end": len(text), "pages": (1,)}
    spans = (Span(0, len(text)),)
    return Passage(id, document, section=section, text=text, sentences=spans, **{**given, **fields})


class Shelf:
    """Documents with their passages in order."""

    def __init__(self, *passages, **categories):
        self.all = {passage.id: passage for passage in passages}
        names = dict.fromkeys(passage.document for passage in passages)
        self.documents = {
            name: make_document(name, category=categories.get(name, "Themenheft")) for name in names
        }

    def outlines(self, document):
        """Return a document's passages."""
        mine = [p for p in self.all.values() if p.document == document]
        return [
            Outline(p.id, p.document, p.workshop, n, p.section, p.kind, p.text)
            for n, p in enumerate(mine)
        ]

    def passages(self, ids):
        """Return passages by id."""
        return [self.all[id] for id in ids]

    def read_on(self, cited, hits=()):
        """Return what is offered beside citations of some passages."""
        runs = [Run(self.all[id], 0, 0, 1.0) for id in cited]
        ranked = [Hit(self.all[id], 1.0, n) for n, id in enumerate(hits, 1)]
        citations = cite(runs, self.documents)[1]
        lent = (self.documents, self.outlines, self.passages)
        return nearby.read_on(citations, ranked, *lent)

    def contact(self, *hits):
        """Return whom to ask where these came nearest."""
        ranked = [Hit(self.all[id], 1.0, n) for n, id in enumerate(hits, 1)]
        return nearby.contact(ranked, self.documents, self.outlines, self.passages)


BOOKLET = (
    make_passage("vorwort", ()),
    make_passage("a1", ("A",)),
    make_passage("b1", ("A", "B")),
    make_passage("b2", ("A", "B")),
    make_passage("c1", ("C",)),
)


def test_the_sections_around_are_offered():
    """What stands after goes first, by its first passage."""
    found = Shelf(*BOOKLET).read_on(["b2"])

    assert [(near.why, near.passage, near.page_label) for near in found] == [
        ("after", "c1", "1"),
        ("before", "a1", "1"),
    ]


def test_a_part_without_heading_is_not_offered():
    """It has no name; at the end of a document nothing follows."""
    shelf = Shelf(*BOOKLET)

    assert [near.passage for near in shelf.read_on(["a1"])] == ["b1"]
    assert [near.passage for near in shelf.read_on(["c1"])] == ["b1"]


def test_another_workshop_is_offered_where_the_search_found_it():
    """Not the one that is cited, nor what lies far down the ranking."""
    own = make_passage("eigene", workshop=1)
    other = make_passage("andere", document="bericht", workshop=2)
    shelf = Shelf(own, other)

    assert [n.why for n in shelf.read_on(["eigene"], ["eigene", "andere"])] == ["workshop"]
    far = ["eigene"] * nearby.NEAR_RANK + ["andere"]
    assert shelf.read_on(["eigene"], far) == ()


def test_neighbours_in_a_list_mean_nothing():
    """Glossary and catalogue are sorted by letter or number."""
    shelf = Shelf(*BOOKLET, heft="Glossar")

    assert shelf.read_on(["b1"]) == ()


def test_no_more_than_a_glance():
    """Many cited documents still give few places, each once."""
    several = [make_passage(f"{d}{s}", (s,), document=d) for d in "xyz" for s in ("A", "B", "C")]
    found = Shelf(*several).read_on(["xB", "yB", "zB"])

    assert [near.passage for near in found] == ["xC", "yC", "zC"]


def test_the_nearest_places_are_named_once():
    """Two passages of one section on one page are one place."""
    shelf = Shelf(*BOOKLET)
    hits = [Hit(passage, 1.0, 1) for passage in BOOKLET[1:]]
    found = nearby.nearest(hits, shelf.documents)

    assert [nearby.name(near) for near in found] == [
        "heft › A (S. 1)",
        "heft › B (S. 1)",
        "heft › C (S. 1)",
    ]


def test_a_contact_is_quoted_as_it_stands():
    """By its heading or by its line; the nearest hit's workshop goes before."""
    line = "Ansprechpartnerin im Amt: Frau Muster, Zimmer 3"
    text = f"Der Fonds hilft.\n{line}\nMehr dazu später."
    other = make_passage("zwei", ("2. Kontakt",), text="Herr Beispiel", workshop=2)
    shelf = Shelf(make_passage("eins", text=text, workshop=1), other)

    (first,) = shelf.contact("eins")
    (second,) = shelf.contact("zwei")
    assert (first.quote, first.passage) == (line, "eins")
    assert first.quote in shelf.all["eins"].text
    assert (second.quote, second.why) == ("Herr Beispiel", "contact")


def test_speaking_of_contacts_is_no_contact():
    """„Es hält den Kontakt“ names nobody."""
    text = "Das Quartiersmanagement hält den Kontakt.\nKontakte zu Betrieben: viele."
    assert Shelf(make_passage("eins", text=text)).contact("eins") == ()
