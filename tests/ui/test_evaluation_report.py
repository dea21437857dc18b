"""Reports of runs and comparisons: complete, safe, readable, and right about what is good."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from assistant.evaluation.calibrate import Case
from assistant.evaluation.compare import compare
from assistant.evaluation.metrics import EVIDENCE_RECALL, FALSE_REFUSAL, REFUSAL_RECALL
from assistant.evaluation.statistics import Interval
from assistant.evaluation.types import RUN_SCHEMA, Header, Run, Score
from corpus.embedder import Fingerprint
from tests.assistant.evaluation.values import (
    FakeSource,
    answered,
    make_item,
    make_observation,
    make_unanswerable,
)
from tests.ui.pages import Page
from ui.evaluation import comparison, files, report, summary, threshold, words
from ui.evaluation.summary import Figure

SPITEFUL = '<script>alert(1)</script> <img src=x onerror="y"> | `a` **b** [c](http://boese.example)'
SOURCE = FakeSource(heft=["Die Frist beträgt vier Wochen nach Zugang des Bescheids der Stadt."])


def make_header(**fields):
    """Return a header; the first three fields must agree to compare."""
    given = {
        "golden": "g" * 64,
        "collection": "c" * 64,
        "scorer": "s" * 16,
        "split": "dev",
        "items": 3,
        "questions": 3,
        "generation": "000001-cccccccc",
        "embedder": Fingerprint("model", "d" * 64, 8),
        "analyser": "1",
        "settings": {"gate.THRESHOLD": "0.35"},
        "program": "0.1.0",
        "commit": "abc",
        "machine": "Linux, 2 Kerne",
        "started": "2026-11-23T10:00:00+00:00",
        "seconds": 12.5,
        "looks": 0,
        "schema": RUN_SCHEMA,
    }
    return Header(**{**given, **fields})


def make_run(right=True, question="Wie lang ist die Frist?", **fields):
    """Return a run of two answerable items and one without answer; the second may be lost."""
    first = make_item("frist-001", question=question)
    second = make_item("frist-002", question="Welche Frist gilt?")
    third = make_unanswerable("ohne-001", question="Wer gewann?")
    seen = (
        answered(first, SOURCE, 0, timings_ms={"gesamt": 12.0, "suchen": 4.0}),
        answered(second, SOURCE, 0, timings_ms={"gesamt": 20.0, "suchen": 5.0})
        if right
        else make_observation(second, hint="Nichts gefunden.", timings_ms={"gesamt": 20.0}),
        make_observation(third, hint="Nichts gefunden."),
    )
    return Run(
        header=make_header(),
        items=(first, second, third),
        quarantined=(),
        observations=seen,
        scores=(
            Score("frist-001", 0, "question", found(1.0), nuggets={"n1": True}),
            Score(
                *("frist-002", 0, "question", found(float(right)), {"n1": right}),
                failure=None if right else "refused",
            ),
            Score("ohne-001", 0, "question", {REFUSAL_RECALL: 1.0}),
        ),
        **fields,
    )


def found(vital):
    """Return the figures of an answerable question."""
    recall = {f"evidence_recall@{k}": 1.0 for k in (3, 5, 10, 20)}
    sound = {"citation_resolvability": 1.0, "verbatim": 1.0, "locator_page": 1.0}
    return {**recall, **sound, "strict_vital": vital, FALSE_REFUSAL: 1 - vital}


def written(run):
    """Return the report of a run."""
    return report.html(run, summary.tell(run))


def body(html):
    """Return the parsed page."""
    return Page(html[html.index("<main") : html.index("</main>") + len("</main>")])


CASES = (Case(0.9, True, 1.0), Case(0.4, True, 0.5), Case(0.2, False, 0.0), Case(0.5, False, 0.0))


# -- what is told ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "low", "high", "judged"),
    [
        (EVIDENCE_RECALL, 0.9, 0.85, 0.95, "Ziel erreicht"),
        (EVIDENCE_RECALL, 0.88, 0.85, 0.91, "offen"),
        (EVIDENCE_RECALL, 0.5, 0.4, 0.6, "Ziel verfehlt"),
        (FALSE_REFUSAL, 0.05, 0.03, 0.08, "Ziel erreicht"),
        (FALSE_REFUSAL, 0.07, 0.04, 0.12, "offen"),
        (FALSE_REFUSAL, 0.2, 0.15, 0.25, "Ziel verfehlt"),
        ("ndcg@10", 0.1, 0.0, 0.2, None),
    ],
)
def test_a_figure_is_judged_by_its_aim(name, value, low, high, judged):
    """Reached, open where chance could explain it, missed; less may be better."""
    assert Figure(name, value, Interval(low, high, "bca"), 100).judged == judged


def test_the_verdict_names_what_is_lost_most():
    """Plain sentences: promises, figures, where to look."""
    said = summary.verdict(summary.tell(make_run(right=False)))

    assert said[0].startswith("Die festen Zusagen halten")
    assert "50\N{NO-BREAK SPACE}% zu Unrecht abgelehnt" in said[1]
    assert "abgelehnt, obwohl der Beleg vorlag (1 von 3 Wortlauten)" in said[2]


def test_a_broken_promise_comes_first():
    """Faults are counted, named and marked in every form."""
    sound = make_run()
    fault = "Der Beleg 1 nennt eine falsche Seite."
    figures = {**sound.scores[0].figures, "locator_page": 0.0}
    broken = replace(
        sound,
        scores=(replace(sound.scores[0], faults=(fault,), figures=figures), *sound.scores[1:]),
    )
    told = summary.tell(broken)

    assert summary.verdict(told)[0].startswith("1 feste Zusage ist verletzt")
    assert [c.broken for c in told.checks] == [0, 0, 1]
    assert f"FEHLER  frist-001#0: {fault}" in summary.text(broken, told)
    assert fault in summary.markdown(broken, told)
    assert fault in written(broken)
    assert "VERLETZT" in written(broken)
    assert summary.as_object(broken, told)["faults"] == [f"frist-001#0: {fault}"]


def test_every_figure_has_a_name_and_a_meaning():
    """Nothing a scorer yields is shown under its technical name."""
    for name in (*summary.PRIMARY, *summary.SECONDARY):
        assert words.label(name) != name
        assert words.METRICS[name].meaning.endswith(".")
    assert set(words.stages()) == set(words.FAILURES)


def test_looks_at_the_test_split_are_told():
    """In all forms, with what it means."""
    run = replace(make_run(), header=make_header(split="test", looks=3))
    told = summary.tell(run)

    for form in (summary.text(run, told), summary.markdown(run, told), written(run)):
        assert "3-mal angesehen" in form


# -- the page -------------------------------------------------------------------------------


def test_the_report_needs_nothing_else():
    """German, no script, no address, a policy against both."""
    html = written(make_run(cases=CASES))

    assert html.startswith('<!DOCTYPE html>\n<html lang="de">')
    assert "default-src 'none'" in html
    assert not re.search(r"<script|<link|@import|url\(|(?:src|href)=|https?:", html)


def test_foreign_text_is_only_text():
    """Questions, answers and hints can't become markup, neither in HTML nor in Markdown."""
    run, other = (make_run(right, question=SPITEFUL) for right in (False, True))
    refused = replace(run.observations[1], hint=SPITEFUL)
    run = replace(run, observations=(run.observations[0], refused, run.observations[2]))
    other = replace(
        other,
        observations=(replace(other.observations[0], query="anders"), *other.observations[1:]),
    )
    compared = compare(run, other)
    page = body(written(run))

    assert SPITEFUL in page.text
    assert not page.find("script") + page.find("img") + page.find("a")
    assert SPITEFUL in body(comparison.html(compared, run)).text
    line = next(x for x in comparison.markdown(compared).splitlines() if "alert" in x)
    assert "<script>" not in line
    assert "\\[c\\]" in line
    assert line.count(" | ") == 4


