"""Evidence is found by its words, and ranking figures don't depend on ties or missing lists."""

from assistant.evaluation.retrieval import ranked, recall
from assistant.evaluation.source import relevance
from tests.assistant.evaluation.values import (
    SENTENCES,
    FakeSource,
    make_evidence,
    make_hit,
    make_item,
    make_observation,
    make_unanswerable,
)

FILLERS = tuple(f"Ganz anderer Text Nummer {n} ohne Bezug." for n in range(24))
TWO_GROUPS = [
    make_evidence("e1", SENTENCES[0]),
    make_evidence("e2", SENTENCES[1], group="B", workshop=3),
]


def seen(item, source, *texts, **fields):
    """Return an observation that found these texts in this order."""
    by_text = {p.text: p for id in source.documents for p in source.passages(id)}
    return make_observation(item, hits=tuple(make_hit(by_text[t]) for t in texts), **fields)


def test_evidence_is_found_whole_or_by_its_longer_half():
    """However the collection was cut, the passage with most of the quote is relevant."""
    words = SENTENCES[0].split()
    short, long = " ".join(words[:4]), " ".join(words[4:])
    source = FakeSource(heft=(short, long, *FILLERS))

    assert relevance(make_item(), source) == {source.passages("heft")[1].id: frozenset({"e1"})}


def test_evidence_counts_in_its_own_document_only():
    """The same sentence in a document that wasn't named is no evidence."""
    source = FakeSource(heft=FILLERS, anderes=SENTENCES)

    assert relevance(make_item(), source) == {}


def test_recall_counts_groups_up_to_each_cut():
    """One passage of a group is enough; each further group adds its share."""
    item = make_item(evidence=TWO_GROUPS)
    source = FakeSource(heft=(*SENTENCES, *FILLERS))
    hits = seen(item, source, SENTENCES[0], *FILLERS[:5], SENTENCES[1]).hits

    figures = recall(item, relevance(item, source), hits)

    assert figures["evidence_recall@3"] == figures["evidence_recall@5"] == 0.5
    assert figures["evidence_recall@10"] == figures["evidence_recall@20"] == 1.0


def test_right_document_without_the_passage():
    """Document recall tells that only the passage was missed; workshop recall that it was too."""
    item = make_item(evidence=TWO_GROUPS)
    source = FakeSource(heft=(*SENTENCES, *FILLERS))

    figures = recall(item, relevance(item, source), seen(item, source, *FILLERS[:3]).hits)

    assert figures["evidence_recall@20"] == 0.0
    assert figures["document_recall@10"] == 1.0
    assert figures["workshop_recall@10"] == 0.0


def test_without_workshops_there_is_no_workshop_recall():
    """A figure that can't be had is absent, not 0."""
    item = make_item()
    source = FakeSource(heft=SENTENCES)

    assert "workshop_recall@10" not in recall(item, relevance(item, source), ())


def test_ranking_by_hand():
    """RR and success at rank 2, and nDCG as the formula gives it, are what ir-measures says."""
    item = make_item()
    source = FakeSource(heft=(*SENTENCES, *FILLERS))
    observation = seen(item, source, FILLERS[0], SENTENCES[0], FILLERS[1])

    figures = ranked([observation], {item.id: item}, {item.id: relevance(item, source)})

    assert figures[item.id, 0]["rr@10"] == 0.5
    assert figures[item.id, 0]["success@5"] == 1.0
    assert round(figures[item.id, 0]["ndcg@10"], 4) == 0.6309  # 1 / log2(3)


def test_tied_scores_do_not_matter():
    """Hits of equal score keep their order: the first one is first for every measure."""
    item = make_item()
    source = FakeSource(heft=(*SENTENCES, *FILLERS))
    observation = seen(item, source, SENTENCES[0], *FILLERS[:8])
    assert len({hit.score for hit in observation.hits}) == 1

    figures = ranked([observation], {item.id: item}, {item.id: relevance(item, source)})

    assert figures[item.id, 0] == {"ndcg@10": 1.0, "rr@10": 1.0, "success@5": 1.0}


def test_nothing_found_is_zero_and_no_answer_is_absent():
    """Without hits or without relevant passages figures are 0; unanswerable questions have none."""
    item, lost, none = make_item("a-1"), make_item("a-2"), make_unanswerable()
    source = FakeSource(heft=SENTENCES)
    observations = [
        make_observation(item),
        seen(lost, source, *SENTENCES),
        seen(none, source, *SENTENCES),
    ]
    relevant = {item.id: relevance(item, source), lost.id: {}, none.id: {}}

    figures = ranked(observations, {i.id: i for i in (item, lost, none)}, relevant)

    assert set(figures) == {("a-1", 0), ("a-2", 0)}
    assert all(value == 0 for found in figures.values() for value in found.values())


def test_each_wording_is_a_question_of_its_own():
    """Wordings of one item have their own lists."""
    item = make_item()
    source = FakeSource(heft=(*SENTENCES, *FILLERS))
    good = seen(item, source, SENTENCES[0])
    bad = seen(item, source, FILLERS[0], wording=1, form="paraphrase")

    figures = ranked([good, bad], {item.id: item}, {item.id: relevance(item, source)})

    assert figures[item.id, 0]["rr@10"] == 1.0
    assert figures[item.id, 1]["rr@10"] == 0.0
