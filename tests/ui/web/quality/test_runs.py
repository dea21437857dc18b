"""The tab „Messungen“ without a browser: what it shows and what a press does."""

import re
from dataclasses import replace

import pytest

from corpus.errors import GenerationError
from tests.ui.fake_service import FakeService
from tests.ui.pages import Page
from tests.ui.payloads import PAYLOADS
from tests.ui.test_evaluation_report import CASES, make_header, make_run
from ui.evaluation import summary
from ui.evaluation.measurements import Listing, Measurements, Odd
from ui.evaluation.places import LOOKS, RUN
from ui.quality import Quality
from ui.web.quality import comparison_view, runs_actions, runs_view
from ui.web.quality.measuring import Measuring, MeasuringError, State

DAYS = ("21", "22", "23")
SPITEFUL = " ".join(PAYLOADS)


@pytest.fixture
def folder(tmp_path):
    """Three runs; the newest is worse."""
    for day in DAYS:
        run = make_run(right=day != "23", cases=CASES)
        run = replace(run, header=make_header(started=f"2026-11-{day}T10:00:00+00:00"))
        Measurements(tmp_path).keep(run)
    return tmp_path


@pytest.fixture
def runs(folder):
    """The runs in the folder."""
    return Measurements(folder)


def name_of(day):
    """Return the name of a day's run."""
    return f"2026-11-{day}T100000-dev"


def pressing(act, day):
    """Return what the browser sends."""
    return f"{act}-{runs_view.key(name_of(day))}"


# What is shown


def test_the_list_names_each_run_by_words_and_heads(runs):
    """German date, split, counts, state, four figures with intervals, whether aims are reached."""
    page = Page(runs_view.listing(runs.listing()))
    heads = [e.text for e in page.find("th", scope="col")]
    rows = page.find("th", scope="row")

    assert heads[:3] == ["Messung", "Gefundene Belege", "Genannte Kernaussagen"]
    assert len(heads) == 6
    assert [row.text[:10] for row in rows] == ["23.11.2026", "22.11.2026", "21.11.2026"]
    assert "dev, 3 Fragen in 3 Wortlauten" in rows[0].text
    assert "Programm 0.1.0, Stand abc" in rows[0].text
    assert [b.attributes["id"] for b in page.find("button")] == [
        pressing("show", day) for day in reversed(DAYS)
    ]
    cells = [e.text for e in page.find("td")]
    assert cells[1].startswith("Genannte Kernaussagen50,0\xa0%")
    assert cells[1].endswith("offen")
    assert cells[0].endswith("Ziel erreicht")


def test_broken_promises_stand_in_the_list(runs):
    """Said in words, whatever the figures are."""
    entry = replace(runs.listing().runs[0], faults=2)

    assert "2-mal eine Zusage verletzt" in Page(runs_view.listing(Listing((entry,)))).text


def test_an_empty_list_says_what_to_do():
    """There is a next step."""
    page = Page(runs_view.listing(Listing()))

    assert "Starten Sie oben die erste" in page.text
    assert not page.find("table")


def test_what_can_not_be_shown_is_named():
    """Only what is ours may be removed; a folder's name is text."""
    odd = (Odd(SPITEFUL, "ist beschädigt.", removable=True), Odd("fremd", "fehlt.", False))
    page = Page(runs_view.listing(Listing((), odd)))

    assert "ist beschädigt." in page.text
    assert [b.text for b in page.find("button")] == ["Löschen"]
    assert not page.find("script") + page.find("img")


def test_one_run_shows_verdict_figures_and_pictures(runs):
    """Each picture with its sentence and its figures; all addresses are our own."""
    page = Page(runs_view.detail(name_of("23"), *runs.told(name_of("23"))))
    images = page.find("img")

    assert "Die festen Zusagen halten" in page.find("div", class_="light")[0].text
    assert [e.text for e in page.find("p", class_="value")][:2] == ["100,0\xa0%", "50,0\xa0%"]
    assert [i.attributes["src"].rpartition("/")[2] for i in images] == [
        *("stufen.svg", "fundstellen.svg", "risiko.svg", "dauer.svg"),
    ]
    assert all(i.attributes["alt"] and i.attributes["width"] == "400" for i in images)
    assert len(page.find("details")) == len(images) + 1
    # The four tables of figures and the heat table
    assert len(page.find("table")) == len(images) + 1
    assert page.find("th", scope="row")
    assert {a.attributes["href"].rpartition("/")[2] for a in page.find("a")} == {
        *("bericht.html", "bericht.md", "run.json"),
    }


def test_a_run_of_the_test_split_says_how_often_it_was_looked_at(runs):
    """In the detail, as in the report."""
    run = replace(make_run(), header=make_header(split="test", looks=3))

    assert "3-mal angesehen" in Page(runs_view.detail("x", run, summary.tell(run))).text


