"""The real ``sozialraum serve`` as a process, at any address."""

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from tests.ui.access.provider import free_port, wait_for

ROOT = Path(__file__).parents[3]
SCRIPT = (sys.executable, "-c", "from ui.cli.main import main; main()")


def environment(data, **settings):
    """Return the environment of a command; settings by their names, ``host="0.0.0.0"``."""
    named = {f"SOZIALRAUM_{name.upper()}": str(value) for name, value in settings.items()}
    own = {k: v for k, v in os.environ.items() if not k.startswith("SOZIALRAUM_")}
    return {**own, "PYTHONPATH": str(ROOT), "SOZIALRAUM_DATA": str(data), **named}


def command(data, *arguments, stdin="", **settings):
    """Run a command to its end and return the process."""
    return subprocess.run(
        [*SCRIPT, *arguments],
        env=environment(data, **settings),
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


@contextmanager
def serving(data, called="127.0.0.1", **settings):
    """Run the server and yield the address at which it is ``called``."""
    port = settings.setdefault("port", free_port())
    url = f"http://{called}:{port}"
    with subprocess.Popen(
        [*SCRIPT, "serve"],
        env=environment(data, **settings),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(f"{url}/gesund", server, tries=400)
            yield url
        finally:
            server.terminate()
