"""Reading one hostile file in the real worker, and what that cost: the measure of all rows here."""

import os
import re
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from corpus.errors import FileRefusedError
from corpus.types import Reading
from ingest.archive import Unpacked
from ingest.formats import container, is_readable
from ingest.isolation import Isolation
from ingest.refusals import RefusalCode

CODES = get_args(RefusalCode)
_EXCEPTION = re.compile(r"\b\w*(?:Error|Exception|Warning)\b|Traceback|<class|object at 0x")
_REMEDY = re.compile(r"\bSie\b")
_SAMPLE_S = 0.005
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Outcome:
    """What became of a file; ``code`` and ``message`` are empty when it was read."""

    name: str
    code: str
    message: str
    reading: Reading | None
    unpacked: Unpacked | None
    cpu_s: float
    memory: int
    """Bytes resident at the worst moment, above those of the idle worker."""
    restarted: bool

    @property
    def text(self):
        """All that got into the collection: text, headings, title and metadata."""
        if self.reading is None:
            return ""
        paths = [" ".join(section.path) for section in self.reading.sections]
        stated = [value for _, value in self.reading.document.extraction.stated]
        return "\n".join((self.reading.text, *paths, *stated))

    @property
    def hidden(self):
        """What is listed as hidden."""
        return self.reading.document.extraction.hidden if self.reading else ()


def unnamed(name, code, message):
    """Say what a refusal lacks: a code of the list, the file's name, a German remedy."""
    faults = []
    if code not in CODES:
        faults.append(f"code {code!r}")
    if not message.startswith(f"„{name}“ "):
        faults.append("the file isn't named")
    if not _REMEDY.search(message):
        faults.append("no remedy")
    if _EXCEPTION.search(message.replace(name, "")):
        faults.append("the name of an exception")
    return faults


class Trial:
    """One worker for many files. Use as a context manager."""

    def __init__(self, patience_s=25.0):
        self.isolation = Isolation(patience_s)
        self._folder = tempfile.TemporaryDirectory(prefix="pruefung-")
        self._idle = 0

    def __enter__(self):
        self.isolation.__enter__()
        self._start()
        return self

    def __exit__(self, *fault):
        self.isolation.__exit__(*fault)
        self._folder.cleanup()

    def _start(self):
        before = self.isolation.process
        self.isolation.warm_up()
        if self.isolation.process is not before:
            self._idle = _memory(self.isolation.process.pid, "VmRSS")

    def read(self, name, content):
        """Read a file, or unpack it if it is an archive; both for a mail."""
        file = Path(self._folder.name) / "abcdef0123456789"
        file.write_bytes(content)
        self._start()
        pid = self.isolation.process.pid
        watch = _Watch(pid)
        code = message = ""
        reading = unpacked = None
        try:
            if is_readable(name) or container(name) is None:
                reading = self.isolation.read(file, name, lambda done, pages: None)
            if kind := container(name):
                with tempfile.TemporaryDirectory(dir=self.isolation.folder) as target:
                    unpacked = self.isolation.unpack(file, name, kind, Path(target))
        except FileRefusedError as fault:
            code, message = fault.code, str(fault)
        cpu, peak = watch.stop()
        process = self.isolation.process
        restarted = process is None or process.pid != pid
        above = max(0, peak - self._idle)
        return Outcome(name, code, message, reading, unpacked, cpu, above, restarted)


class _Watch:
    """Samples a process, which may die at any moment, until it is stopped."""

    def __init__(self, pid):
        self._pid = pid
        with suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak counts from here
        self._begin = self._cpu = _cpu(pid)
        self._peak = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stopped.is_set():
            self._sample()
            time.sleep(_SAMPLE_S)

    def _sample(self):
        with suppress(OSError, IndexError):
            self._cpu = max(self._cpu, _cpu(self._pid))
            self._peak = max(self._peak, _memory(self._pid, "VmHWM"))

    def stop(self):
        """Return CPU seconds and the peak of resident bytes."""
        self._stopped.set()
        self._thread.join()
        self._sample()
        return self._cpu - self._begin, self._peak


def _cpu(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS  # own and of ended children, user and system


def _memory(pid, name):
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0
