"""The model's ways to fail, over real HTTP: the reader always gets an answer and a note."""

import json
import logging
import threading

import pytest

from assistant.generate import ollama
from assistant.generate.breaker import LIMIT, REST_S, Breaker
from assistant.generate.model import MAX_CONTEXT, ModelFault, configured
from assistant.generate.prompt import Message
from corpus.errors import SozialraumError
from corpus.types import Hit
from tests.assistant.generate.cases import (
    DOCUMENTS,
    EXTRACTIVE,
    HITS,
    TRUE,
    good,
    make_writer,
    shown,
    write,
)
from tests.assistant.generate.servers import Turn, passages_of, serving
from tests.factories import make_passage

KINDS = ("openai", "ollama")


def is_extractive(answer, note):
    """Tell whether an answer is the extractive one with a note that says why."""
    return (
        answer.mode == "extractive"
        and answer.segments == EXTRACTIVE.segments
        and note in answer.note
        and "wörtlichen Fundstellen" in answer.note
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("turn", "note", "requests"),
    [
        (Turn(status=500), "meldet Fehler 500", 2),
        (Turn(status=429), "überlastet", 2),
        (Turn(status=401), "Schlüssel", 1),
        (Turn(good, cut_after=3), "mitten in der Antwort", 1),
        (Turn(good, prompt_tokens=40), "nur einen Teil", 1),
        (Turn("Ich weiß es leider nicht."), "keinen belegbaren Satz", 2),
        (Turn('{"claims": [], "reason": "steht nicht da"}'), "keine Antwort", 1),
    ],
)
def test_a_failing_model_leaves_the_extractive_answer(kind, turn, note, requests):
    """Errors, a broken stream, a cut prompt, no form: asked again only where it helps."""
    with serving(kind, turn) as script:
        assert is_extractive(write(script, kind), note)
        assert len(script.asked) == requests


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("turn", "bounds", "note"),
    [
        (Turn(good, first_delay_s=1.5), {"first_token_s": 0.3}, "nicht rechtzeitig begonnen"),
        (Turn(good, comments_s=1.5), {"first_token_s": 0.3}, "nicht rechtzeitig begonnen"),
        (Turn(good, pause_s=0.2), {"timeout_s": 0.6}, "gesetzten Zeit"),
    ],
)
def test_a_slow_model_is_given_up(kind, turn, bounds, note):
    """No byte, keep-alive only, and a trickle: each has its bound."""
    with serving(kind, turn) as script:
        assert is_extractive(write(script, kind, **bounds), note)


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_there(kind):
    """The server has gone."""
    with serving(kind, Turn(good)) as script:
        writer = make_writer(script, kind)

    assert is_extractive(writer.write(EXTRACTIVE, HITS, DOCUMENTS), "nicht erreichbar")
    with pytest.raises(ModelFault, match="nicht erreichbar"):
        list(writer.model.stream([Message("user", "Frage")]))


