"""The running application: one process, loopback unless set otherwise."""

import socket
import sys
import threading

import uvicorn

from corpus.errors import DataFolderError, SozialraumError
from ui.local import LocalService
from ui.web.guard import hosts_for
from ui.web.routes import create_app

SHUTDOWN_S = 5


def serve(service: LocalService, host: str, port: int, max_question_chars: int) -> None:
    """Serve the page until stopped. Raises DataFolderError when the port is taken.

    The page is up before the embedder has loaded; questions asked meanwhile wait for it.
    """
    _require_free(host, port)
    ready = threading.Event()

    def warm_up() -> None:
        try:
            service.ask("Was ist Sozialraumorientierung?")
        except SozialraumError as fault:
            print(f"{fault.code}: {fault}", file=sys.stderr)  # noqa: T201  # the server's only log
        ready.set()

    app = create_app(
        service,
        ready.is_set,
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
    print(f"Der Sozialraum-Assistent läuft: http://{host}:{port}/", flush=True)  # noqa: T201
    print("Beenden mit Strg+C.", flush=True)  # noqa: T201
    uvicorn.Server(config).run()


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
