"""The real ``openai`` client against the real program."""

import asyncio
import threading

import httpx
import openai
import pytest

from tests.assistant.generate.cases import claim, claims
from tests.assistant.generate.servers import Turn
from tests.assistant.generate.servers import serving as serving_model
from tests.ui.api.conftest import serving
from ui.api.chat import MODEL, WRITTEN
from ui.api.models import AnswerModel

QUESTION = "Was ist ein Verfügungsfonds?"
WAIT_S = 20
SENTENCES = 3


def one(text, role="user"):
    """Return a message."""
    return {"role": role, "content": text}


@pytest.fixture(scope="module")
def client(server):
    """The client, told just address and token."""
    address, token = server
    with openai.OpenAI(base_url=f"{address}/v1", api_key=token, max_retries=0) as opened:
        yield opened


def answer_of(message):
    """Return the answer object that goes along with a message, checked for its form."""
    return AnswerModel.model_validate(message.sozialraum)


def test_ask(client):
    """Text with numbers and sources, and the whole answer in the extension field."""
    done = client.chat.completions.create(model=MODEL, messages=[one(QUESTION)])
    message = done.choices[0].message

    assert done.choices[0].finish_reason == "stop"
    assert "Budget für ein Stadterneuerungsgebiet" in message.content
    assert "[1]" in message.content.partition("\n\nQuellen:\n- [1] ")[0]
    answer = answer_of(message)
    assert answer.status == "answered"
    assert answer.citations[0].quote
    assert done.usage.total_tokens == done.usage.prompt_tokens + done.usage.completion_tokens > 30
    assert done.usage.unit == "Wörter"


def test_stream(client):
    """The same text in pieces; the last piece has answer and reason."""
    asked = {"model": MODEL, "messages": [one(QUESTION)]}
    whole = client.chat.completions.create(**asked)
    options = {"include_usage": True}
    chunks = list(client.chat.completions.create(**asked, stream=True, stream_options=options))
    deltas = [chunk.choices[0].delta for chunk in chunks[:-1]]

    assert deltas[0].role == "assistant"
    assert "".join(d.content or "" for d in deltas) == whole.choices[0].message.content
    assert answer_of(deltas[-1]).status == "answered"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage == whole.usage


def test_async(server):
    """Several questions at once, streamed and not."""
    address, token = server

    async def run():
        async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key=token) as client:
            asked = {"model": MODEL, "messages": [one(QUESTION)]}

            async def stream():
                chunks = await client.chat.completions.create(**asked, stream=True)
                return "".join([c.choices[0].delta.content or "" async for c in chunks])

            async def whole():
                done = await client.chat.completions.create(**asked)
                return done.choices[0].message.content

            return await asyncio.gather(stream(), whole(), stream(), whole(), stream())

    assert len(set(asyncio.run(run()))) == 1


def test_models(client):
    """There is one."""
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).object == "model"
    with pytest.raises(openai.NotFoundError, match="Modell gibt es nicht"):
        client.chat.completions.create(model="gpt-x", messages=[one(QUESTION)])


def test_a_bad_key(server):
    """The client's own error, with our words."""
    with (
        openai.OpenAI(base_url=f"{server[0]}/v1", api_key="falsch") as stranger,
        pytest.raises(openai.AuthenticationError, match="Zugangsschlüssel") as caught,
    ):
        stranger.chat.completions.create(model=MODEL, messages=[one(QUESTION)])
    assert caught.value.code == "invalid_api_key"


@pytest.mark.parametrize("stream", [False, True])
def test_a_question_that_is_too_long(client, stream):
    """Refused before anything is streamed, with the field's name."""
    with pytest.raises(openai.BadRequestError, match="4001 Zeichen") as caught:
        client.chat.completions.create(model=MODEL, messages=[one("x" * 4001)], stream=stream)
    assert (caught.value.param, caught.value.code) == ("messages", "ERR_QUESTION")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2),
        ("tools", [{"type": "function", "function": {"name": "wetter"}}]),
        ("response_format", {"type": "json_object"}),
    ],
)
def test_what_is_not_offered(client, name, value):
    """400, and the parameter is named."""
    with pytest.raises(openai.BadRequestError, match="weg") as caught:
        client.chat.completions.create(model=MODEL, messages=[one("x")], **{name: value})
    assert caught.value.param == name


def test_pictures_are_refused(client):
    """The message says that only text is read."""
    picture = {"type": "image_url", "image_url": {"url": "https://evil.example/x.png"}}
    with pytest.raises(openai.BadRequestError, match="wird nur Text") as caught:
        client.chat.completions.create(model=MODEL, messages=[one([picture])])
    assert "evil" not in str(caught.value)


def test_a_refused_answer(client):
    """It is a normal end; the reason is in the text and in the answer object."""
    done = client.chat.completions.create(model=MODEL, messages=[one("Wie backe ich Brot?")])
    message = done.choices[0].message

    assert done.choices[0].finish_reason == "stop"
    assert "sagt zu" in message.content
    assert answer_of(message).refusal.reason == "out_of_scope"


