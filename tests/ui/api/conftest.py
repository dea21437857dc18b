"""Both interfaces over the starter collection: in this process, and as the real program."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from corpus.store import Store
from tests.e2e.test_page import ROOT, wait_for
from ui.access.roles import Role
from ui.access.tokens import Tokens
from ui.api.routes import Interfaces, add_interfaces
from ui.local import LocalService
from ui.web.guard import LOOPBACK, Guard

BASE = "http://127.0.0.1:7860"
AT_WORK = 2
MAX_CHARS = 4000


class Known:
    """Knows one token, "gut"."""

    def role_of(self, header):
        """Return a reader for it."""
        return Role.READER if header == "Bearer gut" else None


def application(service, ready=lambda: True, tokens=None):
    """Return the interfaces behind the guard, without the pages."""
    app = FastAPI(openapi_url=None)
    add_interfaces(app, Interfaces(service, tokens or Known(), AT_WORK), ready, MAX_CHARS)
    app.add_middleware(Guard, allowed_hosts=LOOPBACK, interfaces=True)
    return app


def client_of(app):
    """Return a client with the token that sees errors as responses."""
    headers = {"authorization": "Bearer gut"}
    return TestClient(app, base_url=BASE, headers=headers, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def service(starter):
    """The real service."""
    return LocalService(Store(starter), None)


@pytest.fixture(scope="session")
def client(service):
    """A client over the starter collection."""
    with client_of(application(service)) as opened:
        yield opened


@contextmanager
def serving(data, **settings):
    """Run ``sozialraum serve`` with the interfaces switched on; yield (address, token)."""
    token = Tokens(data).add(f"probe-{os.urandom(4).hex()}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"SOZIALRAUM_DATA": str(data), "SOZIALRAUM_API": "on", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from ui.cli.main import main; main()", "serve"]
    with subprocess.Popen(
        [*command, "--port", str(port)], env={**os.environ, **own, **settings}, cwd=ROOT
    ) as server:
        try:
            wait_for(f"http://127.0.0.1:{port}/gesund", server)
            yield f"http://127.0.0.1:{port}", token
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def data(starter, tmp_path_factory):
    """A data folder of the tests' own, with the starter collection."""
    folder = tmp_path_factory.mktemp("interfaces") / "data"
    shutil.copytree(starter, folder)
    return folder


@pytest.fixture(scope="session")
def server(data):
    """Address and token of a running server that answers with verbatim sentences."""
    with serving(data) as found:
        yield found
