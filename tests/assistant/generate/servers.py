"""Scripted model servers over real HTTP: what they answer, and how they fail, is up to the test."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 7
"""Letters of a streamed piece: small enough to cut codes and words in two."""
# What the scripted model counts a token as; German vocabularies lie between 3 and 4.5.
CHARS_PER_TOKEN = 3.5


@dataclass
class Turn:
    """One answer of a server. ``reply`` gets the passages of the prompt by code."""

    reply: str | Callable[[dict[str, str]], str] = ""
    status: int = 200
    first_delay_s: float = 0.0
    comments_s: float = 0.0
    """How long only keep-alive comments come before the first piece."""
    pause_s: float = 0.0
    """Between two pieces."""
    cut_after: int | None = None
    """Pieces after which the connection breaks."""
    finish: str = "stop"
    prompt_tokens: int | None = None
    """Reported instead of what was sent."""
    refuses_form: bool = False
    """Whether it refuses to hold the model to a form, with status 400."""


@dataclass
class Script:
    """The turns of a server in order, the last one over and over; and what it was asked."""

    turns: list[Turn]
    context_length: int | None = 8192
    asked: list[dict] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    disconnected: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def next(self, request: dict, headers: dict) -> Turn:
        """Note the request and return the turn that answers it."""
        self.asked.append(request)
        self.headers.append({name.lower(): value for name, value in headers.items()})
        return self.turns[min(len(self.asked), len(self.turns)) - 1]


def passages_of(prompt: str) -> dict[str, str]:
    """Return what stands between the fences of a prompt, by code."""
    return {
        match[1]: match[2]
        for match in re.finditer(
            r"^<([A-Z0-9]{6})>\n(.*?)\n</\1>$", prompt, re.DOTALL | re.MULTILINE
        )
    }


@contextmanager
def serving(kind: str, *turns: Turn, **fields: object) -> Iterator[Script]:
    """Run a server of a kind ("openai" or "ollama") with these turns on a free port."""
    script = Script(list(turns), **fields)
    handler = type("Handler", (_OpenAI if kind == "openai" else _Ollama,), {"script": script})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    script.url = f"http://127.0.0.1:{server.server_port}" + ("/v1" if kind == "openai" else "")
    try:
        yield script
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64


class _Handler(BaseHTTPRequestHandler):
    script: Script
    protocol_version = "HTTP/1.0"

    def log_message(self, *arguments):
        """Keep quiet."""

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.is_chat():
            self.other(request)
            return
        turn = self.script.next(request, dict(self.headers))
        if turn.refuses_form and self.asks_for_form(request):
            self.fail(400)
        elif turn.status != 200:
            self.fail(turn.status)
        else:
            try:
                self.answer(turn, request)
            except OSError:
                self.script.disconnected.set()

    def answer(self, turn, request):
        prompt = "\n".join(message["content"] for message in request["messages"])
        reply = turn.reply if isinstance(turn.reply, str) else turn.reply(passages_of(prompt))
        tokens = turn.prompt_tokens or round(len(prompt) / CHARS_PER_TOKEN)
        time.sleep(turn.first_delay_s)
        self.send_response(200)
        self.send_header("Content-Type", self.content_type)
        self.end_headers()
        until = time.monotonic() + turn.comments_s
        while time.monotonic() < until:
            self.put(self.keep_alive)
            time.sleep(0.05)
        for number, at in enumerate(range(0, len(reply), PIECE)):
            if number == turn.cut_after:
                return
            self.put(self.piece(reply[at : at + PIECE]))
            time.sleep(turn.pause_s)
        if turn.cut_after is None:
            self.put(self.end(turn.finish, tokens))

    def put(self, text):
        self.wfile.write(text.encode())
        self.wfile.flush()

    def fail(self, status):
        self.reply_json({"error": {"message": "geheim-im-fehler"}}, status)

    def reply_json(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _OpenAI(_Handler):
    content_type = "text/event-stream"
    keep_alive = ": ping\n\n"

    def is_chat(self):
        return self.path == "/v1/chat/completions"

    def asks_for_form(self, request):
        return "response_format" in request

    def other(self, request):
        self.fail(404)

    def piece(self, text):
        return self._chunk([{"index": 0, "delta": {"role": "assistant", "content": text}}])

    def end(self, finish, tokens):
        usage = {"prompt_tokens": tokens, "completion_tokens": 9, "total_tokens": tokens + 9}
        last = self._chunk([{"index": 0, "delta": {}, "finish_reason": finish}])
        return last + self._chunk([], usage=usage) + "data: [DONE]\n\n"

    def _chunk(self, choices, **more):
        value = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        return f"data: {json.dumps({**value, 'choices': choices, **more})}\n\n"


class _Ollama(_Handler):
    content_type = "application/x-ndjson"

    @property
    def keep_alive(self):
        return self._line("", {"done": False})

    def is_chat(self):
        return self.path == "/api/chat"

    def asks_for_form(self, request):
        return "format" in request

    def do_GET(self):
        self.reply_json({"models": [{"name": "kleines-modell:latest"}]})

    def other(self, request):
        length = self.script.context_length
        info = {} if length is None else {"llama.context_length": length}
        self.reply_json({"model_info": info})

    def piece(self, text):
        return self._line(text, {"done": False})

    def end(self, finish, tokens):
        counts = {"prompt_eval_count": tokens, "eval_count": 9, "total_duration": 1}
        return self._line("", {"done": True, "done_reason": finish, **counts})

    def _line(self, text, more):
        message = {"role": "assistant", "content": text}
        value = {"model": "m", "created_at": "2026-11-23T00:00:00Z", "message": message}
        return json.dumps({**value, **more}) + "\n"
