"""Values for tests of the evaluation: each shows only the fields that matter."""

import hashlib

from assistant.evaluation.golden import Item, split_of
from assistant.evaluation.types import Observation, Retrieved
from assistant.types import Citation, Segment
from corpus.types import Scope
from tests.factories import make_reading

SENTENCES = (
    "Die Frist beträgt vier Wochen nach Zugang des Bescheids der Stadt.",
    "Über den Antrag entscheidet der Beirat des Quartiers in seiner Sitzung.",
    "Der Fonds wird zur Hälfte von privaten Gebern des Quartiers getragen.",
)


def make_evidence(id="e1", quote=SENTENCES[0], **fields):
    """Return the raw evidence of an item."""
    given = {"group": "A", "doc": "heft", "workshop": None, "section": ["Kapitel"], "grade": 2}
    return {"id": id, "quote": quote, **given, **fields}


def make_nugget(id="n1", terms=("vier Wochen",), evidence=("e1",), importance="vital", **match):
    """Return a raw nugget that needs one of the terms."""
    return {
        "id": id,
        "importance": importance,
        "text": " / ".join(terms),
        "match": {"all_of": [{"any_of": list(terms)}], **match},
        "evidence": list(evidence),
    }


def raw_item(id="frist-001", **fields):
    """Return an item as YAML has it."""
    given = {
        "status": "active",
        "split": split_of(id),
        "tags": ["frist"],
        "type": "fact",
        "question": f"Wie lang ist die Frist ({id})?",
        "paraphrases": [],
        "answerable": "full",
        "none_reason": None,
        "none_hint": None,
        "evidence": [make_evidence()],
        "nuggets": [make_nugget()],
        "reference_answer": "Die Frist beträgt vier Wochen.",
        "provenance": {"source": "test", "created": "2026-11-22"},
    }
    return {"id": id, **given, **fields}


def raw_unanswerable(id="ohne-001", **fields):
    """Return an item without an answer as YAML has it."""
    given = {
        "type": "unanswerable",
        "answerable": "none",
        "none_reason": "not_in_corpus",
        "none_hint": "Auf das Heft zu Fristen verweisen.",
        "evidence": [],
        "nuggets": [],
        "reference_answer": None,
    }
    return raw_item(id, **{**given, **fields})


def make_item(id="frist-001", **fields):
    """Return an answerable item."""
    return Item.model_validate(raw_item(id, **fields))


def make_unanswerable(id="ohne-001", **fields):
    """Return an item without an answer."""
    return Item.model_validate(raw_unanswerable(id, **fields))


class FakeSource:
    """A collection in memory: one document of the given passages by id."""

    def __init__(self, **documents):
        self.readings = {id: make_reading(id, texts) for id, texts in documents.items()}
        self.documents = {id: reading.document for id, reading in self.readings.items()}

    def text(self, document):
        return self.readings[document].text

    def passages(self, document):
        return self.readings[document].passages


def make_hit(passage, score=1.0):
    """Return what an observation keeps of a hit."""
    return Retrieved(
        passage=passage.id,
        document=passage.document,
        workshop=passage.workshop,
        section=passage.section,
        pages=passage.pages,
        text_sha256=hashlib.sha256(passage.text.encode()).hexdigest(),
        score=score,
    )


def make_citation(passage, document, number=1, quote=None, **fields):
    """Return a sound citation of the passage, or of a part of it."""
    quote = passage.text if quote is None else quote
    start = passage.text.index(quote)
    page = passage.pages[0] if passage.pages else None
    given = {
        "key": f"z{number}",
        "number": number,
        "document": document.id,
        "title": document.title,
        "workshop": passage.workshop,
        "workshop_title": passage.workshop_title,
        "section": passage.section,
        "page_index": page,
        "page_label": "" if page is None else document.page_labels[page],
        "quote": quote,
        "located": "document" if page is None else "page",
        "version": document.version,
        "origin": "",
        "passage": passage.id,
        "start": start,
        "end": start + len(quote),
    }
    return Citation(**{**given, **fields})


def make_observation(item, *citations, **fields):
    """Return an answer of one segment a citation, or a refusal where there is no citation."""
    given = {
        "wording": 0,
        "form": "question",
        "question": item.question,
        "query": item.question,
        "scope": Scope(),
        "status": "answered" if citations else "refused",
        "reason": "" if citations else "not_in_corpus",
        "segments": tuple(Segment(c.quote, (c.key,), "verbatim") for c in citations),
        "citations": citations,
    }
    return Observation(item=item.id, **{**given, **fields})


def answered(item, source, *places, document="heft", **fields):
    """Return an answer that quotes the passages at the places whole, and found all passages."""
    passages = source.passages(document)
    cited = [
        make_citation(passages[place], source.documents[document], number)
        for number, place in enumerate(places, start=1)
    ]
    return make_observation(item, *cited, **{"hits": tuple(map(make_hit, passages)), **fields})
