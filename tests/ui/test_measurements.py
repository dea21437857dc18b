"""The folder of runs: listed, read, compared, removed, and nothing else touched."""

import json
from dataclasses import replace

import pytest

from assistant.evaluation.compare import CompareError
from assistant.evaluation.run import RunError
from corpus.errors import DataFolderError, UnknownItemError
from tests.ui.test_evaluation_report import make_header, make_run
from ui.evaluation.files import write_run
from ui.evaluation.measurements import WRITTEN, Entry, Measurements
from ui.evaluation.places import REPORT, RUN, folder_name

OLD, NEW = "2026-11-22T100000-dev", "2026-11-23T100000-dev"


@pytest.fixture
def folder(tmp_path):
    """A folder with two runs, the newer one worse."""
    for day, right in (("22", True), ("23", False)):
        run = make_run(right=right)
        run = replace(run, header=make_header(started=f"2026-11-{day}T10:00:00+00:00"))
        Measurements(tmp_path).keep(run)
    return tmp_path


@pytest.fixture
def runs(folder):
    """The runs in it."""
    return Measurements(folder)


def test_a_folder_is_named_as_the_command_names_it():
    """Moment and split, without colons."""
    assert folder_name("2026-11-23T10:00:00+00:00", "dev") == NEW


def test_runs_are_listed_newest_first(runs):
    """With what the list shows of each."""
    found = runs.listing()

    assert [entry.name for entry in found.runs] == [NEW, OLD]
    assert [entry.asked for entry in found.runs] == [3, 3]
    assert [f.value for f in found.runs[0].primary if f.name == "strict_vital"] == [0.5]
    assert found.odd == ()


def test_a_run_is_kept_with_its_three_files(runs, folder):
    """And no draft stays behind."""
    assert sorted(path.name for path in (folder / NEW).iterdir()) == [REPORT, "bericht.md", RUN]
    assert sorted(path.name for path in folder.iterdir()) == [OLD, NEW]
    assert runs.run(NEW).header.started == "2026-11-23T10:00:00+00:00"


def test_what_is_no_run_is_named_and_hides_no_run(runs, folder, tmp_path_factory):
    """Damaged, half written, foreign, linked: each with its reason; ours may be removed."""
    (folder / "kaputt").mkdir()
    (folder / "kaputt" / RUN).write_text("{", encoding="utf-8")
    (folder / "leer").mkdir()
    (folder / "halb-dev.neu").mkdir()
    (folder / "notiz.txt").write_text("x", encoding="utf-8")
    (folder / "Mit Leerzeichen").mkdir()
    (folder / "link").symlink_to(tmp_path_factory.mktemp("fremd"))
    found = runs.listing()

    assert len(found.runs) == 2
    assert {odd.name: odd.removable for odd in found.odd} == {
        "kaputt": True,
        "halb-dev.neu": True,
        "leer": False,
        "notiz.txt": False,
        "Mit Leerzeichen": False,
        "link": False,
    }
    assert all(odd.reason.endswith(".") for odd in found.odd)


def test_a_run_whose_figures_make_no_sense_is_named(runs, folder):
    """A file that has a run's form, and lacks what its scores speak of."""
    content = json.loads((folder / OLD / RUN).read_text(encoding="utf-8"))
    content["scores"] = []
    (folder / OLD / RUN).write_text(json.dumps(content), encoding="utf-8")
    found = runs.listing()

    assert [entry.name for entry in found.runs] == [NEW]
    assert [(odd.name, odd.removable) for odd in found.odd] == [(OLD, True)]


def test_a_changed_file_is_read_anew(runs, folder):
    """What is remembered is what the file says."""
    runs.listing()
    write_run(replace(make_run(), header=make_header(commit="neu")), folder / NEW)

    entry = runs.listing().runs[0]
    assert isinstance(entry, Entry)
    assert entry.header.commit == "neu"


def test_no_folder_yet_is_an_empty_list(tmp_path):
    """Before the first run there is none; keeping one makes it."""
    runs = Measurements(tmp_path / "evaluations")

    assert runs.listing().runs == ()
    runs.keep(make_run())
    assert len(runs.listing().runs) == 1


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../geheim", "/etc", ".versteckt", "a/b", f"{NEW}/", "a\\b", "x" * 90, "fehlt"],
)
def test_only_runs_of_the_folder_can_be_named(folder, name):
    """Guessed names and paths lead nowhere, neither to read nor to remove."""
    geheim = folder.parent / "geheim"
    geheim.mkdir(exist_ok=True)
    (geheim / RUN).write_text("{}", encoding="utf-8")
    runs = Measurements(folder)

    for attempt in (runs.run, runs.remove, lambda given: runs.file(given, REPORT)):
        with pytest.raises(UnknownItemError):
            attempt(name)
    assert (geheim / RUN).exists()


@pytest.mark.parametrize("file", ["../../library.sqlite", "run.json.new", "", "fremd.html"])
def test_only_our_files_are_handed_out(runs, folder, file):
    """Also where such a file lies in a run's folder."""
    (folder / NEW / "fremd.html").write_text("x", encoding="utf-8")

    with pytest.raises(UnknownItemError):
        runs.file(NEW, file)


def test_links_are_not_followed(runs, folder, tmp_path_factory):
    """Neither a run's folder nor its file may be one."""
    secret = tmp_path_factory.mktemp("fremd") / RUN
    secret.write_text("geheim", encoding="utf-8")
    (folder / "link").symlink_to(secret.parent)
    (folder / NEW / REPORT).unlink()
    (folder / NEW / REPORT).symlink_to(secret)

    for name, file in (("link", RUN), (NEW, REPORT)):
        with pytest.raises(UnknownItemError):
            runs.file(name, file)


def test_two_runs_are_compared(runs):
    """The newer one lost a question."""
    compared, run = runs.compared(OLD, NEW)

    assert [c.item for c in compared.changed] == ["frist-002"]
    assert run.header.started.startswith("2026-11-23")


def test_what_does_not_compare_is_refused(runs, folder):
    """A run with itself, or runs over different questions."""
    other = replace(make_run(), header=make_header(golden="x" * 64))
    write_run(other, folder / "anders")

    for old, new in ((NEW, NEW), (OLD, "anders")):
        with pytest.raises(CompareError):
            runs.compared(old, new)


def test_removing_takes_the_folder_and_all_we_wrote(runs, folder):
    """Comparisons of the command line included."""
    for file in WRITTEN:
        (folder / NEW / file).write_text("x", encoding="utf-8")

    assert runs.remove(NEW) == ""
    assert [path.name for path in folder.iterdir()] == [OLD]
    with pytest.raises(UnknownItemError):
        runs.remove(NEW)


def test_removing_leaves_what_we_did_not_write(runs, folder):
    """And says so."""
    (folder / NEW / "notizen.txt").write_text("wichtig", encoding="utf-8")

    assert "notizen.txt" in runs.remove(NEW)
    assert [path.name for path in (folder / NEW).iterdir()] == ["notizen.txt"]


def test_a_damaged_run_can_not_be_opened(runs, folder):
    """It is named as such."""
    (folder / NEW / RUN).write_text("[]", encoding="utf-8")

    with pytest.raises(RunError):
        runs.run(NEW)


def test_a_run_that_can_not_be_written_is_an_error_with_a_remedy(tmp_path):
    """Where the folder can't be made."""
    (tmp_path / "evaluations").write_text("x", encoding="utf-8")

    with pytest.raises(DataFolderError, match="Bitte prüfen Sie den freien Platz"):
        Measurements(tmp_path / "evaluations").keep(make_run())
