"""What several tests need: the default embedder, the starter collection read in, the commands."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from corpus.store import Store
from ingest.pipeline import ingest
from ui.local import model

ROOT = Path(__file__).parents[1]
COLLECTION = ROOT / "corpus" / "documents"


# The same examples in every run, so that a red test is the change's own.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")


def quiet(stage, done, total, item=""):
    """Progress that nobody watches."""


@pytest.fixture(scope="session")
def default_model():
    """The embedder that ships with the project."""
    return model(None)


@pytest.fixture(scope="session")
def starter(tmp_path_factory, default_model):
    """A data folder with the starter collection read in. Tests must not change it."""
    folder = tmp_path_factory.mktemp("starter")
    store = Store(folder)
    report = ingest([COLLECTION], store, default_model, quiet)
    assert not report.refused
    store.library.close()
    return folder


class Commands:
    """The console script over one data folder, in real processes."""

    def __init__(self, data):
        self.data = data
        self.environment = {**os.environ, "SOZIALRAUM_DATA": str(data), "PYTHONPATH": str(ROOT)}

    def run(self, *arguments, stdin="", check=True):
        """Run a command and return the finished process."""
        command = [
            sys.executable,
            "-c",
            "from ui.cli.main import main; main()",
            *map(str, arguments),
        ]
        done = subprocess.run(
            command, env=self.environment, input=stdin, capture_output=True, text=True, check=False
        )
        if check:
            assert done.returncode == 0, done.stderr
        return done

    def json(self, *arguments, stdin=""):
        """Run a command with ``--json`` and return what it printed."""
        return json.loads(self.run(*arguments, "--json", stdin=stdin).stdout)

    def lines(self, *arguments, rows):
        """Feed JSON lines to a command and return the lines it printed."""
        stdin = "\n".join(json.dumps(row) for row in rows)
        return [json.loads(x) for x in self.run(*arguments, stdin=stdin).stdout.splitlines()]


@pytest.fixture(scope="session")
def commands(starter):
    """The commands over the starter collection."""
    return Commands(starter)


@pytest.fixture
def own_commands(tmp_path):
    """The commands over an empty data folder of the test's own."""
    return Commands(tmp_path / "data")
