"""The process in which files are parsed: limited, cut off, and replaceable.

Reads one job a line from stdin, answers with one message a line: ``{"page": 3, "pages": 12}``
while it reads, then ``{"done": …}`` or ``{"refused": {"code", "message"}}``. Run as
``python -P -m ingest.worker FOLDER``; only in that folder may it write.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from corpus.errors import SozialraumError
from corpus.library import Library
from ingest.archive import unpack
from ingest.formats import is_document
from ingest.progress import watched
from ingest.reader import read
from ingest.refusals import refuse

# Above what the idle process takes; so much a bomb may hurt an office machine (reliability.md,
# D2). A PDF of 2,000 pages of text takes about 200.
MEMORY = 512 * 2**20
# A worker that has grown to this is replaced before the next file.
WORN = 320 * 2**20
_PROGRAMS = frozenset({"tesseract"})
_CHANGES = frozenset(
    f"os.{call}"
    for call in (
        *("chmod", "chown", "link", "mkdir", "remove", "rename", "rmdir", "symlink", "truncate"),
        "utime",
    )
)
_TWO_PATHS = frozenset(("os.link", "os.rename", "os.symlink"))
_NETWORK = (
    *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostby", "socket.send"),
    *("ftplib.", "smtplib.", "urllib.Request"),
)
_PROGRAM_STARTS = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")
_NEVER = frozenset(("os.system", "os.fork", "os.forkpty", "pty.spawn"))
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_PARENT_DIED = 1  # PR_SET_PDEATHSIG of Linux


def main() -> None:
    """Work off jobs until stdin ends."""
    folder = Path(sys.argv[1]).resolve()
    with _private_stdout() as answers:
        # The parent decides when to stop; the terminal's Ctrl-C reaches it first.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _die_with_parent()
        limit_memory()
        sys.addaudithook(guard(folder))
        _answer(answers, {"ready": True})
        for line in sys.stdin:
            result = _work(json.loads(line), answers)
            worn = _resident() > WORN
            _answer(answers, {**result, "worn": worn})
            if worn:
                return


def _work(job: dict[str, Any], answers: TextIO) -> dict[str, Any]:
    """Do one job; whatever goes wrong becomes a refusal that names the file."""
    name = job["name"]

    def report(page: int, pages: int) -> None:
        _answer(answers, {"page": page, "pages": pages})

    try:
        with watched(report):
            return {"done": _TASKS[job["task"]](job)}
    except SozialraumError as fault:
        # The copy is named by its hash; the person knows the file's own name.
        return _refused(fault.code, str(fault).replace(Path(job["content"]).name, name))
    except (MemoryError, RecursionError):
        refusal = refuse("ERR_FILE_LIMIT", name)
    except Exception as unforeseen:
        reason = f"lässt sich nicht lesen ({type(unforeseen).__name__}: {unforeseen})."
        refusal = refuse("ERR_FILE_DAMAGED", name, reason=reason[:300])
    return _refused(refusal.code, str(refusal))


def _refused(code: str, message: str) -> dict[str, Any]:
    return {"refused": {"code": code, "message": message}}


def _read(job: dict[str, Any]) -> object:
    """Store the reading in a library of its own, for the parent to take over."""
    library = Library(Path(job["target"]))
    try:
        library.add(read(Path(job["content"]), job["name"]))
    finally:
        library.close()
    return True


def _unpack(job: dict[str, Any]) -> object:
    found = unpack(Path(job["content"]), job["kind"], Path(job["target"]), is_document)
    return {
        "members": [{"name": m.name, "file": m.file.name} for m in found.members],
        "refused": [asdict(refused) for refused in found.refused],
    }


_TASKS: dict[str, Callable[[dict[str, Any]], object]] = {"read": _read, "unpack": _unpack}


@contextmanager
def _private_stdout() -> Iterator[TextIO]:
    """Keep the pipe for answers; what a library prints goes to stderr."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        yield answers


def _answer(answers: TextIO, message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def guard(folder: Path) -> Callable[[str, tuple[Any, ...]], None]:
    """Forbid the network, other programs, and writing outside the folder."""
    inside = str(folder) + os.sep

    def is_elsewhere(path: object) -> bool:
        if isinstance(path, int):
            return False  # a file that is open already
        absolute = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]  # noqa: PTH100
        return not absolute.startswith(inside) and absolute != os.devnull

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_NETWORK):
            raise PermissionError("kein Netz beim Lesen von Dateien")
        if event in _NEVER:
            raise PermissionError("keine anderen Programme beim Lesen von Dateien")
        if event in _PROGRAM_STARTS:
            program = arguments[1] if event == "os.spawn" else arguments[0]
            if Path(os.fsdecode(program)).name not in _PROGRAMS:
                raise PermissionError("keine anderen Programme beim Lesen von Dateien")
        writes = event in _CHANGES or (event == "open" and (arguments[2] or 0) & _WRITING)
        targets = arguments[:2] if event in _TWO_PATHS else arguments[:1]
        if writes and any(map(is_elsewhere, targets)):
            raise PermissionError("kein Schreiben beim Lesen von Dateien")

    return hook


def limit_memory() -> None:
    """Bound the address space, where the system can: Linux."""
    if sys.platform != "linux":
        return
    import resource

    idle = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (idle + MEMORY, idle + MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _resident() -> int:
    if sys.platform != "linux":
        return 0
    import resource

    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _die_with_parent() -> None:
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PARENT_DIED, signal.SIGKILL)


if __name__ == "__main__":
    main()