@pytest.mark.parametrize("kind", KINDS)
def test_one_slip_is_forgiven(kind):
    """A single error 500 is retried and not seen."""
    with serving(kind, Turn(status=500), Turn(good)) as script:
        answer = write(script, kind)

    assert (answer.mode, answer.note, len(script.asked)) == ("generative", "", 2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_that_cannot_hold_to_a_form_is_asked_without(kind):
    """And isn't asked for the form again."""
    with serving(kind, Turn(good, refuses_form=True)) as script:
        writer = make_writer(script, kind)
        modes = [writer.write(EXTRACTIVE, HITS, DOCUMENTS).mode for _ in range(2)]

    assert modes == ["generative", "generative"]
    assert len(script.asked) == 3


def test_the_repair_step_asks_for_the_form_once():
    """Prose first, JSON then: the second reply counts."""
    with serving("openai", Turn("Gern, das ist einfach."), Turn(good)) as script:
        answer = write(script)

    assert TRUE in shown(answer)
    assert [m["role"] for m in script.asked[1]["messages"]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]


def test_a_model_that_keeps_failing_rests():
    """After three failures nothing is sent, and the note says so."""
    with serving("openai", Turn(status=401)) as script:
        writer = make_writer(script)
        answers = [writer.write(EXTRACTIVE, HITS, DOCUMENTS) for _ in range(LIMIT + 2)]

    assert len(script.asked) == LIMIT
    assert is_extractive(answers[-1], "geschont")


def test_the_breaker_closes_after_its_rest():
    """A success forgets failures; after a rest one failure is enough for the next."""
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(LIMIT - 1):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert not breaker.rests

    for _ in range(LIMIT):
        breaker.failed()
    assert breaker.rests
    now[0] += REST_S
    assert not breaker.rests
    breaker.failed()
    assert breaker.rests


def test_closing_the_stream_ends_the_request():
    """The server notices that nobody listens any more."""
    with serving("openai", Turn("x" * 7000, pause_s=0.02)) as script:
        stream = make_writer(script).model.stream([Message("user", "Frage")])
        next(stream)
        stream.close()
        assert script.disconnected.wait(5)


def test_passages_are_left_out_whole_until_the_prompt_fits():
    """A small context gets fewer passages, never half a one; none that fits is a fault."""
    long = "Die Stelle berät Bewohnerinnen und Bewohner des Quartiers. " * 45
    hits = [Hit(make_passage(f"{n}. {long}", "fonds"), 1.0, n) for n in range(1, 5)]
    counts = []
    for context in (8192, 4096, 2048):
        with serving("openai", Turn('{"claims": [], "reason": ""}')) as script:
            answer = write(script, hits=hits, context=context)
        counts += [asked["messages"][1]["content"].count("</") for asked in script.asked]
        for asked in script.asked:
            passages = passages_of(asked["messages"][1]["content"]).values()
            assert all(text.endswith("Quartiers. ") for text in passages)

    assert counts == [4, 2]
    assert is_extractive(answer, "zu lang")


def test_ollama_says_how_much_its_model_reads():
    """Its context is asked for and used, up to a bound; what it doesn't say is the setting's."""
    for stated, used in ((2048, 2048), (131072, MAX_CONTEXT)):
        with serving("ollama", Turn(good), context_length=stated) as script:
            write(script, "ollama")
            assert script.asked == [] or script.asked[0]["options"]["num_ctx"] == used
    with serving("ollama", Turn(good), context_length=None) as script:
        assert make_writer(script, "ollama", context=3000).model.context() == 3000


def test_an_ollama_is_recognised_but_not_used():
    """Its models are named; where none answers, nothing is."""
    with serving("ollama", Turn(good)) as script:
        assert ollama.models(script.url) == ("kleines-modell:latest",)
        assert script.asked == []
        url = script.url
    assert ollama.models(url) is None


@pytest.mark.parametrize(
    ("named", "url", "told"),
    [
        ("", "", "SOZIALRAUM_LLM"),
        ("llama3", "", "ollama:NAME"),
        ("ollama:", "", "ollama:NAME"),
        ("openai:gpt", "", "SOZIALRAUM_LLM_URL"),
        ("openai:gpt", "ftp://x", "SOZIALRAUM_LLM_URL"),
        ("openai:gpt", "http://user:geheim@x/v1", "SOZIALRAUM_LLM_KEY"),
    ],
)
def test_wrong_settings_are_named(named, url, told):
    """With what would be right, and without what is secret."""
    with pytest.raises(SozialraumError, match="SOZIALRAUM_LLM") as caught:
        configured(named, url, "geheimer-schluessel")

    assert told in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_key_is_sent_and_nowhere_shown(kind, caplog):
    """Not in logs, errors, notes or the values' own text."""
    caplog.set_level(logging.DEBUG)
    with serving(kind, Turn(status=401)) as script:
        writer = make_writer(script, kind)
        answer = write(script, kind)

    assert script.headers[0]["authorization"] == "Bearer geheimer-schluessel"
    for told in (repr(writer), repr(answer), caplog.text, repr(writer.model.settings)):
        assert "geheim" not in told


def test_no_tools_are_offered():
    """The model can't do anything but write."""
    for kind in KINDS:
        with serving(kind, Turn(good)) as script:
            write(script, kind)
        assert not script.asked[0].get("tools")
        assert "geheim" not in json.dumps(script.asked[0])


def test_several_threads_share_a_model():
    """Twelve questions at once, half of them slow: each gets its own answer."""
    turns = [Turn(good, pause_s=0.01 * (n % 2)) for n in range(12)]
    found = []
    with serving("openai", *turns) as script:
        writer = make_writer(script)

        def ask():
            found.append(writer.write(EXTRACTIVE, HITS, DOCUMENTS).mode)

        threads = [threading.Thread(target=ask) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert found == ["generative"] * 12
