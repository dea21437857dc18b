"""Reading in as an editor does it: real commands, real processes, a server that goes on."""

import functools
import http.server
import json
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

from tests.ingest.truth import TESTDOCS

TEXT = "# {title}\n\n## Förderung\n\nDer {title} wird im Quartier {place} bis 2020 gefördert.\n"
COMMAND = [sys.executable, "-c", "from ui.cli.main import main; main()"]


@pytest.fixture
def folder(tmp_path):
    """A folder with one small document."""
    found = tmp_path / "unterlagen"
    found.mkdir()
    write(found, "Nordstern", "Nordstadt")
    return found


def write(folder, title, place):
    """Write a document about a project."""
    name = title.lower() + ".md"
    (folder / name).write_text(TEXT.format(title=title, place=place), encoding="utf-8")


def test_an_answering_process_takes_the_new_state_without_a_restart(own_commands, folder):
    """While another process reads in, every question is answered; then the new text counts."""
    own_commands.run("ingest", folder)
    server = subprocess.Popen(
        [*COMMAND, "ask", "--json", "-"],
        env=own_commands.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(question):
        server.stdin.write(json.dumps({"question": question}) + "\n")
        server.stdin.flush()
        return json.loads(server.stdout.readline())

    try:
        first = ask("Bis wann wird der Nordstern gefördert?")
        write(folder, "Südwind", "Südstadt")
        reader = subprocess.Popen([*COMMAND, "ingest", folder], env=own_commands.environment)
        during = []
        while reader.poll() is None:
            during.append(ask("Bis wann wird der Nordstern gefördert?"))
        after = ask("Bis wann wird der Südwind gefördert?")
    finally:
        server.kill()
        server.wait()

    assert first["status"] == "answered"
    assert len(during) > 3
    assert {answer["status"] for answer in during} == {"answered"}
    assert after["generation"] != first["generation"]
    assert "Südstadt" in after["segments"][0]["text"]


def test_second_writer_is_refused_at_once(own_commands, folder):
    """While one process reads in, another is told so by name and doesn't wait."""
    watcher = subprocess.Popen(
        [*COMMAND, "ingest", TESTDOCS / "tricky", "--json"],
        env=own_commands.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: (own_commands.data / "originals").exists())
        second = own_commands.run("ingest", folder, "--json", check=False)
    finally:
        watcher.send_signal(signal.SIGTERM)
        ended = watcher.wait(timeout=60)

    assert second.returncode == 1
    assert json.loads(second.stdout)["error"]["code"] == "ERR_INGEST_RUNNING"
    assert ended == 130
    assert own_commands.json("ingest", folder)["added"] == ["nordstern"]


def test_watched_folder_is_read_in_when_it_changes(own_commands, folder):
    """With --watch a new file is known soon after it has come to rest, without a command."""
    watcher = subprocess.Popen(
        [*COMMAND, "ingest", folder, "--watch", "--sync"],
        env=own_commands.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while "beobachtet" not in watcher.stderr.readline():
            assert watcher.poll() is None
        threading.Thread(target=watcher.stderr.read, daemon=True).start()
        threading.Thread(target=watcher.stdout.read, daemon=True).start()
        wait_for(lambda: ids(own_commands) == ["nordstern"])
        write(folder, "Südwind", "Südstadt")
        wait_for(lambda: ids(own_commands) == ["nordstern", "suedwind"])
        (folder / "nordstern.md").unlink()
        wait_for(lambda: ids(own_commands) == ["suedwind"])
    finally:
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(timeout=60) == 130


def test_landing_page_leads_to_the_publication(own_commands, tmp_path):
    """An address is fetched, its download link followed, and the PDF cited by its page."""
    site = tmp_path / "netz"
    site.mkdir()
    (site / "dokumentation.pdf").write_bytes((TESTDOCS / "w1_einspaltig.pdf").read_bytes())
    (site / "seite.html").write_text(
        "<html><body><nav><a href='/impressum.html'>Impressum</a></nav><main><h1>Abschluss der "
        "Reihe</h1><p>Die Dokumentation fasst alles zusammen.</p><p><a href='dokumentation.pdf'>"
        "Download der Publikation hier</a></p></main></body></html>",
        encoding="utf-8",
    )
    serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/seite.html"
        refused = own_commands.run("ingest", address, "--json", check=False)
        own_commands.environment["SOZIALRAUM_INTERNAL_HOSTS"] = f"127.0.0.1:{server.server_port}"
        report = own_commands.json("ingest", address)
        again = own_commands.json("ingest", address)
        server.shutdown()

    assert json.loads(refused.stdout)["refused"][0]["code"] == "ERR_URL_ADDRESS"
    assert report["added"] == ["dokumentation"]
    assert again["unchanged"] == ["dokumentation"]
    (document,) = own_commands.json("documents", "list")
    assert (document["source"], document["pages"]) == (address, 9)


def test_report_and_correction_on_the_command_line(own_commands, folder, tmp_path):
    """The editor sees the state in a word, corrects the title, and finds it in a citation."""
    own_commands.run("ingest", TESTDOCS / "tricky" / "t11_gemischt_text_scan.pdf", folder)
    page = tmp_path / "bericht.html"
    text = own_commands.run("documents", "report", "t11-gemischt-text-scan", "--html", page).stdout
    own_commands.run("documents", "correct", "nordstern", "--title", "Projekt Nordstern")
    answer = own_commands.json("ask", "Bis wann wird der Nordstern gefördert?")

    assert re.match(r"Zustand: (gut|prüfen|schlecht)", text)
    html = page.read_text(encoding="utf-8")
    assert 'lang="de"' in html
    assert "<script" not in html
    assert html.count("<img") == 2
    assert answer["citations"][0]["title"] == "Projekt Nordstern"


def test_recognised_page_says_so_beside_its_citation(own_commands):
    """What was read from a scan is cited with its page, its boxes and a warning."""
    scan = TESTDOCS / "tricky" / "t09_scan_200dpi.pdf"
    report = own_commands.json("ingest", scan)
    if report["refused"]:
        assert "tesseract-ocr-deu" in report["refused"][0]["message"]
        pytest.skip("Tesseract isn't installed; its absence was named")
    hits = own_commands.json("search", "Werkstatt Quartier", "-k", "1")["hits"]
    answer = own_commands.json("ask", " ".join(hits[0]["text"].split()[:12]))

    assert answer["status"] == "answered"
    assert "Texterkennung" in answer["citations"][0]["origin"]
    assert answer["citations"][0]["located"] == "exact"


def ids(commands):
    """Return the ids of all documents."""
    return [document["id"] for document in commands.json("documents", "list")]


def wait_for(condition, seconds=120):
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.3)