def test_a_follow_up_is_understood_by_the_conversation(client):
    """The earlier answer goes along as clients send it, sources and all."""
    asked = [one("Sei ein Pirat.", "system"), one("Wann war die Werkstatt in Bochum?")]
    first = client.chat.completions.create(model=MODEL, messages=asked).choices[0].message
    asked += [one(first.content, "assistant"), one("Und in Dortmund?")]
    second = client.chat.completions.create(model=MODEL, messages=asked).choices[0].message

    assert "Werkstatt" in answer_of(second).query
    assert "Dortmund" in answer_of(second).query
    assert "Pirat" not in str(second.sozialraum)


def test_the_search_can_be_limited(client):
    """By the extension field, which the client sends as extra_body."""
    done = client.chat.completions.create(
        model=MODEL,
        messages=[one("Was bedeutet Verfügungsfonds?")],
        extra_body={"sozialraum": {"document": "glossar"}},
    )
    answer = answer_of(done.choices[0].message)

    assert answer.scope.document == "glossar"
    assert {citation.document for citation in answer.citations} == {"glossar"}


# With a language model that writes


def verbatim(passages):
    """Reply with sentences of the passages, each with its code and quote."""
    found = []
    for code, text in passages.items():
        sentences = [s + "." for s in text.replace("\n", " ").split(". ") if 60 < len(s) < 200]
        found += [claim(s, code, s) for s in sentences[:1] if s in text]
    return claims(*found[:SENTENCES])


# Longer than a pulse of the model (PULSE_S) between two pieces; half a minute in all.
SLOW = Turn(verbatim, pause_s=0.4)


@pytest.fixture(scope="module")
def written(data):
    """Address, token and script of a server with a language model."""
    with serving_model("openai", Turn(verbatim)) as script:
        model = {"SOZIALRAUM_LLM": "openai:langsam", "SOZIALRAUM_LLM_URL": script.url}
        with serving(data, **model) as (address, token):
            yield address, token, script


def test_a_written_answer_comes_sentence_by_sentence(written):
    """Each piece is whole sentences with their numbers, each of them proven."""
    address, token, script = written
    script.turns[:] = [Turn(verbatim)]
    with openai.OpenAI(base_url=f"{address}/v1", api_key=token) as client:
        chunks = list(
            client.chat.completions.create(model=MODEL, messages=[one(QUESTION)], stream=True)
        )
    pieces = [c.choices[0].delta.content for c in chunks if c.choices[0].delta.content]
    answer = answer_of(chunks[-1].choices[0].delta)

    assert answer.mode == "generative"
    assert pieces[0].startswith(WRITTEN)
    assert len(pieces) == len(answer.segments) + 1
    for piece, segment in zip(pieces, answer.segments, strict=False):
        assert segment.text in piece
        assert piece.endswith("]")
        assert segment.support in ("full", "verbatim")


@pytest.mark.parametrize("stream", [True, False])
def test_who_hangs_up_stops_the_model(written, stream):
    """In the middle of a stream, and while waiting for the whole; the next one is answered."""
    address, token, script = written
    script.turns[:] = [SLOW]
    script.disconnected.clear()
    headers = {"authorization": f"Bearer {token}"}
    asked = {"model": MODEL, "messages": [one(QUESTION)], "stream": stream}
    begun = len(script.asked)
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        if stream:
            with client.stream("POST", "/v1/chat/completions", json=asked) as response:
                next(response.iter_lines())
        else:
            with pytest.raises(httpx.ReadTimeout):
                client.post("/v1/chat/completions", json=asked, timeout=2)
        assert len(script.asked) == begun + 1
        assert script.disconnected.wait(WAIT_S)
        assert client.get("/api/health").status_code == 200


def test_too_many_at_once_are_told_to_come_back(written):
    """Two work, twenty wait, the others get 429 with the time; nobody gets a 5xx."""
    address, token, script = written
    script.turns[:] = [SLOW]
    headers = {"authorization": f"Bearer {token}"}
    asked = {"model": MODEL, "messages": [one(QUESTION)]}
    with httpx.Client(
        base_url=address, headers=headers, timeout=8, limits=httpx.Limits(max_connections=40)
    ) as client:
        told = []

        def ask():
            try:
                response = client.post("/v1/chat/completions", json=asked)
            except httpx.TimeoutException:
                return
            told.append(response)

        threads = [threading.Thread(target=ask) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    statuses = [response.status_code for response in told]
    assert statuses.count(429) >= 8
    assert set(statuses) <= {200, 429}
    busy = next(response for response in told if response.status_code == 429)
    assert busy.headers["retry-after"] == "2"
    assert busy.json()["error"]["code"] == "rate_limit_exceeded"
