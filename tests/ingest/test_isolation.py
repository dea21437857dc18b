"""A file that crashes, hangs or swells costs only itself: real processes, real signals."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from corpus.errors import FileRefusedError
from ingest.isolation import Isolation
from tests.ingest.truth import TESTDOCS

GOOD = TESTDOCS / "w1_einspaltig.pdf"


def no_pages(done, pages):
    """Watch nothing."""


@pytest.fixture
def isolation():
    """A worker to read with."""
    with Isolation() as opened:
        yield opened


def test_reading_comes_back_whole(isolation):
    """Text, passages, boxes and what was counted come out of the worker, with page progress."""
    seen = []
    reading = isolation.read(GOOD, "bericht.pdf", lambda *at: seen.append(at))

    assert len(reading.passages) > 20
    assert all(passage.boxes for passage in reading.passages)
    assert reading.document.extraction.format == "PDF"
    assert reading.document.extraction.words > 1000
    assert (len(reading.document.page_labels), seen[-1][1]) == (9, 9)


def test_refusal_names_the_file_as_people_know_it(isolation, tmp_path):
    """The worker reads a copy; the message says the name the person gave."""
    copy = tmp_path / "8f3a77"
    copy.write_bytes(b"%PDF-1.7 nichts")

    with pytest.raises(FileRefusedError, match=r"Bericht Süd\.pdf") as raised:
        isolation.read(copy, "Bericht Süd.pdf", no_pages)
    assert raised.value.code == "ERR_FILE_DAMAGED"
    assert "8f3a77" not in str(raised.value)


def test_killed_worker_costs_one_file(isolation):
    """When the worker dies by a signal its file is refused, and the next one is read."""
    isolation.read(GOOD, "eins.pdf", no_pages)
    worker = isolation.process

    def kill_at_first_page(done, pages):
        os.kill(worker.pid, signal.SIGSEGV)

    with pytest.raises(FileRefusedError, match=r"zwei\.pdf") as raised:
        isolation.read(GOOD, "zwei.pdf", kill_at_first_page)
    assert raised.value.code == "ERR_FILE_CRASH"
    assert isolation.read(GOOD, "drei.pdf", no_pages).passages


def test_worker_without_a_sign_of_life_is_given_up():
    """A file that hangs is refused after the patience; its process is gone."""
    with Isolation(patience_s=0.5) as isolation:
        isolation.warm_up()
        worker = isolation.process
        os.kill(worker.pid, signal.SIGSTOP)
        with pytest.raises(FileRefusedError, match="ohne Fortschritt") as raised:
            isolation.read(GOOD, "haengt.pdf", no_pages)

    assert raised.value.code == "ERR_FILE_LIMIT"
    assert worker.poll() is not None


def test_folder_and_process_are_gone_afterwards():
    """Nothing is left behind, also when the work was broken off."""
    with pytest.raises(KeyboardInterrupt), Isolation() as isolation:
        isolation.read(GOOD, "eins.pdf", no_pages)
        worker, folder = isolation.process, isolation.folder
        raise KeyboardInterrupt

    assert worker.poll() is not None
    assert not folder.exists()


ORPHAN = """
import os, sys, time
from pathlib import Path
from ingest.isolation import Isolation
with Isolation() as isolation:
    isolation.warm_up()
    print(isolation.process.pid, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_worker_dies_with_its_parent():
    """A killed program leaves no parser behind."""
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE, text=True)
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()

    for _ in range(100):
        if not _runs(worker):
            return
        time.sleep(0.05)
    pytest.fail("the worker still runs")


def _runs(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
        return state.rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


ATTACKS = {
    "network": "import socket; socket.create_connection(('127.0.0.1', {port}))",
    "name": "import socket; socket.getaddrinfo('localhost', 80)",
    "program": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "write": "open('{outside}', 'w')",
    "append": "open('{outside}', 'ab')",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_worker_may_not_reach_out(attack, tmp_path):
    """What a hijacked parser would try is forbidden: network, programs, writing elsewhere."""
    outside, inside = tmp_path / "draussen", tmp_path / "ordner"
    inside.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        code = ATTACKS[attack].format(port=server.getsockname()[1], outside=outside)
        program = (
            "import sys; from pathlib import Path; from ingest.worker import guard;"
            f"sys.addaudithook(guard(Path({str(inside)!r})));"
            f"open({str(inside / 'erlaubt')!r}, 'w').close();"
            f"{code}"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        with pytest.raises(TimeoutError):
            server.accept()

    assert "PermissionError" in done.stderr
    assert not outside.exists()
    assert (inside / "erlaubt").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux only")
def test_memory_is_limited():
    """A parser that asks for more than its share gets an error, not the machine's memory."""
    program = (
        "from ingest.worker import MEMORY, limit_memory; limit_memory();"
        "bytearray(MEMORY // 2); bytearray(MEMORY + 2**20)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert "MemoryError" in done.stderr


def test_two_isolations_do_not_share_anything():
    """Each has its folder and its process."""
    found = []

    def read():
        with Isolation() as isolation:
            isolation.read(GOOD, "eins.pdf", no_pages)
            found.append((isolation.folder, isolation.process.pid))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 2
