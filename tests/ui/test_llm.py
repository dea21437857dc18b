"""Which model writes is said at the start, by doctor and in errors; none is used unasked."""

import pytest

from assistant.generate import ollama
from assistant.types import Segment
from corpus.errors import SozialraumError
from tests.assistant.generate.servers import Turn, serving
from tests.ui.answers import make_answer
from ui.cli.output import answer_text
from ui.contract import answer_object
from ui.llm import NONE, announcement, state, writer
from ui.settings import Settings
from ui.web.answer.render import answer as rendered


@pytest.fixture
def nobody(monkeypatch):
    """No Ollama answers on this machine: port 9 is the discard service's."""
    monkeypatch.setattr(ollama, "URL", "http://127.0.0.1:9")


def test_without_the_setting_there_is_no_model(nobody):
    """And the person learns what answers are then."""
    assert writer(Settings()) is None
    assert state(Settings()) == NONE


def test_an_ollama_on_this_machine_is_named_with_the_setting_that_uses_it(monkeypatch):
    """It isn't used."""
    with serving("ollama", Turn("x")) as script:
        monkeypatch.setattr(ollama, "URL", script.url)
        told = state(Settings())

        assert "SOZIALRAUM_LLM=ollama:kleines-modell:latest" in told
        assert script.asked == []


def test_the_configured_model_and_where_texts_go_are_told():
    """An address outside is visible to whoever starts the program; the key isn't."""
    settings = Settings(
        llm="openai:gross",
        llm_url="http://modell.example/v1",
        llm_key="geheim",
        llm_outside="on",
    )

    assert state(settings) == (
        "gross unter http://modell.example/v1; Fragen und Textabschnitte gehen dorthin."
    )
    assert "geheim" not in repr(settings) + repr(writer(settings))


@pytest.mark.parametrize(
    "url",
    [
        *("https://api.example.com/v1", "http://8.8.8.8/v1", "http://[2001:4860:4860::8888]/v1"),
        *("http://127.0.0.1.example.com/v1", "http://localhost.example.com/v1"),
    ],
)
def test_a_model_outside_the_house_needs_consent(url):
    """Nothing starts with it; the message names the address and both ways out."""
    settings = Settings(llm="openai:gross", llm_url=url)
    with pytest.raises(SozialraumError, match="SOZIALRAUM_LLM_OUTSIDE=on") as refused:
        writer(settings)

    assert refused.value.code == "ERR_LLM"
    assert url in str(refused.value)
    assert writer(settings.model_copy(update={"llm_outside": "on"})) is not None


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1:8000/v1", "http://localhost:8000/v1", "http://[::1]:8000/v1"),
        *("http://10.1.2.3/v1", "http://192.168.7.1/v1", "http://ki-server/v1"),
        *("http://ki.rathaus.local/v1", "https://ki.stadt.example/v1"),
    ],
)
def test_a_model_in_the_house_needs_none(url):
    """This machine, private addresses, names without a dot, and hosts named as internal."""
    settings = Settings(llm="openai:gross", llm_url=url, internal_hosts="ki.stadt.example")

    assert writer(settings) is not None


def test_a_model_that_ollama_lacks_is_named(nobody):
    """With the command that fetches it; without an Ollama, with the remedy for that."""
    with serving("ollama", Turn("x")) as script:
        with pytest.raises(SozialraumError, match="ollama pull fehlt"):
            state(Settings(llm="ollama:fehlt", llm_url=script.url))
        assert "kleines-modell" in state(Settings(llm="ollama:kleines-modell", llm_url=script.url))
    gone = Settings(llm="ollama:fehlt", llm_url="http://127.0.0.1:9")
    with pytest.raises(SozialraumError, match="kein Ollama"):
        state(gone)
    assert announcement(gone).startswith("ERR_LLM: ")


def test_the_note_and_what_is_unproven_reach_every_reader():
    """Page, command line and programs say the same."""
    segments = (Segment("Belegt.", ("z1",), "full"), Segment("Erfunden.", (), "none"))
    answer = make_answer("Belegt.", mode="generative", note="Das Modell ruht.", segments=segments)
    page, text = str(rendered(answer, 0)), answer_text(answer)

    assert answer_object(answer)["note"] == "Das Modell ruht."
    for shown in (page, text):
        assert "Das Modell ruht." in shown
        assert shown.count("nicht belegt") == 1
    assert "Erfunden. (nicht belegt)" in text
    assert "Belegt. [1]\n" in text
