"""The evaluation itself is under test: four broken builds are caught, each by name."""

from dataclasses import replace

import pytest

from assistant import pipeline
from assistant.answer import cite as citing
from assistant.answer import findings, gate
from assistant.answer.select import Run as Quoted
from assistant.evaluation import summary
from assistant.evaluation.compare import compare
from assistant.evaluation.comparison import LABELS
from assistant.evaluation.metrics import EVIDENCE_RECALL, STRICT_VITAL
from assistant.evaluation.verdict import regression
from corpus import german

WORSE_BY = 0.05


def means(run):
    """Return the means over all items."""
    return {name: mean.value for name, mean in summary.table(run)[0].means.items()}


@pytest.fixture
def before(sound_run):
    """The figures of the sound build."""
    return means(sound_run)


def test_wrong_page_numbers(monkeypatch, measure, sound_run, before):
    """Pages one too high: locator_page is 0, and a fault names the page."""

    def one_too_high(runs, documents):
        segments, citations = citing.cite(runs, documents)
        return segments, tuple(
            replace(c, page_index=None if c.page_index is None else c.page_index + 1)
            for c in citations
        )

    monkeypatch.setattr(pipeline, "cite", one_too_high)
    broken = measure(sample=0)

    assert before["locator_page"] == 1.0
    assert means(broken)["locator_page"] < 0.5
    assert means(broken)["strict_vital"] == before["strict_vital"]
    assert any("eine falsche Seite" in fault for fault in summary.faults(broken))
    assert regression(compare(sound_run, broken))


def test_one_citation_too_many(monkeypatch, measure, before):
    """A further quote that proves nothing: citation_precision falls, the rest stays."""
    choose = findings.select

    def with_another(query, units, **named):
        chosen = choose(query, units, **named)
        worst = units[-1] if units else None
        if not chosen or any(worst in run for run in chosen):
            return chosen
        return [*chosen, Quoted(worst.passage, worst.index, worst.index, worst.score)]

    monkeypatch.setattr(findings, "select", with_another)
    broken = means(measure(sample=0))

    assert broken["citation_precision"] < before["citation_precision"] - WORSE_BY
    assert broken["citation_recall"] >= before["citation_recall"]
    assert broken["evidence_recall@10"] == before["evidence_recall@10"]


def test_threshold_at_zero(monkeypatch, measure, sound_run, before):
    """A gate that lets everything through: refusal_recall falls, false_refusal with it."""
    monkeypatch.setattr(gate, "THRESHOLD", 0.0)
    broken = measure(sample=0)

    assert means(broken)["refusal_recall"] < before["refusal_recall"] - WORSE_BY
    assert means(broken)["false_refusal"] <= before["false_refusal"]
    assert broken.header.settings["gate.THRESHOLD"] == "0.0"
    assert regression(compare(sound_run, broken))


def test_stemmer_switched_off(monkeypatch, measure, sound_run, before):
    """Questions that aren't stemmed as the index is: recall, ranking and answers fall."""
    # After opening: the canaries of a generation refuse to open with another analysis.
    broken = measure(lambda: monkeypatch.setattr(german, "_stem", lambda word: word), sample=0)
    named = " ".join(regression(compare(sound_run, broken))).casefold()

    assert means(broken)["ndcg@10"] < before["ndcg@10"]
    assert means(broken)["strict_vital"] < before["strict_vital"]
    assert LABELS[EVIDENCE_RECALL].casefold() in named or LABELS[STRICT_VITAL].casefold() in named