def test_foreign_text_stays_text(tmp_path):
    """Questions, quotes and broken invariants of a run act nowhere."""
    run = make_run(question=SPITEFUL, right=False)
    score = replace(run.scores[1], faults=(SPITEFUL,))
    run = replace(run, scores=(run.scores[0], score, run.scores[2]))
    old = replace(make_run(question=SPITEFUL), items=run.items)
    shown = runs_view.detail("x", run, summary.tell(run))
    Measurements(tmp_path).keep(replace(old, header=make_header(commit=SPITEFUL)))
    later = replace(run, header=make_header(started="2026-11-24T10:00:00+00:00", commit="b"))
    Measurements(tmp_path).keep(later)
    result = runs_actions.compared(Measurements(tmp_path), name_of("23"), name_of("24"))

    for part in (shown, result):
        assert "alert(1)" in Page(part).text
        assert not re.search(r"<(script|svg|iframe|object|style|form)|<[^>]* on\w+=", part)
        assert "gradio_api" not in re.sub(r">[^<]*<", "><", part)


@pytest.mark.parametrize(
    ("state", "words", "value"),
    [
        (State("running", "dev", done=0, total=0), "Sammlung und Prüffragen öffnen …", None),
        (
            State("running", "dev", "Fragen stellen", 112, 449),
            "Fragen stellen: 112 von 449 Wortlauten.",
            "112",
        ),
        (
            State("running", "dev", "Fragen stellen", 300, 449, 18.0),
            "Dieser Schritt dauert noch etwa 20 Sekunden.",
            "300",
        ),
        (
            State("running", "dev", "Fragen stellen", 50, 449, 170.0),
            "noch etwa 3 Minuten.",
            "50",
        ),
        (State("running", "dev", "Fragen stellen", 449, 449, 0.0), "Werten …", None),
        (State("running", "dev", "Bericht schreiben"), "Bericht schreiben …", None),
        (State("cancelling", "dev", "Fragen stellen", 3, 9), "Wird abgebrochen …", None),
    ],
)
def test_progress_is_told_in_words_and_as_a_bar(state, words, value):
    """A bar without a value while nothing is counted."""
    page = Page(runs_view.progress(state))
    bar = page.find("progress")[0]

    assert words in page.text
    assert bar.attributes.get("value") == value
    assert bar.attributes["aria-label"].startswith("Fortschritt: ")


def test_a_failure_is_told_and_an_end_is_not():
    """What went wrong stays to be read; what went well is the list's to tell."""
    failed = State("failed", "dev", message="Bitte lesen Sie ein.")

    assert "Bitte lesen Sie ein." in runs_view.progress(failed)
    for phase in ("idle", "done", "cancelled"):
        assert runs_view.progress(State(phase)) == ""


def test_a_cancelled_look_stays_counted():
    """And the person is told so."""
    assert "bleibt gezählt" in runs_view.announcement(State("cancelled", "test"))
    assert "gezählt" not in runs_view.announcement(State("cancelled", "dev"))


# What a press does


def test_a_run_is_shown_asked_about_kept_and_removed(runs, folder):
    """Only the last of four presses changes anything."""
    shown = runs_actions.press(runs, pressing("show", "22"))
    asked = runs_actions.press(runs, pressing("ask", "22"))
    kept = runs_actions.press(runs, pressing("keep", "22"))

    assert Page(shown.detail).find("article")[0].attributes["id"] == f"detail-{key('22')}"
    assert "Endgültig löschen" in asked.detail
    assert "Ganzer Bericht" not in asked.detail
    assert kept == shown
    assert (folder / name_of("22")).exists()

    removed = runs_actions.press(runs, pressing("drop", "22"))
    assert not (folder / name_of("22")).exists()
    assert removed.detail == ""
    assert removed.relist
    assert "Messung vom 22.11.2026" in removed.said


def key(day):
    """Return the key of a day's run."""
    return runs_view.key(name_of(day))


def test_what_is_left_of_a_run_is_removed_after_a_question(runs, folder):
    """A foreign folder isn't, whatever the browser sends."""
    (folder / name_of("21") / RUN).write_text("{", encoding="utf-8")
    (folder / "fremd").mkdir()
    asked = runs_actions.press(runs, pressing("ask", "21"))
    kept = runs_actions.press(runs, pressing("keep", "21"))
    foreign = runs_actions.press(runs, f"drop-{runs_view.key('fremd')}")

    assert "Endgültig löschen" in asked.detail
    assert kept.detail == ""
    assert (folder / name_of("21")).exists()
    assert foreign.said == runs_view.said(runs_actions.GONE, wrong=True)
    assert (folder / "fremd").exists()

    runs_actions.press(runs, pressing("drop", "21"))
    assert not (folder / name_of("21")).exists()


@pytest.mark.parametrize(
    "name", [None, 7, "", "show-", "show-../../etc", "drop-" + "a" * 17, "SHOW-" + "a" * 16]
)
def test_other_names_do_nothing(runs, name):
    """Whatever the browser sends only selects among what is there."""
    assert runs_actions.press(runs, name) == runs_actions.Outcome()


