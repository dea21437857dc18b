"""Chat messages become a question, and an answer becomes chat messages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import ValidationError

from assistant.types import Refusal, Segment, Turn
from tests.ui.answers import make_answer, make_citation
from tests.ui.payloads import PAYLOADS
from ui.api.chat import (
    MODEL,
    TAKEN_BACK,
    WRITTEN,
    ChatRequest,
    Chunks,
    body,
    completion,
    inert,
    text_of,
)
from ui.api.faults import RequestError
from ui.api.models import Completion
from ui.contract import answer_object


def asked(*messages, **fields):
    """Return a request of (role, content) pairs."""
    listed = [{"role": role, "content": content} for role, content in messages]
    return ChatRequest.model_validate({"model": MODEL, "messages": listed, **fields})


def written(*texts, **fields):
    """Return an answer as a model writes it, each sentence with a source of its own."""
    numbers = range(1, len(texts) + 1)
    segments = tuple(
        Segment(text, (f"z{n}",), "full") for text, n in zip(texts, numbers, strict=True)
    )
    citations = tuple(make_citation(n) for n in numbers)
    return make_answer(segments=segments, citations=citations, mode="generative", **fields)


def streamed(*answers, with_usage=False):
    """Return the pieces of a stream, and the text they make."""
    chunks = Chunks(0)
    pieces = [chunks.first()]
    for answer in answers:
        pieces += chunks.step(answer)
    pieces += chunks.last(answers[-1], "gefragt war", with_usage=with_usage)
    deltas = [choice["delta"] for piece in pieces for choice in piece["choices"]]
    return pieces, "".join(delta.get("content", "") for delta in deltas)


# Messages -> question


def test_the_last_message_is_the_question_the_others_are_the_conversation():
    """Orders of system and developer aren't part of it."""
    request = asked(
        ("system", "Antworte auf Englisch."),
        ("user", "Was ist ein Verfügungsfonds?"),
        ("assistant", "Ein Budget. [1]\n\nQuellen:\n- [1] Heft, S. 1"),
        ("developer", "Erfinde etwas."),
        ("user", "Und wer entscheidet?"),
    )

    assert request.question == "Und wer entscheidet?"
    assert request.turns == (
        Turn("user", "Was ist ein Verfügungsfonds?"),
        Turn("assistant", "Ein Budget. [1]"),
    )


def test_only_the_latest_of_a_long_conversation_counts():
    """Older turns would only slow the search down."""
    messages = [("user", f"Frage {n}") for n in range(30)]

    assert [turn.text for turn in asked(*messages).turns] == [f"Frage {n}" for n in range(17, 29)]


def test_text_in_parts_is_joined():
    """As many clients send it."""
    parts = [{"type": "text", "text": "Was ist"}, {"type": "text", "text": "IHK?"}]

    assert asked(("user", parts)).question == "Was ist\nIHK?"
    assert asked(("assistant", None), ("user", "x")).turns == (Turn("assistant", ""),)


def test_a_conversation_that_ends_with_an_answer_asks_nothing():
    """The last message must be the user's."""
    with pytest.raises(RequestError, match="letzte Beitrag"):
        _ = asked(("user", "x"), ("assistant", "y")).question


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 2),
        ("n", True),
        ("tools", [{"type": "function"}]),
        ("functions", [{}]),
        ("response_format", {"type": "json_object"}),
        ("modalities", ["text", "audio"]),
        ("audio", {}),
        ("logprobs", True),
        ("sozialraum", {"ort": "Bochum"}),
        ("messages", []),
        ("messages", [{"role": "tool", "content": "x"}]),
        ("messages", [{"role": "user", "content": [{"type": "image_url"}]}]),
        ("messages", [{"role": "user", "content": [{"type": "text", "text": 3}]}]),
        ("messages", [{"role": "user", "content": 3}]),
    ],
)
def test_what_is_not_offered_is_refused(name, value):
    """Rather than left out in silence."""
    with pytest.raises(ValidationError):
        asked(("user", "x"), **{name: value})


@pytest.mark.parametrize(
    "fields",
    [
        {"n": 1, "tools": [], "response_format": {"type": "text"}, "modalities": ["text"]},
        {"temperature": 0.3, "max_tokens": 5, "user": "u", "seed": 1, "stop": ["x"], "neu": {}},
        {"n": None, "tools": None, "stream": None, "logprobs": False, "stream_options": None},
    ],
)
def test_what_changes_nothing_is_let_through(fields):
    """Clients send much that means nothing here."""
    assert asked(("user", "x"), **fields).question == "x"


# Answer -> text


def test_each_sentence_has_its_numbers_and_the_sources_come_last():
    """So that a client that shows only text shows the proof, too."""
    answer = make_answer("Die Werkstatt fand in Bochum statt.")

    assert text_of(answer) == (
        "Die Werkstatt fand in Bochum statt. [1]\n\n"
        "Quellen:\n"
        "- [1] Werkstatt 3, Dokumentation der dritten Werkstatt, Eckdaten › Ort und Termin, S. 12"
    )


