"""The running application: one process, loopback unless set otherwise."""

import socket
import sys
import threading

import uvicorn

from assistant.evaluation.feedback import Feedback
from corpus.errors import DataFolderError, SozialraumError
from ui.local import LocalService
from ui.quality import Quality
from ui.web.guard import LOOPBACK, hosts_for
from ui.web.routes import create_app

SHUTDOWN_S = 5
DAY_S = 86_400


def serve(
    service: LocalService,
    quality: Quality,
    host: str,
    port: int,
    max_question_chars: int,
    *,
    rateable: bool,
) -> None:
    """Serve the pages until stopped. Raises DataFolderError when the port is taken.

    The page for measuring is served on loopback only: who can reach it may change golden
    questions and keep the machine busy. Answers can be rated from everywhere if ``rateable``.
    The page is up before the embedder has loaded; questions asked meanwhile wait for it.
    """
    _require_free(host, port)
    ready = threading.Event()

    def warm_up() -> None:
        try:
            service.search("Was ist Sozialraumorientierung?", 1)
        except SozialraumError as fault:
            print(f"{fault.code}: {fault}", file=sys.stderr)  # noqa: T201  # the server's only log
        ready.set()

    app = create_app(
        service,
        ready.is_set,
        quality=quality if host in LOOPBACK else None,
        feedback=quality.feedback if rateable else None,
        max_question_chars=max_question_chars,
        allowed_hosts=hosts_for(host),
    )
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        # Questions and addresses of people don't belong into a log.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    if quality.feedback:
        expiry = threading.Thread(target=_expire_daily, args=[quality.feedback], daemon=True)
        expiry.start()
    print(f"Der Sozialraum-Assistent läuft: http://{host}:{port}/", flush=True)  # noqa: T201
    print("Beenden mit Strg+C.", flush=True)  # noqa: T201
    uvicorn.Server(config).run()


def _expire_daily(feedback: Feedback) -> None:
    """Let go of feedback that is over, though nobody looks: reading it does that."""
    while not threading.Event().wait(DAY_S):
        try:
            feedback.read()
        except SozialraumError as fault:
            print(f"{fault.code}: {fault}", file=sys.stderr)  # noqa: T201  # the server's only log


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise DataFolderError(
                f"Die Adresse {host}:{port} ist nicht frei ({fault}). Bitte beenden Sie das andere "
                "Programm oder wählen Sie mit „sozialraum serve --port 7861“ einen anderen Port.",
                code="ERR_PORT",
            ) from fault
