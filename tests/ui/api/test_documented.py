"""docs/schnittstelle.md does what it says: its examples are run against the real program."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.e2e.test_page import ROOT

PAGE = (ROOT / "docs" / "schnittstelle.md").read_text(encoding="utf-8")
WRITTEN_FOR = "http://127.0.0.1:7860"


def examples(language):
    """Return the examples in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def run(command, server):
    """Run an example against the server that is up, and return what it prints."""
    address, token = server
    done = subprocess.run(
        [*command[:-1], command[-1].replace(WRITTEN_FOR, address)],
        env={**os.environ, "TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
@pytest.mark.parametrize("number", range(2))
def test_curl(server, number):
    """Both calls print what they promise."""
    assert len(examples("bash")) == 2
    printed = json.loads(run(["bash", "-c", examples("bash")[number]], server))

    assert printed["status"] == "answered" if number == 0 else len(printed["hits"]) == 3


@pytest.mark.parametrize("number", range(2))
def test_python(server, number):
    """Both programs print an answer with its sources."""
    assert len(examples("python")) == 2
    printed = run([sys.executable, "-c", examples("python")[number]], server)

    assert "Verfügungsfonds" in printed
    assert "Quellen:\n- [1] " in printed


def test_every_address_is_named(client):
    """The page and the OpenAPI document know the same addresses of /api."""
    described = client.get("/api/openapi.json").json()["paths"]
    named = {
        f"{method} {path}" for method, path in re.findall(r"`(GET|POST) (/api/[\w./]+)`", PAGE)
    }

    expected = {
        f"{method.upper()} {path.replace('{id}', 'KENNUNG')}"
        for path, methods in described.items()
        for method in methods
        if path.startswith("/api")
    }
    assert named == expected | {"GET /api/openapi.json"}