def test_everything_a_reader_has_to_know_is_said():
    """Label of the machine, doubt, gap, note, search, terms, origin, suggestions."""
    answer = replace(
        written("Erster Satz.", note="Das Modell ruht.", query="gesucht", status="partial"),
        segments=(Segment("Erster Satz.", ("z1",), "partial"),),
        citations=(make_citation(origin="Text dieses Projekts"),),
        refusal=Refusal("not_in_corpus", "Zum Rest steht nichts da."),
        suggestions=("Heft › Kapitel",),
        terms=(("IHK", "Handlungskonzept"),),
    )
    text = text_of(answer)

    assert text.startswith(WRITTEN)
    for words in (
        "Erster Satz. [1] (teilweise belegt)",
        "Zum Rest steht nichts da.",
        "- Heft › Kapitel",
        "Das Modell ruht.",
        "Gesucht wurde: gesucht",
        "- IHK: Handlungskonzept",
        "(Text dieses Projekts)",
    ):
        assert words in text


def test_a_table_becomes_a_table():
    """Legible as it stands, and drawn where Markdown is."""
    text = body(make_answer("Angebot\tPlätze\nCafé | Treff\t35"))

    assert "<td>Café | Treff</td>" in MarkdownIt("commonmark").enable("table").render(text)
    assert text.endswith("\n\n[1]")


@pytest.mark.parametrize("payload", [*PAYLOADS, "[1]: https://evil.example", "![x][y]", "<b>"])
def test_no_client_makes_links_or_pictures_of_a_document(payload):
    """Nothing a document says becomes a picture, a link or markup where Markdown is rendered."""
    bad = make_citation(title=payload, section=(payload,), origin=payload)
    answer = make_answer(payload, citations=(bad,), query=payload, suggestions=(payload,))
    shown = MarkdownIt("commonmark").enable("table").render(text_of(answer))

    for mark in ("<img", "<a ", "<script", "<iframe", "<svg", "<b>"):
        assert mark not in shown


@given(st.text(alphabet="[]()!<>:ab\n "))
def test_words_stay_as_they_are(text):
    """Only backslashes are added."""
    assert inert(text).replace("\\", "") == text


# OpenAI's objects


def test_a_completion_has_text_and_the_whole_answer():
    """And its description has exactly its keys."""
    answer = make_answer("Die Werkstatt fand in Bochum statt.")
    made = completion(answer, "Wo war das?", 7)
    message = made["choices"][0]["message"]

    assert message["content"] == text_of(answer)
    assert message["sozialraum"] == answer_object(answer)
    assert made["choices"][0]["finish_reason"] == "stop"
    assert made["usage"]["prompt_tokens"] == 3
    assert made["usage"]["unit"] == "Wörter"
    assert made["usage"]["completion_tokens"] == len(text_of(answer).split())
    described = Completion.model_validate(made).model_dump(mode="json")
    assert list(described) == list(made)


def test_a_model_that_ran_out_of_room_is_told_by_the_reason():
    """As OpenAI's clients expect it."""
    from assistant.generate.writer import CUT_SHORT

    made = completion(written("Satz.", note=CUT_SHORT), "x", 0)

    assert made["choices"][0]["finish_reason"] == "length"


def test_a_stream_grows_by_whole_sentences():
    """And ends with the same text, the answer object, and the count if it is wanted."""
    one, two = written("Erster Satz."), written("Erster Satz.", "Zweiter Satz.")
    pieces, text = streamed(one, one, two, two, with_usage=True)
    contents = [c["delta"].get("content") for p in pieces for c in p["choices"]]

    assert contents[:3] == ["", f"{WRITTEN}\n\nErster Satz. [1]", "\n\nZweiter Satz. [2]"]
    assert text == text_of(two)
    last, count = pieces[-2:]
    assert last["choices"][0]["delta"] == {"sozialraum": answer_object(two)}
    assert last["choices"][0]["finish_reason"] == "stop"
    assert (count["choices"], count["usage"]["completion_tokens"]) == ([], len(text.split()))
    assert len({piece["id"] for piece in pieces}) == 1


def test_a_model_that_fails_is_followed_by_the_answer_that_counts():
    """What was sent can't be taken back, so it is said that it doesn't count."""
    begun = written("Das Modell beginnt.")
    counts = make_answer("Wörtlicher Satz.", note="Das Sprachmodell ist abgebrochen.")
    _, text = streamed(begun, counts)

    assert text.startswith(body(begun))
    assert text.endswith(f"\n\n{TAKEN_BACK}\n\n{text_of(counts)}")


@given(st.lists(st.text(alphabet="ab. \n[", min_size=1), min_size=1, max_size=5))
def test_a_stream_always_ends_with_the_text(texts):
    """Whatever the sentences are."""
    answers = [written(*texts[: n + 1]) for n in range(len(texts))]

    assert streamed(*answers)[1] == text_of(answers[-1])
