"""A citation has to resolve, to name its place, and to be the right one."""

from dataclasses import replace

import pytest

from assistant.evaluation.citations import Passages, against_gold, faults, locators, resolvability
from assistant.evaluation.source import relevance
from assistant.types import Segment
from corpus.types import WordBox
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    answered,
    make_evidence,
    make_item,
    make_observation,
)


class PagedSource(FakeSource):
    """A document whose first passage begins on page 1 and ends on page 2."""

    def passages(self, document):
        first, *rest = super().passages(document)
        middle = first.text.index("vier")
        boxes = tuple(
            WordBox(start, end, page, 0, 0, 9, 9)
            for start, end, page in ((0, middle, 1), (middle, len(first.text), 2))
        )
        return (replace(first, pages=(1, 2), boxes=boxes, workshop=3), *rest)


SOURCE = PagedSource(heft=SENTENCES)
PASSAGES = Passages(SOURCE)
ITEM = make_item()
SOUND = answered(ITEM, SOURCE, 0)


def changed(**fields):
    """Return the sound answer with another citation."""
    (citation,) = SOUND.citations
    return replace(SOUND, citations=(replace(citation, **fields),))


def test_sound_citation_has_no_fault():
    """What the assistant gives is accepted, in all figures."""
    assert not list(faults(SOUND, PASSAGES))
    assert resolvability(SOUND, PASSAGES)["citation_resolvability"] == 1.0
    assert set(locators(SOUND, PASSAGES).values()) == {1.0}


@pytest.mark.parametrize(
    "fields",
    [
        {"passage": "gibtesnicht"},
        {"document": "anderes"},
        {"version": "0" * 64},
        {"quote": SENTENCES[0].replace("vier", "sechs")},
        {"quote": "", "start": 0, "end": 0},
        {"start": 3},
    ],
)
def test_invented_citations_are_faults(fields):
    """A citation that doesn't lead to its very words counts as wrong and is named."""
    observation = changed(**fields)

    assert list(faults(observation, PASSAGES)) == ["Der Beleg 1 lässt sich nicht auflösen."]
    assert resolvability(observation, PASSAGES)["citation_resolvability"] == 0.0
    assert set(locators(observation, PASSAGES).values()) == {0.0}


def test_cited_passage_was_found():
    """A citation of a passage that wasn't among the hits is a fault."""
    observation = replace(SOUND, hits=SOUND.hits[1:])

    assert "nicht gefunden" in next(faults(observation, PASSAGES))


def test_segments_and_citations_belong_together():
    """A key without citation, and a citation without segment, are both faults."""
    unknown = replace(SOUND, segments=(Segment(SENTENCES[0], ("z1", "z9"), "verbatim"),))
    unused = replace(SOUND, segments=(Segment(SENTENCES[0], (), "none"),))

    assert list(faults(unknown, PASSAGES)) == [
        "Der Beleg „z9“ wird genannt, aber nicht mitgeliefert."
    ]
    assert list(faults(unused, PASSAGES)) == ["Der Beleg 1 gehört zu keinem Satz der Antwort."]
    assert resolvability(unused, PASSAGES)["citation_coverage"] == 0.0


@pytest.mark.parametrize(
    ("fields", "figure", "fault"),
    [
        ({"page_index": 2}, "locator_page", "eine falsche Seite"),
        ({"page_index": None}, "locator_page", "eine falsche Seite"),
        ({"page_label": "7"}, "locator_label", "eine falsche Seitenzahl"),
        ({"section": ("Anderes",)}, "locator_section", "einen falschen Abschnitt"),
        ({"workshop": 4}, "locator_workshop", "eine falsche Werkstatt"),
        ({"workshop_title": "Anders"}, "locator_workshop", "eine falsche Werkstatt"),
    ],
)
def test_wrong_places_are_named(fields, figure, fault):
    """Each part of the place has its own figure and fault, so a wrong page is seen by name."""
    figures = locators(changed(**fields), PASSAGES)

    assert [name for name, value in figures.items() if value == 0.0] == [figure]
    assert list(faults(changed(**fields), PASSAGES)) == [f"Der Beleg 1 nennt {fault}."]


def test_page_is_that_of_the_quote():
    """A quote from the end of a passage stands on that page, not on the passage's first one."""
    quote = SENTENCES[0][SENTENCES[0].index("vier") :]
    fields = {"quote": quote, "start": SENTENCES[0].index("vier")}

    first = locators(changed(**fields), PASSAGES)
    second = locators(changed(**fields, page_index=2, page_label="2"), PASSAGES)

    assert (first["locator_page"], first["locator_label"]) == (0.0, 0.0)
    assert (second["locator_page"], second["locator_label"]) == (1.0, 1.0)


def test_precision_and_recall_against_the_gold():
    """Two of three citations right: precision 2/3, and all groups cited: recall 1."""
    item = make_item(evidence=[make_evidence(), make_evidence("e2", SENTENCES[1], group="B")])
    figures = against_gold(answered(item, SOURCE, 0, 1, 2), item, relevance(item, SOURCE))

    assert round(figures["citation_precision"], 3) == 0.667
    assert figures["citation_recall"] == 1.0


def test_one_citation_too_many_lowers_precision():
    """The same answer with a further, unfitting citation is worse, by this figure alone."""
    relevant = relevance(ITEM, SOURCE)
    lean = against_gold(SOUND, ITEM, relevant)
    fat = against_gold(answered(ITEM, SOURCE, 0, 2), ITEM, relevant)

    assert lean["citation_precision"] == 1.0
    assert fat == {**lean, "citation_precision": 0.5, "passage_precision": 0.5}


def test_right_passage_with_the_wrong_sentence():
    """Only the lenient figure forgives quoting something else from the right passage."""
    source = FakeSource(heft=(" ".join(SENTENCES),))
    passage, document = source.passages("heft")[0], source.documents["heft"]
    observation = answered(ITEM, source, 0)
    (citation,) = observation.citations
    other = replace(citation, quote=SENTENCES[2], start=passage.text.index(SENTENCES[2]))

    figures = against_gold(replace(observation, citations=(other,)), ITEM, relevance(ITEM, source))

    assert document.id == "heft"
    assert figures["citation_precision"] == 0.0
    assert figures["passage_precision"] == 1.0


def test_refusal_has_recall_zero_and_no_precision():
    """Refusing can't raise a figure."""
    assert against_gold(make_observation(ITEM), ITEM, {}) == {"citation_recall": 0.0}


def test_places_are_compared_with_the_gold_item():
    """Section and page that a person noted are a second opinion on the library."""
    right = make_item(evidence=[make_evidence(pages=["1"], section=["Teil", "Kapitel"])])
    wrong = make_item(evidence=[make_evidence(pages=["9"], section=["Anderes"])])
    relevant = relevance(ITEM, SOURCE)

    assert against_gold(SOUND, right, relevant)["gold_page"] == 1.0
    assert against_gold(SOUND, right, relevant)["gold_section"] == 1.0
    assert against_gold(SOUND, wrong, relevant)["gold_page"] == 0.0
    assert against_gold(SOUND, wrong, relevant)["gold_section"] == 0.0


def test_documents_that_must_not_be_cited():
    """Resting on an outdated document is seen."""
    item = make_item(must_not_cite=["heft"])

    assert against_gold(SOUND, item, {})["must_not_cite"] == 1.0
    assert against_gold(make_observation(item), item, {})["must_not_cite"] == 0.0