def test_a_run_that_is_gone_brings_a_fresh_list(runs):
    """Another person may have removed it meanwhile."""
    gone = runs_actions.press(runs, "show-" + "a" * 16)

    assert gone.relist
    assert "gibt es nicht mehr" in gone.said


def test_the_test_split_has_to_be_asked_for_twice(tmp_path):
    """Without the confirmation nothing starts; dev needs none."""
    splits = []

    def measure(split, progress):
        splits.append(split)
        return make_run()

    measuring = Measuring(measure, Measurements(tmp_path))
    with pytest.raises(MeasuringError, match="für eine Veröffentlichung"):
        runs_actions.start(measuring, "test", for_release=False)

    assert not measuring.state().busy
    assert splits == []


def test_the_note_says_how_often_test_was_looked_at(tmp_path):
    """From the file beside the questions."""
    quality = Quality(FakeService(), tmp_path, tmp_path)
    assert "noch nie" in runs_actions.release_note(quality)
    (tmp_path / LOOKS).write_text('{"when": "x"}\n{"when": "y"}\n', encoding="utf-8")

    assert "Bisher: 2-mal." in runs_actions.release_note(quality)


def test_what_stands_against_measuring_is_told(tmp_path, monkeypatch):
    """No questions, no documents, no collection: each with its remedy."""
    service = FakeService()
    assert runs_actions.obstacle(Quality(service, tmp_path, tmp_path)) == ""
    assert "--golden ORDNER" in runs_actions.obstacle(Quality(service, tmp_path, None))

    overview = replace(service.overview(), documents=())
    monkeypatch.setattr(service, "overview", lambda: overview)
    assert "sozialraum ingest" in runs_actions.obstacle(Quality(service, tmp_path, tmp_path))

    def fail():
        raise GenerationError("Es ist noch nichts eingelesen.")

    monkeypatch.setattr(service, "overview", fail)
    reason = runs_actions.obstacle(Quality(service, tmp_path, tmp_path))
    assert reason == "Es ist noch nichts eingelesen."


# Two compared


def test_two_runs_are_compared_in_words_and_figures(runs):
    """Verdict, table with intervals, p and what can be seen, changed questions, the report."""
    result = runs_actions.compared(runs, name_of("22"), name_of("23"))
    page = Page(result)
    heads = [e.text for e in page.find("th", scope="col")][:8]

    assert page.find("h3")[0].text == "Nicht entschieden"
    assert heads[3:6] == ["Unterschied und 95-%-Bereich", "p nach Holm", "Sichtbar ab"]
    assert "0 / 1 / 1" in [e.text for e in page.find("td")]
    assert "Was schlechter wurde (1 Wortlaut)" in page.text
    assert "Was besser wurde: nichts." in page.text
    case = page.find("details", class_="case")[0].text
    assert case.index("A, vorher") < case.index("B, nachher")
    link = page.find("a")[0].attributes
    assert link["href"] == f"/messung/{name_of('22')}/{name_of('23')}/vergleich.html"
    assert link["target"] == "_blank"


def test_runs_over_different_questions_are_not_compared(runs):
    """The reason and the remedy are told."""
    other = replace(make_run(), header=make_header(golden="x" * 64, started="2026-11-24T10:00:00"))
    runs.keep(other)
    refused = runs_actions.compared(runs, name_of("23"), name_of("24"))

    assert "lassen sich nicht vergleichen" in refused
    assert "Die Prüffragen sind nicht dieselben" in refused
    assert "Bitte wählen Sie erst beide" in runs_actions.compared(runs, None, name_of("23"))
    assert "zweimal dieselbe" in runs_actions.compared(runs, name_of("23"), name_of("23"))
    assert "gibt es nicht mehr" in runs_actions.compared(runs, "../x", name_of("23"))


def test_many_changed_questions_are_cut_with_a_word(runs):
    """The page stays small; the report has them all."""
    compared, run = runs.compared(name_of("22"), name_of("23"))
    many = replace(compared, changed=compared.changed * (comparison_view.MAX_SHOWN + 5))
    page = Page(comparison_view.result("a", "b", many, run))

    assert len(page.find("details", class_="case")) == comparison_view.MAX_SHOWN
    assert "5 weitere stehen im ganzen Vergleich." in page.text


def test_the_newest_two_over_the_same_questions_are_proposed(runs):
    """The older one first; alone, a run has no partner."""
    entries = runs.listing().runs
    other = replace(entries[1], header=replace(entries[1].header, golden="anders"))

    assert runs_view.newest_pair(entries) == (name_of("22"), name_of("23"))
    assert runs_view.newest_pair((entries[0], other, entries[2])) == (name_of("21"), name_of("23"))
    assert runs_view.newest_pair(entries[:1]) == (None, name_of("23"))
    assert runs_view.newest_pair(()) == (None, None)
    assert runs_view.choices(entries)[0] == (
        *("23.11.2026, 10:00 Uhr (UTC), dev, Programm 0.1.0, Stand abc", name_of("23")),
    )
