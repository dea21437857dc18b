"""The web application: routes of our own beside the page, behind one guard."""

import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from assistant.evaluation.feedback import Feedback
from corpus.errors import SozialraumError, UnknownItemError
from ui.access.gate import Gate
from ui.access.login import Login
from ui.access.login_routes import add_login_routes
from ui.access.person import ALONE
from ui.api.routes import Interfaces, add_interfaces
from ui.editing import Editing
from ui.evaluation.measurements import Measurements
from ui.history import History
from ui.quality import Quality
from ui.records import Records
from ui.service import Service
from ui.web import app as page
from ui.web.answer.record_routes import add_record_routes
from ui.web.documents.desk import Desk
from ui.web.documents.routes import add_document_routes
from ui.web.guard import LOOPBACK, PAGES, ROUTES, Guard
from ui.web.language_routes import add_language_route
from ui.web.quality import feedback_desk
from ui.web.quality.run_routes import add_run_routes

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Our style, scripts and icon by name: those of the pages, and what the reports share with them.
_OWN_FILES = {
    path.name: path
    for path in (
        *sorted(path for path in _HERE.rglob("*") if path.suffix in _TYPES),
        _HERE.parent / "design.css",
        _HERE.parent / "evaluation" / "evaluation.css",
    )
}
# Shown in the browser; everything else is only ever handed over as a download.
_INLINE = {".pdf": "application/pdf"}
PROCESS_HEADER = "x-sozialraum-process"
# Wide enough for the panel on a screen with double density, see ui/web/answer/sources.css.
PAGE_WIDTH_PX = 1100


def create_app(
    service: Service,
    ready: Callable[[], bool],
    *,
    quality: Quality | None = None,
    editing: Editing | None = None,
    feedback: Feedback | None = None,
    records: Records | None = None,
    history: History | None = None,
    max_question_chars: int = 4000,
    allowed_hosts: Sequence[str] = LOOPBACK,
    login: Login | None = None,
    public_url: str = "",
    interfaces: Interfaces | None = None,
) -> FastAPI:
    """Return the application. ``ready`` tells whether questions are answered without delay.

    ``allowed_hosts`` are the names under which the server may be called ("*": any); a page of a
    stranger can't reach a server on loopback through a name of its own. Without ``records``
    answers can be taken away, but get no lasting links. Without ``login`` whoever reaches the
    application may do everything; that is for one person at their own machine. ``public_url`` is
    how a proxy is called that stands before it. Without ``interfaces`` programs find nothing to
    call.
    """
    if login is None and not set(allowed_hosts) <= set(LOOPBACK):
        raise ValueError("an application that others can reach needs a login")
    app = FastAPI(title=page.TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(SozialraumError, _refuse)
    app.add_exception_handler(RequestValidationError, _reject)
    _add_routes(app, service, ready)
    if quality and quality.feedback:
        _add_export(app, quality.feedback)
    if quality:
        add_run_routes(app, Measurements(quality.evaluations))
    desk = Desk(editing) if editing else None
    if desk:
        add_document_routes(app, desk)
    records = records or Records()
    add_record_routes(app, service, records)
    add_language_route(app, secure=bool(login and login.secure))
    if interfaces:
        add_interfaces(app, interfaces, ready, max_question_chars)
    if login:
        add_login_routes(app, login, public_url)
    person = None if login else ALONE
    pages = page.build(
        *(service, quality, feedback, max_question_chars, person, desk),
        records=records,
        history=history,
    )
    page.mount(app, pages, login=login is not None)
    app.add_middleware(
        Gate,
        rules=ROUTES,
        pages=PAGES,
        page_of=lambda function: page.page_of(pages, function),
        login=login,
    )
    app.add_middleware(Guard, allowed_hosts=tuple(allowed_hosts), interfaces=interfaces is not None)
    return app


def _add_routes(app: FastAPI, service: Service, ready: Callable[[], bool]) -> None:
    # A page that is still open after a restart sees that another process answers.
    process = secrets.token_hex(8)

    @app.get("/gesund")
    def health() -> JSONResponse:
        up = ready()
        status = "bereit" if up else "startet"
        return JSONResponse({"status": status}, 200 if up else 503, {PROCESS_HEADER: process})

    @app.get("/seite/{document}/{version}/{number}.png")
    def page_image(
        document: str,
        version: str,
        number: int,
        passage: str | None = None,
        start: Annotated[int, Query(alias="von", ge=0)] = 0,
        end: Annotated[int, Query(alias="bis", ge=0)] = 0,
    ) -> Response:
        image = service.page_image(
            document, version, number, passage, start, end, width_px=PAGE_WIDTH_PX
        )
        return Response(image, media_type="image/png")

    @app.get("/original/{document}/{version}")
    def original(document: str, version: str) -> FileResponse:
        path, name = service.original(document, version)
        media_type = _INLINE.get(Path(name).suffix.lower())
        return FileResponse(
            path,
            media_type=media_type or "application/octet-stream",
            filename=name,
            content_disposition_type="inline" if media_type else "attachment",
        )

    @app.get("/ui/{name}")
    def own_file(name: str) -> Response:
        if name not in _OWN_FILES:
            return PlainTextResponse("Diese Datei gibt es nicht.", 404)
        path = _OWN_FILES[name]
        return FileResponse(path, media_type=_TYPES[path.suffix])


def _add_export(app: FastAPI, feedback: Feedback) -> None:
    @app.get("/rueckmeldungen/wissensluecken.csv")
    def gaps() -> Response:
        return Response(
            feedback_desk.gaps_csv(feedback),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="wissensluecken.csv"'},
        )


def _refuse(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of ours with its code and its German message."""
    code = error.code if isinstance(error, SozialraumError) else "ERR_SOZIALRAUM"
    status = 404 if isinstance(error, UnknownItemError) else 503
    return JSONResponse({"code": code, "message": str(error)}, status)


def _reject(request: Request, error: Exception) -> JSONResponse:
    """Answer an address with wrong numbers in it, without repeating them."""
    return JSONResponse(
        {"code": "ERR_REQUEST", "message": "In dieser Adresse fehlt etwas oder ist ungültig."}, 400
    )
