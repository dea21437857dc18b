"""The running application: one process, loopback unless set otherwise."""

import asyncio
import logging
import socket
import sys
import threading
from urllib.parse import urlsplit

import uvicorn

from assistant.evaluation.feedback import Feedback
from corpus.errors import DataFolderError, SozialraumError
from ui.access.login import Login
from ui.access.tokens import Tokens
from ui.api.routes import Interfaces
from ui.editing import Editing
from ui.history import History
from ui.local import LocalService
from ui.quality import Quality
from ui.records import Records
from ui.web.ask.page import CONCURRENT_QUESTIONS
from ui.web.guard import hosts_for
from ui.web.routes import create_app

# An answer takes far less; pages that are open would hold the server for ever.
SHUTDOWN_S = 2
DAY_S = 86_400


def serve(
    service: LocalService,
    quality: Quality,
    editing: Editing,
    host: str,
    port: int,
    max_question_chars: int,
    *,
    rateable: bool,
    records: Records,
    history: History,
    login: Login | None = None,
    public_url: str = "",
    tokens: Tokens | None = None,
) -> None:
    """Serve the pages until stopped. Raises DataFolderError when the port is taken.

    Without ``login`` everything is open to whoever reaches it, so ``host`` must be loopback.
    ``public_url`` is how a proxy is called that stands before it. Answers can be rated if
    ``rateable``. With ``tokens`` programs that have one may ask, too.
    The page is up before the embedder has loaded; questions asked meanwhile wait for it.
    """
    _require_free(host, port)
    ready = threading.Event()

    def warm_up() -> None:
        try:
            service.search("Was ist Sozialraumorientierung?", 1)
            # Finds the questions to begin with, which the first visitor would wait for.
            service.overview()
        except SozialraumError as fault:
            print(f"{fault.code}: {fault}", file=sys.stderr)  # noqa: T201  # the server's only log
        ready.set()

    app = create_app(
        service,
        ready.is_set,
        quality=quality,
        editing=editing,
        feedback=quality.feedback if rateable else None,
        records=records,
        history=history,
        max_question_chars=max_question_chars,
        allowed_hosts=hosts_for(host, [str(urlsplit(public_url).hostname)] if public_url else []),
        login=login,
        public_url=public_url,
        interfaces=Interfaces(service, tokens, CONCURRENT_QUESTIONS) if tokens else None,
    )
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        # Questions and addresses of people don't belong into a log.
        access_log=False,
        server_header=False,
        # Whom a proxy on this machine speaks for is believed, and no other's word.
        forwarded_allow_ips=["127.0.0.1", "::1"],
        timeout_graceful_shutdown=SHUTDOWN_S,
    )
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
    if quality.feedback:
        expiry = threading.Thread(target=_expire_daily, args=[quality.feedback], daemon=True)
        expiry.start()
    print(f"Der Sozialraum-Assistent läuft: http://{host}:{port}/", flush=True)  # noqa: T201
    print("Beenden mit Strg+C.", flush=True)  # noqa: T201
    logging.getLogger("uvicorn.error").addFilter(_is_worth_reading)
    uvicorn.Server(config).run()


def _is_worth_reading(record: logging.LogRecord) -> bool:
    """Tell whether a line of the server's log is: each open page holds a connection.

    When the server stops, it is cut off, which uvicorn takes for a failure of the application.
    """
    cut_off = record.exc_info is not None and record.exc_info[0] is asyncio.CancelledError
    return not cut_off and "timeout graceful shutdown exceeded" not in record.getMessage()


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
