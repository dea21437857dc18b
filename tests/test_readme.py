"""The README does what it says: its commands are run, its tables are those of the program."""

import os
import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from ui.settings import table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
HANDBOOK = (ROOT / "docs" / "handbuch.md").read_text(encoding="utf-8")


def consoles():
    """Return (command, printed output) of every console example."""
    found = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command.strip(), output.strip()))
    return found


EXAMPLES = [(c, o) for c, o in consoles() if c.startswith("sozialraum ")]


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_examples_print_what_they_show(commands, command, output):
    """Each example, run over the starter collection, prints exactly what the README shows."""
    assert output
    assert commands.run(*shlex.split(command)[1:]).stdout.strip() == output


def test_make_run_serves_the_page(tmp_path):
    """``make run`` reads the starter collection in and answers in the browser."""
    if not (ROOT / ".venv" / ".run").exists():
        pytest.skip("only `make test` installs what `make run` needs")
    assert [c for c, _ in consoles() if c.startswith("make")] == ["make run", "make test"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SOZIALRAUM_DATA": str(tmp_path), "SOZIALRAUM_PORT": str(port)}
    server = subprocess.Popen(
        ["make", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        page = fetch(f"http://127.0.0.1:{port}/")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        printed = server.communicate(timeout=60)[0].decode()
    assert "Sozialraum-Assistent" in page
    assert f"http://127.0.0.1:{port}/" in printed


def fetch(url, limit_s=180):
    """Return the page as soon as it is there."""
    end = time.monotonic() + limit_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310  # our own server
                return response.read().decode()
        except OSError:
            assert time.monotonic() < end, "the page didn't come up"
            time.sleep(0.2)


def test_settings_table_is_the_programs():
    """Every setting stands in the README with its default and help, and no other does."""
    rows = [
        f"| `{entry.variable}` | {entry.default} | {entry.unit} | {entry.help} |"
        for entry in table()
    ]
    assert "\n".join(rows) in README
    assert set(re.findall(r"SOZIALRAUM_[A-Z_]+", README)) == {e.variable for e in table()}


def test_commands_are_there(own_commands):
    """Every command the README lists has a German help page."""
    listed = re.findall(r"^\| `sozialraum (\w+)", README, re.MULTILINE)
    assert set(listed) == {
        *("serve", "ask", "search", "ingest", "documents", "evaluate", "model", "doctor"),
        *("users", "token"),
    }
    for name in listed:
        page = own_commands.run(name, "--help").stdout
        assert page.startswith("Aufruf:")
        assert "Usage" not in page
        assert "Options" not in page


def test_links_lead_somewhere():
    """Every file that README and handbook point to is there."""
    for text, folder in ((README, ROOT), (HANDBOOK, ROOT / "docs")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (folder / target).exists(), target


def test_handbook_names_every_refusal():
    """Each code that a person can meet stands in the handbook with its remedy."""
    from ingest.refusals import _MESSAGES

    for code in _MESSAGES:
        assert f"`{code}`" in HANDBOOK
