"""Values for tests: each shows only the fields that matter."""

import hashlib

from corpus.types import Document, Passage, Reading, Section, Span
from ingest.sentences import split


def make_document(id="heft", **fields):
    """Return a document with sensible fields."""
    version = hashlib.sha256(id.encode()).hexdigest()
    given = {
        "version": version,
        "key": version[:24],
        "file": f"{id}.pdf",
        "source": f"/sammlung/{id}.pdf",
        "collection": "/sammlung",
        "title": id.capitalize(),
        "page_labels": ("i", "1", "2"),
    }
    return Document(id=id, **{**given, **fields})


def make_passage(text, document="heft", ordinal=0, start=0, **fields):
    """Return a passage whose units are the sentences of its text."""
    given = {
        "id": hashlib.sha256(f"{document}{ordinal}{text}".encode()).hexdigest()[:16],
        "section": ("Kapitel",),
        "kind": "text",
        "sentences": split(text),
    }
    return Passage(
        document=document,
        ordinal=ordinal,
        start=start,
        end=start + len(text),
        text=text,
        **{**given, **fields},
    )


def make_reading(id="heft", texts=("Ein Satz.", "Noch ein Satz."), **fields):
    """Return a reading of one section whose passages are the texts."""
    document = make_document(id, **fields)
    passages, start = [], 0
    for ordinal, text in enumerate(texts):
        passages.append(make_passage(text, id, ordinal, start))
        start += len(text) + 2
    whole = "\n\n".join(texts)
    section = Section(0, ("Kapitel",), 0, len(whole))
    return Reading(document, whole, (section,), tuple(passages))


def spans(*pairs):
    """Return spans of (start, end) pairs."""
    return tuple(Span(*pair) for pair in pairs)