def test_every_drawing_speaks():
    """Each has a title, a description and its figures as a table; nothing is colour alone."""
    page = body(written(make_run(right=False, cases=CASES)))
    drawings = page.find("svg")

    assert len(drawings) == 4
    for drawing in drawings:
        assert drawing.attributes["role"] == "img"
        ids = drawing.attributes["aria-labelledby"].split()
        assert [e.name for id in ids for e in page.find("title", id=id) + page.find("desc", id=id)]
        assert [child.name for child in drawing.children[:2]] == ["title", "desc"]
        assert all(child.text for child in drawing.children[:2])
    for plot in page.find("div", class_="plot"):
        assert [child.name for child in plot.children] == ["svg", "details"]
        assert "Werte als Tabelle" in plot.children[1].text


def test_the_order_is_that_of_the_design():
    """What a person needs first comes first: evaluation.md, 5.5."""
    headings = [e.text for e in body(written(make_run(right=False, cases=CASES))).find("h2")]

    assert headings == [
        "Die wichtigsten Werte",
        "Feste Zusagen",
        "Wo Antworten verloren gingen",
        "Nach der Art der Frage",
        "Werkstatt und Art der Frage",
        "Wie weit vorn die Belege stehen",
        "Wie gut die Ablehnung trennt",
        "Wie lange es dauert",
        "Alle weiteren Werte",
        "Prüfung der Wertung",
        "Zurückgestellte Fragen",
    ]


def test_each_lost_question_is_shown_with_what_was_expected():
    """Question, answer or hint, what is missing, the evidence."""
    page = body(written(make_run(right=False)))
    (case,) = page.find("details", class_="case")

    assert "Welche Frist gilt? frist-002, Wortlaut 1" in case.text
    for said in ("abgelehnt: Nichts gefunden.", "Es fehlt", "vier Wochen", "Erwarteter Beleg"):
        assert said in case.text


