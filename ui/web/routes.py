"""The web application: routes of our own beside the page, behind one guard."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from assistant.evaluation.feedback import Feedback
from corpus.errors import SozialraumError, UnknownItemError
from ui.evaluation.measurements import Measurements
from ui.quality import Quality
from ui.service import Service
from ui.web import app as page
from ui.web import feedback_desk
from ui.web.guard import LOOPBACK, Guard
from ui.web.run_routes import add_run_routes

_HERE = Path(__file__).parent
_OWN_FILES = {
    "page.js": (_HERE / "page.js", "text/javascript"),
    "design.css": (_HERE.parent / "design.css", "text/css"),
    "evaluation.css": (_HERE.parent / "evaluation" / "evaluation.css", "text/css"),
    "style.css": (_HERE / "style.css", "text/css"),
    "icon.svg": (_HERE / "icon.svg", "image/svg+xml"),
}
# Shown in the browser; everything else is only ever handed over as a download.
_INLINE = {".pdf": "application/pdf"}
# Wide enough for the panel on a screen with double density, see ui/web/style.css.
PAGE_WIDTH_PX = 1100


def create_app(
    service: Service,
    ready: Callable[[], bool],
    *,
    quality: Quality | None = None,
    feedback: Feedback | None = None,
    max_question_chars: int = 4000,
    allowed_hosts: Sequence[str] = LOOPBACK,
) -> FastAPI:
    """Return the application. ``ready`` tells whether questions are answered without delay.

    ``allowed_hosts`` are the names under which the server may be called ("*": any); a page of a
    stranger can't reach a server on loopback through a name of its own.
    """
    app = FastAPI(title=page.TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(SozialraumError, _refuse)
    app.add_exception_handler(RequestValidationError, _reject)
    _add_routes(app, service, ready)
    if quality and quality.feedback:
        _add_export(app, quality.feedback)
    if quality:
        add_run_routes(app, Measurements(quality.evaluations))
    page.mount(app, page.build(service, quality, feedback, max_question_chars))
    app.add_middleware(Guard, allowed_hosts=tuple(allowed_hosts))
    return app


def _add_routes(app: FastAPI, service: Service, ready: Callable[[], bool]) -> None:
    @app.get("/gesund")
    def health() -> JSONResponse:
        up = ready()
        return JSONResponse({"status": "bereit" if up else "startet"}, 200 if up else 503)

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
        path, media_type = _OWN_FILES[name]
        return FileResponse(path, media_type=media_type)


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
