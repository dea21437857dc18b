"""A real provider of OpenID Connect, as a process of its own."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

PEOPLE = (
    {"sub": "erna", "preferred_username": "erna.e", "groups": ["Redaktion", "Kantine"]},
    {"sub": "paul", "name": "Paul\u202e P.\n", "groups": ["Kantine"]},
    {"sub": "chef", "preferred_username": "chef", "groups": ["Redaktion", "Leitung"]},
)


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(*options):
    """Run the provider and yield its issuer; ``options`` are those of its command line."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    command += options
    for person in PEOPLE:
        command += ["--user-claims", json.dumps(person)]
    issuer = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(f"{issuer}/.well-known/openid-configuration", process)
            yield issuer
        finally:
            process.terminate()


def wait_for(address, process, tries=150):
    """Return once a server answers, whatever it says."""
    for _ in range(tries):
        assert process.poll() is None, "the server has ended"
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  # our own
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} doesn't answer")
