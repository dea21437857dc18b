"""Parsing in a process of its own: a file that crashes, hangs or swells costs only itself."""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

from corpus.errors import FileRefusedError, WorkerError
from corpus.library import Library
from corpus.types import Reading
from ingest.archive import Member, Unpacked
from ingest.progress import PageProgress
from ingest.refusals import refuse
from ingest.report import Refused

# Without a sign of life for so long a file is given up. A page of text takes milliseconds;
# while a scanned page is recognised, the worker says every few seconds that it goes on.
PATIENCE_S = 25.0
# On a busy machine the patience is renewed up to so often, while the worker got less than this
# share of it on the processor: beside ten other programs 25 s were 2.5 s of work (2 cores).
MAX_PATIENCES, ENOUGH = 5, 0.8
START_S = 120.0  # all parsers are loaded once; from a slow disk that takes a while


class Isolation:
    """Reads and unpacks files in a worker process. Use as a context manager; one thread."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self.folder = Path()
        """Where the worker may write; gone when the work is done."""
        self.process: subprocess.Popen[str] | None = None
        self._messages: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="sozialraum-lesen-"))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def warm_up(self) -> None:
        """Start the worker, which imports every parser, ahead of the first file."""
        if self.process is None or self.process.poll() is not None:
            self._start()

    def read(self, content: Path, name: str, progress: PageProgress) -> Reading:
        """Read a file. Raises FileRefusedError, also when it crashed the worker."""
        target = self.folder / "reading.sqlite"
        for leftover in self.folder.glob("reading.sqlite*"):
            leftover.unlink()
        job = {"task": "read", "content": str(content), "name": name, "target": str(target)}
        self._run(job, progress)
        library = Library(target)
        try:
            return library.reading("")
        finally:
            library.close()

    def unpack(
        self, content: Path, name: str, kind: Literal["zip", "mail"], target: Path
    ) -> Unpacked:
        """Unpack an archive's documents into ``target``. Raises FileRefusedError."""
        job = {
            "task": "unpack",
            "content": str(content),
            "name": name,
            "kind": kind,
            "target": str(target),
        }
        found = self._run(job, lambda done, pages: None)
        return Unpacked(
            tuple(Member(m["name"], target / m["file"]) for m in found["members"]),
            tuple(Refused(**refused) for refused in found["refused"]),
        )

    def _run(self, job: dict[str, Any], progress: PageProgress) -> Any:  # noqa: ANN401
        self._send(job)
        while True:
            message = self._next_message(job["name"])
            if message.get("worn"):
                self._stop()
            if "done" in message:
                return message["done"]
            if refused := message.get("refused"):
                raise FileRefusedError(refused["message"], code=refused["code"])
            progress(message["page"], message["pages"])

    def _send(self, job: dict[str, Any]) -> None:
        self.warm_up()
        assert self.process and self.process.stdin  # noqa: S101  # started with a pipe
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            self._stop()
            raise refuse("ERR_FILE_CRASH", job["name"]) from None

    def _next_message(self, name: str) -> dict[str, Any]:
        """Wait for an answer; a worker that hangs or died is gone, and the file refused."""
        line = self._next_line()
        if line is None:
            self._stop()
            reason = f"ist nach {self._patience_s:.0f} Sekunden ohne Fortschritt aufgegeben worden."
            raise refuse("ERR_FILE_LIMIT", name, reason=reason) from None
        if line:
            return dict(json.loads(line))
        self._stop()
        raise refuse("ERR_FILE_CRASH", name)

    def _next_line(self) -> str | None:
        """Return the worker's next line, empty when it died, or None at the end of patience."""
        assert self.process  # noqa: S101  # it was sent a job
        before = _processor_s(self.process.pid)
        for _ in range(MAX_PATIENCES):
            with suppress(queue.Empty):
                return self._messages.get(timeout=self._patience_s)
            if not 0 < _processor_s(self.process.pid) - before < self._patience_s * ENOUGH:
                break  # it sleeps, or had its time
        return None

    def _start(self) -> None:
        log = (self.folder / "worker.log").open("w", encoding="utf-8")
        # -P: a folder of that name where the person stands must not pose as ours.
        command = [sys.executable, "-P", "-m", "ingest.worker", str(self.folder)]
        self.process = subprocess.Popen(  # noqa: S603  # our own module and folder
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
            env=self._environment(),
        )
        self._messages = queue.SimpleQueue()
        listener = threading.Thread(
            target=_listen, args=(self.process.stdout, self._messages), daemon=True
        )
        listener.start()
        log.close()
        self._await_start()

    def _await_start(self) -> None:
        try:
            line = self._messages.get(timeout=START_S)
        except queue.Empty:
            line = ""
        if not line:
            self._stop()
            lines = (self.folder / "worker.log").read_text(encoding="utf-8").splitlines()
            reason = lines[-1] if lines else "ohne Meldung"
            raise WorkerError(
                f"Das Programm, das Dateien liest, startet nicht ({reason}). Bitte installieren "
                "Sie den Sozialraum-Assistenten neu; „sozialraum doctor“ prüft die Installation."
            )

    def _stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _environment(self) -> dict[str, str]:
        root = str(Path(__file__).parents[1])
        inherited = os.environ.get("PYTHONPATH")
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, (root, inherited))),
            "TMPDIR": str(self.folder),
            # The memory limit counts reserved addresses: no thread pools, few heaps.
            "OMP_NUM_THREADS": "1",
            "OMP_THREAD_LIMIT": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
        }


def _processor_s(pid: int) -> float:
    """Return the processor time a process has used, where the system tells: Linux; else 0."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _listen(stream: IO[str], messages: "queue.SimpleQueue[str]") -> None:
    """Hand on the worker's lines; an empty one says that it ended."""
    for line in stream:
        messages.put(line)
    messages.put("")
