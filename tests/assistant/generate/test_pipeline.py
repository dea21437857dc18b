"""The model writes only where the retrieval gate found evidence, and only when it is configured."""

import subprocess
import sys

import pytest

from assistant.pipeline import Assistant
from corpus.catalogue import load_glossary
from corpus.generation import open_current
from corpus.store import Store
from ingest.pipeline import ingest
from tests.assistant.generate.cases import FUND, PLACE, TRUE, claim, claims, code_of, make_writer
from tests.assistant.generate.servers import Turn, serving
from tests.conftest import quiet

QUESTION = "Was gehört nicht in einen Verfügungsfonds?"


def reply(passages):
    """Say one true sentence of the fund."""
    quote = "Regelaufgaben der Stadt gehören nicht in einen Verfügungsfonds"
    return claims(claim(TRUE, code_of(passages, "Regelaufgaben"), quote))


@pytest.fixture(scope="module")
def parts(tmp_path_factory, default_model):
    """A generation of two documents and what an assistant needs beside it."""
    folder = tmp_path_factory.mktemp("unterlagen")
    for name, text in (("fonds", FUND), ("ort", PLACE)):
        (folder / f"{name}.md").write_text(f"# {name.title()}\n\n{text}\n", encoding="utf-8")
    store = Store(tmp_path_factory.mktemp("daten"))
    assert not ingest([folder], store, default_model, quiet).refused
    return open_current(store), default_model.load(), load_glossary()


def test_a_configured_model_writes_the_answer(parts):
    """One question, one request, one generative answer with a real citation."""
    with serving("openai", Turn(reply)) as script:
        answer = Assistant(*parts, writer=make_writer(script)).ask(QUESTION)

    assert (answer.mode, answer.status) == ("generative", "answered")
    assert [s.text for s in answer.segments] == [TRUE]
    assert answer.citations[0].quote == TRUE


def test_without_evidence_the_model_is_not_asked(parts):
    """A question the collection doesn't answer is refused before any request."""
    with serving("openai", Turn(reply)) as script:
        answer = Assistant(*parts, writer=make_writer(script)).ask(
            "Wer leitet das Hallenbad in Bochum?"
        )

    assert (answer.status, script.asked) == ("refused", [])


def test_a_failing_model_leaves_the_extractive_answer(parts):
    """The very answer that is given without a model, and a note."""
    plain = Assistant(*parts).ask(QUESTION)
    with serving("openai", Turn(status=500)) as script:
        answer = Assistant(*parts, writer=make_writer(script)).ask(QUESTION)

    assert (answer.segments, answer.citations) == (plain.segments, plain.citations)
    assert (plain.note, bool(answer.note)) == ("", True)


def test_the_stream_ends_with_the_answer(parts):
    """With a model it grows; without one there is a single step."""
    with serving("openai", Turn(reply)) as script:
        steps = list(Assistant(*parts, writer=make_writer(script)).ask_stream(QUESTION))

    assert [step.mode for step in steps] == ["generative"] * len(steps)
    assert len(list(Assistant(*parts).ask_stream(QUESTION))) == 1


def test_nothing_of_chat_models_is_imported_without_the_setting():
    """Neither by the command line nor by what builds the service."""
    code = (
        "import sys, ui.cli.main, ui.llm, assistant.pipeline; from ui.settings import Settings; "
        "assert ui.llm.writer(Settings()) is None; "
        "names = {m.split('.')[0] for m in sys.modules}; "
        "sys.exit(bool(names & {'langchain_openai', 'langchain_ollama', 'openai', 'ollama'}))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_contradiction_stays_in_the_words_of_the_sources(tmp_path, default_model):
    """A model could settle it without knowing; it isn't asked, and the reader is told why."""
    folder = tmp_path / "unterlagen"
    folder.mkdir()
    for name, figure in (("bilanz", 178), ("rueckblick", 160)):
        text = f"Am Programm Nordstern nahmen 2017 insgesamt {figure} Kommunen teil."
        (folder / f"{name}.md").write_text(f"# {name.title()}\n\n{text}\n", encoding="utf-8")
    store = Store(tmp_path / "daten")
    ingest([folder], store, default_model, quiet)
    own = open_current(store), default_model.load(), load_glossary()
    with serving("openai", Turn(reply)) as script:
        answer = Assistant(*own, writer=make_writer(script)).ask(
            "Wie viele Kommunen nahmen am Programm Nordstern teil?"
        )

    assert (answer.mode, script.asked) == ("extractive", [])
    assert len(answer.differing) == 1
    assert "widersprechen" in answer.note


def test_the_time_a_model_takes_is_part_of_the_answer(parts):
    """Whoever waits can see for what."""
    with serving("openai", Turn(reply)) as script:
        took = Assistant(*parts, writer=make_writer(script)).ask(QUESTION).timings_ms

    assert 0 < took["formulieren"] <= took["gesamt"]
