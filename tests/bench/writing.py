"""How soon a written sentence is seen after the model has completed it.

``python -m tests.bench.writing`` prints p50 and p95 over both kinds of scripted server.
"""

import statistics
import time

from tests.assistant.generate.cases import DOCUMENTS, EXTRACTIVE, HITS, good, make_writer
from tests.assistant.generate.servers import PIECE, Turn, serving

RUNS = 40
PAUSE_S = 0.02
"""Between two pieces of the stream: a model of about 50 tokens a second."""


def waits(kind: str) -> list[float]:
    """Return the seconds from the first complete sentence to the first one seen, warm."""
    found = []
    sent = [0.0]

    def timed(passages: dict[str, str]) -> str:
        reply = good(passages)
        pieces = reply.index("}") // PIECE
        # The server begins right after this and pauses after each piece before that one.
        sent[0] = time.perf_counter() + pieces * PAUSE_S
        return reply

    with serving(kind, Turn(timed, pause_s=PAUSE_S)) as script:
        writer = make_writer(script, kind, timeout_s=30.0)
        for _ in range(RUNS + 1):
            steps = writer.stream(EXTRACTIVE, HITS, DOCUMENTS)
            next(steps)
            found.append(time.perf_counter() - sent[0])
            steps.close()
    return found[1:]  # the first one loads langchain


if __name__ == "__main__":
    for kind in ("openai", "ollama"):
        taken = sorted(waits(kind))
        p95 = taken[int(0.95 * len(taken))]
        print(f"{kind}: p50 {statistics.median(taken):.3f} s, p95 {p95:.3f} s")