def test_a_run_without_cases_says_so():
    """No curve is drawn from nothing."""
    html = unescape(written(make_run()))

    assert "nicht mit offenem Tor gefragt" in html
    assert 'id="risiko-titel"' not in html


def test_stale_items_are_named():
    """A quarantined item is told in every form."""
    run = replace(make_run(), quarantined=("frist-009",))

    assert "frist-009" in written(run)
    assert "frist-009" in summary.text(run, summary.tell(run))


# -- comparisons ----------------------------------------------------------------------------


def test_a_comparison_shows_old_beside_new():
    """Verdict, gate, primary metrics, forest plot, and each changed question twice."""
    compared = compare(make_run(), make_run(right=False))
    page = body(comparison.html(compared, make_run()))
    headings = [e.text for e in page.find("h2")]
    (beside,) = page.find("div", class_="beside")

    assert headings[:5] == [
        "Darf B ausgeliefert werden?",
        "Die Hauptwerte",
        "Die Unterschiede im Bild",
        "Was schlechter wurde",
        "Was besser wurde",
    ]
    assert "So darf B nicht ausgeliefert werden." in page.text
    assert "A, vorher" in beside.children[0].text
    assert "vier Wochen" in beside.children[0].text
    assert "Nichts gefunden." in beside.children[1].text
    assert page.find("svg")


def test_a_comparison_in_words():
    """Sentence first; figures, gate and changed questions after it."""
    compared = compare(make_run(), make_run(right=False))
    text = comparison.text(compared)

    assert text.startswith(f"{compared.verdict.upper()}: {compared.sentence}")
    assert "− frist-002#0  Welche Frist gilt?" in text
    assert "beantwortet → abgelehnt, obwohl der Beleg vorlag" in text
    assert compared.sentence.split(".")[0] in comparison.markdown(compared)
    assert json.loads(json.dumps(comparison.as_object(compared)))["gate"]["state"] == "gesperrt"


def test_nothing_changed_is_said():
    """Equal runs: not decided, and no question is listed."""
    compared = compare(make_run(), make_run())

    assert "Keine Antwort ist anders." in comparison.text(compared)
    assert "Keine Frage." in body(comparison.html(compared, make_run())).text


# -- files ----------------------------------------------------------------------------------


def test_a_written_run_is_read_again(tmp_path):
    """By its file and by its folder; an equal run."""
    run = make_run(cases=CASES)
    paths = files.write_run(run, tmp_path / "neu" / "lauf")

    assert sorted(p.name for p in (tmp_path / "neu" / "lauf").iterdir()) == [
        *("bericht.html", "bericht.md", "run.json"),
    ]
    assert files.read_run(paths["run"]) == run
    assert files.read_run(tmp_path / "neu" / "lauf") == run


def project(folder, text):
    """Return a project folder with a page of documentation and a gate."""
    (folder / "docs").mkdir()
    (folder / "assistant" / "answer").mkdir(parents=True)
    (folder / "docs" / "evaluation.md").write_text(text, encoding="utf-8")
    gate = folder / "assistant" / "answer" / "gate.py"
    gate.write_text("# x\n\nTHRESHOLD = 0.35\n", encoding="utf-8")
    return folder


def test_the_evidence_of_the_threshold_is_kept(tmp_path):
    """Between its marks, replacing what was there; the value stays, its line is named."""
    run = make_run(cases=CASES)
    page = f"# Vorher\n{threshold.BEGIN}\nalt\n{threshold.END}\nNachher\n"
    home = project(tmp_path, page)
    kept = threshold.keep(threshold.evidence(run), home)
    text = kept.read_text(encoding="utf-8")

    assert text.startswith("# Vorher\n")
    assert text.endswith(f"{threshold.END}\nNachher\n")
    assert "\nalt\n" not in text
    assert "### Schwelle" in text
    assert "assistant/answer/gate.py, Zeile 3" in threshold.advice(run, kept, home)
    assert "THRESHOLD = 0.35" in (home / "assistant" / "answer" / "gate.py").read_text(
        encoding="utf-8"
    )


def test_without_a_place_the_evidence_is_only_printed(tmp_path):
    """A page without marks stays as it is, and so does an installed program without docs."""
    home = project(tmp_path, "# Nichts\n")

    assert threshold.keep("## Schwelle 0,3\n", home) is None
    assert threshold.keep("## Schwelle 0,3\n", tmp_path / "assistant") is None
    assert (home / "docs" / "evaluation.md").read_text(encoding="utf-8") == "# Nichts\n"
    assert "steht nur hier" in threshold.advice(make_run(cases=CASES), None, home)
