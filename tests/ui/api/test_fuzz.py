"""Whatever is sent: never a crash, always JSON, always a German message."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.types import Progress
from corpus.errors import QuestionError
from tests.ui.answers import make_answer
from tests.ui.api.conftest import application, client_of
from tests.ui.fake_service import FakeService
from ui.api.chat import MODEL

PATHS = ("/api/ask", "/api/search", "/v1/chat/completions")
JSON_HEAD = {"content-type": "application/json"}
GERMAN = re.compile(r"\b(Bitte|erwartet|höchstens|mindestens|erlaubt|gibt es|nur|nicht|ist)\b")

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
messages = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "role": st.sampled_from(["system", "user", "assistant", "tool"]) | values,
            "content": st.text(max_size=20)
            | st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": values}))
            | values,
            "text": st.text(max_size=20) | values,
        },
    ),
    max_size=4,
)
bodies = st.fixed_dictionaries(
    {},
    optional={
        "question": st.text(max_size=30) | values,
        "query": st.text(max_size=30) | values,
        "history": messages | values,
        "k": st.integers(-3, 200) | values,
        "workshop": st.integers(-3, 20) | values,
        "document": st.text(max_size=10) | values,
        "plain": st.booleans() | values,
        "model": st.just(MODEL) | values,
        "messages": messages | values,
        "stream": st.booleans() | values,
        "stream_options": st.fixed_dictionaries({"include_usage": values}) | values,
        "n": values,
        "tools": values,
        "sozialraum": st.fixed_dictionaries({"workshop": values}) | values,
    },
)


class Quick(FakeService):
    """Answers at once, echoing the question as a real answer does."""

    def ask_stream(self, question, history=(), scope=None, *, plain=False):
        """Yield an answer; nothing to ask is an error, as with the real one."""
        if not any(letter.isalnum() for letter in question):
            raise QuestionError("Die Frage ist leer. Bitte geben Sie eine Frage ein.")
        yield Progress("search")
        yield Progress("done", make_answer("Ein Satz.", question=question, query=question))

    def found(self, query, k, scope=None):
        """Find nothing."""
        return []


@pytest.fixture(scope="module")
def quick():
    """A client over the quick service."""
    with client_of(application(Quick())) as opened:
        yield opened


def check(path, response):
    """JSON or a stream of it; in an error a German message in the interface's own form."""
    assert response.status_code < 500, response.text
    if response.headers["content-type"].startswith("text/event-stream"):
        events = response.text.split("\n\n")
        assert events[-2:] == ["data: [DONE]", ""]
        assert all(json.loads(event.removeprefix("data: ")) for event in events[:-2])
        return
    said = response.json()
    if response.status_code != 200:
        if path.startswith("/v1"):
            assert set(said) == {"error"}
            assert set(said["error"]) == {"message", "type", "param", "code"}
            said = said["error"]
        else:
            assert set(said) == {"code", "message", "field"}
        assert GERMAN.search(said["message"]), said
        assert len(said["message"]) < 300


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=bodies | values)
def test_any_json(quick, path, body):
    """Half right, wrong types, unknown fields, odd numbers, nesting."""
    check(path, quick.post(path, content=json.dumps(body), headers=JSON_HEAD))


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data", "x", ""]),
)
def test_any_bytes(quick, path, content, kind):
    """Whatever they claim to be."""
    check(path, quick.post(path, content=content, headers={"content-type": kind}))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(question=st.text(min_size=1, max_size=40), stream=st.booleans())
def test_any_question(quick, question, stream):
    """A well-formed request is answered, or refused as a question; both interfaces agree."""
    messages = [{"role": "user", "content": question}]
    chat = {"model": MODEL, "messages": messages, "stream": stream}
    one = quick.post("/api/ask", content=json.dumps({"question": question}), headers=JSON_HEAD)
    two = quick.post("/v1/chat/completions", content=json.dumps(chat), headers=JSON_HEAD)

    assert one.status_code == two.status_code
    assert one.status_code in (200, 400)
    check("/v1/chat/completions", two)
    if one.status_code == 200:
        assert one.json()["question"] == question
