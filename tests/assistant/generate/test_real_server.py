"""Over a real inference server: its streams are read, and its nonsense is never shown."""

import importlib.util

import pytest

from assistant.generate.model import ChatModel, configured
from assistant.generate.prompt import Message
from assistant.generate.writer import Writer
from tests.assistant.generate.cases import DOCUMENTS, EXTRACTIVE, HITS
from tests.assistant.generate.real_server import make_model, serving

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("accelerate") is None, reason="transformers serve needs accelerate"
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """The tiny model behind a real server."""
    folder = tmp_path_factory.mktemp("modell")
    make_model(folder)
    with serving(folder) as url:
        yield ChatModel(configured(f"openai:{folder}", url, context=8192))


def test_a_real_stream_is_read_to_its_end(model):
    """Pieces, the server's count of tokens, and how it ended."""
    pieces = list(model.stream([Message("user", "Was ist ein Verfügungsfonds?")]))

    assert "".join(piece.text for piece in pieces)
    assert any(piece.finish in ("stop", "length") for piece in pieces)
    assert any(piece.prompt_tokens for piece in pieces)


def test_nonsense_is_never_shown(model):
    """The answer is the extractive one, with a note."""
    answer = Writer(model).write(EXTRACTIVE, HITS, DOCUMENTS)

    assert (answer.mode, answer.segments) == ("extractive", EXTRACTIVE.segments)
    assert answer.note


def test_closing_a_real_stream_leaves_the_server_usable(model):
    """Whoever cancels doesn't block the next one."""
    stream = model.stream([Message("user", "Was ist ein Verfügungsfonds?")])
    next(stream)
    stream.close()

    assert next(model.stream([Message("user", "Noch eine Frage")])).text is not None
