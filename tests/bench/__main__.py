"""Time and memory of the whole product, as a table and, with ``--json FILE``, as JSON.

Everything runs as a user would run it: real processes over a data folder of its own. Where
there is an alternative it is measured in the same run.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
COLLECTION = ROOT / "corpus" / "documents"
SOZIALRAUM = [sys.executable, "-c", "from ui.cli.main import main; main()"]
QUESTIONS = (
    "Welche fünf Prinzipien hat die Sozialraumorientierung?",
    "Wann und wo fand die Werkstatt zu Sicherheit und Kriminalprävention statt?",
    "Wie setze ich einen Verfügungsfonds ein?",
    "wohnungsaufsichtsgesetz was kann die stadt tun",
    "Was bedeutet IHK?",
    "Wie hoch ist die Mietobergrenze in Gelsenkirchen 2026?",
    "Wie viele Werkstätten gab es und in wie vielen Städten?",
    "Was ist Umweltgerechtigkeit?",
    "Welche Ebenen unterscheidet das Quartiersmanagement?",
    "Wie backe ich Brot?",
)
ROUNDS = 20
MEBIBYTE = 1 << 20


def main() -> None:
    """Run all benchmarks and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SOZIALRAUM_DATA": folder, "PYTHONPATH": str(ROOT)}
        rows = {
            **install_size(),
            **reading(environment),
            **starting(environment),
            **asking(environment),
            **scoping(Path(folder)),
            **parsing(),
        }
    print(f"{os.cpu_count()} cores, {sys.platform}, Python {sys.version.split()[0]}\n")
    width = max(map(len, rows))
    for name, value in rows.items():
        print(f"{name:{width}}  {value:>10,.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def install_size() -> dict[str, float]:
    """Size of the environment this runs in."""
    prefix = Path(sys.prefix)
    size = sum(path.lstat().st_size for path in prefix.rglob("*") if not path.is_dir())
    return {"environment, MiB": size / MEBIBYTE}


def reading(environment: dict[str, str]) -> dict[str, float]:
    """Read the starter collection in, then again without a change."""
    command = [*SOZIALRAUM, "ingest", str(COLLECTION), "--json"]
    first, report = _run(command, environment)
    second, _ = _run(command, environment)
    passages = json.loads(report)["passages"]
    return {
        "reading in the starter collection, s": first,
        "passages read in per second": passages / first,
        "reading in again, nothing changed, s": second,
    }


def starting(environment: dict[str, str]) -> dict[str, float]:
    """Start the server on a collection that is read in; wait for page and first answer."""
    port = _free_port()
    started = time.monotonic()
    server = subprocess.Popen(
        [*SOZIALRAUM, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait(lambda: _fetch(f"http://127.0.0.1:{port}/"))
        page = time.monotonic() - started
        _wait(lambda: b"bereit" in _fetch(f"http://127.0.0.1:{port}/gesund"))
        ready = time.monotonic() - started
        memory = psutil.Process(server.pid).memory_info().rss
        peak = _peak(server.pid) or memory
    finally:
        server.terminate()
        server.wait(timeout=30)
    return {
        "serve: first page, s": page,
        "serve: ready to answer, s": ready,
        "serve: memory when ready, MiB": memory / MEBIBYTE,
        "serve: peak memory, MiB": peak / MEBIBYTE,
    }


def asking(environment: dict[str, str]) -> dict[str, float]:
    """Ask through the command line, one process, warm."""
    lines = [json.dumps({"id": i, "question": q}) for i, q in enumerate(QUESTIONS * ROUNDS)]
    _, output = _run([*SOZIALRAUM, "ask", "--json", "-"], environment, "\n".join(lines))
    answers = [json.loads(line) for line in output.splitlines()]
    times = [answer["timings_ms"]["gesamt"] for answer in answers[len(QUESTIONS) :]]
    cold, _ = _run([*SOZIALRAUM, "ask", "--json", QUESTIONS[0]], environment)
    return {
        "ask, warm: p50, ms": statistics.median(times),
        "ask, warm: p95, ms": _percentile(times, 95),
        "ask, whole process, cold, s": cold,
    }


def scoping(data: Path) -> dict[str, float]:
    """Search within one document: our exact search against Chroma's metadata filter."""
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    from corpus.generation import open_current
    from corpus.store import Store
    from corpus.types import Scope

    store = Store(data)
    generation = open_current(store)
    scope = Scope(document="quartiersmanagement")
    allowed = generation.library.passage_ids(generation.id, scope)
    every = generation.library.passage_ids(generation.id, Scope())
    vectors = [generation.dense.vector(id) for id in every[:: max(1, len(every) // 50)]]
    folder = Path(tempfile.mkdtemp())
    try:
        client = chromadb.PersistentClient(
            str(folder), settings=ChromaSettings(anonymized_telemetry=False)
        )
        collection = client.create_collection("vergleich", embedding_function=None)
        collection.add(
            ids=every,
            embeddings=[generation.dense.vector(id) for id in every],
            metadatas=[{"document": p.document} for p in generation.passages(every)],
        )
        where = {"document": scope.document}
        ours = _times(vectors, lambda v: generation.dense.search(v, 10, allowed))
        theirs = _times(vectors, lambda v: collection.query([v], n_results=10, where=where))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        "scoped dense search: p50, ms": statistics.median(ours),
        "the same by Chroma's filter: p50, ms": statistics.median(theirs),
    }


def parsing() -> dict[str, float]:
    """Read the PDF files of the collection: our reader against plain page text."""
    import pypdfium2

    from ingest.loaders.pdf import load_pdf

    files = sorted(COLLECTION.glob("*.pdf"))
    started = time.process_time()
    pages = sum(len(load_pdf(path).page_labels) for path in files)
    ours = time.process_time() - started
    started = time.process_time()
    for path in files:
        pdf = pypdfium2.PdfDocument(path)
        for page in pdf:
            page.get_textpage().get_text_range()
    plain = time.process_time() - started
    return {
        "PDF pages per CPU second": pages / ours,
        "PDF pages per CPU second, plain text only": pages / plain,
    }


def _run(command: list[str], environment: dict[str, str], text: str = "") -> tuple[float, str]:
    started = time.monotonic()
    done = subprocess.run(
        command, env=environment, input=text, capture_output=True, text=True, check=True
    )
    return time.monotonic() - started, done.stdout


def _times(items: list, call: Callable) -> list[float]:
    times = []
    for item in items:
        started = time.perf_counter()
        call(item)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _percentile(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


def _fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # our own server
        return response.read()


def _wait(condition: Callable[[], object], limit_s: float = 120) -> None:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise TimeoutError("the server didn't come up")


def _peak(pid: int) -> int | None:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = status.read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
