"""What the search fills in is right by the evaluation's own rules, for every sentence."""

from itertools import pairwise

import pytest

from assistant.evaluation import lint
from assistant.evaluation.citations import _page
from assistant.evaluation.find_evidence import (
    CANDIDATES,
    Candidate,
    EvidenceError,
    candidates,
    evidence,
    labels,
)
from assistant.evaluation.source import GenerationSource, relevance
from corpus.store import Store
from corpus.types import WordBox
from tests.assistant.evaluation.values import SENTENCES, make_citation, make_item
from tests.factories import make_document, make_passage, spans
from ui.local import LocalService


@pytest.fixture(scope="module")
def assistant(starter):
    """The assistant over the starter collection."""
    return LocalService(Store(starter), None).assistant()


def boxed(text, *pages, **fields):
    """Return a candidate whose words stand one on each page, the last ones on the last page."""
    starts = [0, *(n + 1 for n, sign in enumerate(text) if sign == " "), len(text) + 1]
    boxes = tuple(
        WordBox(a, b - 1, pages[min(n, len(pages) - 1)], 0, 0, 1, 1)
        for n, (a, b) in enumerate(pairwise(starts))
    )
    passage = make_passage(text, boxes=boxes, pages=tuple(sorted(set(pages))), **fields)
    return Candidate(passage, make_document(page_labels=("i", "1", "2", "")))


def test_every_sentence_found_makes_sound_evidence(assistant):
    """The quote stands in the document, in this passage; page, section, workshop are its own."""
    documents = assistant.generation.documents
    source = GenerationSource(assistant.generation)
    found = candidates(assistant, documents, "Verfügungsfonds für Bewohnerprojekte")

    assert len(found) == CANDIDATES
    made = 0
    for candidate in found:
        for place in range(len(candidate.sentences)):
            one = evidence(candidate, [place], id="e1")
            item = make_item(evidence=[one.model_dump()])
            made += 1
            assert not list(lint.quotes([item], source))
            assert candidate.passage.id in relevance(item, source)
            span = candidate.passage.sentences[place]
            quote = candidate.passage.text[span.start : span.end]
            said = make_citation(candidate.passage, candidate.document, quote=quote)
            page = _page(said, candidate.passage)
            label = candidate.document.page_labels[page] if page is not None else ""
            assert one.pages[:1] == ((label,) if label else ())
            assert (one.section, one.workshop) == (
                candidate.passage.section,
                candidate.passage.workshop,
            )
            assert one.doc_sha256 == candidate.document.version
    assert made > CANDIDATES


def test_following_sentences_make_one_quote():
    """Two sentences in a row are one quote, with the blank between them, in whatever order."""
    candidate = boxed(" ".join(SENTENCES), 1)

    assert evidence(candidate, [1, 0], id="e2", group="B", grade=1).quote == " ".join(SENTENCES[:2])
    assert evidence(candidate, [2], id="e3").quote == SENTENCES[2]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([], "zuerst die Sätze"),
        ([7], "zuerst die Sätze"),
        ([-1], "zuerst die Sätze"),
        ([0, 2], "nicht hintereinander"),
        ([0, 1, 2, 3], "höchstens 40"),
    ],
)
def test_what_is_no_quote_is_refused(chosen, said):
    """With a reason: nothing chosen, a gap, too long."""
    candidate = boxed(" ".join((*SENTENCES, SENTENCES[0])), 1)

    with pytest.raises(EvidenceError, match=said):
        evidence(candidate, chosen, id="e1")


def test_pages_are_the_printed_ones():
    """All pages the words stand on, in their order, as they are printed; without a print none."""
    over = boxed("Eins zwei drei.", 0, 1, 1)
    blank = boxed("Eins zwei.", 3)
    slide = Candidate(
        make_passage("Eins zwei.", pages=(2,)),
        make_document(page_labels=("Folie 1", "", "Folie 3")),
    )

    assert labels(over, 0, 15) == ("i", "1")
    assert labels(over, 5, 15) == ("1",)
    assert labels(blank, 0, 10) == ()
    assert labels(slide, 0, 4) == ("Folie 3",)
    assert labels(Candidate(make_passage("Eins."), make_document()), 0, 5) == ()


def test_rows_stand_on_one_line():
    """Cells of a row are parted by a space."""
    table = make_passage("Ort\tZahl\nNord\t3", kind="table", sentences=spans((0, 8), (9, 15)))

    assert Candidate(table, make_document()).sentences == ("Ort Zahl", "Nord 3")
