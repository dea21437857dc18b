"""Answers, citations and sources for tests: each shows only the fields that matter."""

from assistant.types import Answer, Citation, Segment
from corpus.types import Document, Passage, Scope, Span
from ui.web.answer.panel import Source

VERSION = "ab" * 32


def make_citation(number=1, **fields):
    """Return a citation of workshop 3 on printed page 12."""
    given = {
        "key": f"z{number}",
        "document": "werkstatt-03",
        "title": "Dokumentation der dritten Werkstatt",
        "workshop": 3,
        "workshop_title": "Sicherheit und Kriminalprävention",
        "section": ("Eckdaten", "Ort und Termin"),
        "page_index": 13,
        "page_label": "12",
        "quote": "Die Werkstatt fand in Bochum statt.",
        "located": "exact",
        "version": VERSION,
        "origin": "",
        "passage": "p1",
        "start": 0,
        "end": 35,
    }
    return Citation(number=number, **{**given, **fields})


def make_answer(*texts, citations=None, **fields):
    """Return an answer whose segments all rest on citation 1, unless given otherwise."""
    cited = citations if citations is not None else (make_citation(quote=" ".join(texts)),)
    given = {
        "status": "answered",
        "question": "Wo war die Werkstatt?",
        "query": "Wo war die Werkstatt?",
        "scope": Scope(),
        "segments": tuple(Segment(text, ("z1",), "verbatim") for text in texts),
        "citations": tuple(cited),
    }
    return Answer(**{**given, **fields})


def make_document(**fields):
    """Return the document of ``make_citation``, with 20 pages labelled from "-1" on."""
    given = {
        "id": "werkstatt-03",
        "version": VERSION,
        "key": "k",
        "file": "werkstatt-03.pdf",
        "source": "/sammlung/werkstatt-03.pdf",
        "collection": "/sammlung",
        "title": "Dokumentation der dritten Werkstatt",
        "category": "Werkstatt",
        "date": "2017-11",
        "page_labels": tuple(str(number) for number in range(-1, 19)),
    }
    return Document(**{**given, **fields})


def make_passage(text="Die Werkstatt fand in Bochum statt. Sie begann früh.", **fields):
    """Return the passage of ``make_citation``."""
    given = {
        "id": "p1",
        "document": "werkstatt-03",
        "ordinal": 0,
        "section": ("Eckdaten", "Ort und Termin"),
        "kind": "text",
        "start": 0,
        "end": len(text),
        "sentences": (Span(0, len(text)),),
        "pages": (13,),
    }
    return Passage(text=text, **{**given, **fields})


def make_source(citation=None, document=None, passage=None, page=13, change=""):
    """Return a source open on the cited page."""
    shown = (citation or make_citation(), document or make_document(), passage or make_passage())
    return Source(0, *shown, page, change)
