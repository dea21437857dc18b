"""Addresses of runs: their reports, their figures, their pictures, and two compared."""

from typing import Literal

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

from corpus.errors import UnknownItemError
from ui.evaluation import comparison, pictures, plots
from ui.evaluation.measurements import Measurements
from ui.evaluation.places import COMPARISON, REPORT, RUN, SUMMARY

_TYPES = {REPORT: "text/html", SUMMARY: "text/markdown", RUN: "application/json"}


def add_run_routes(app: FastAPI, runs: Measurements) -> None:
    """Add the routes; what they may not find they answer with UnknownItemError."""

    @app.get(f"/messung/{{run}}/{REPORT}")
    def report(run: str) -> FileResponse:
        return _file(runs, run, REPORT, "inline")

    @app.get(f"/messung/{{run}}/{SUMMARY}")
    def markdown(run: str) -> FileResponse:
        return _file(runs, run, SUMMARY, "attachment")

    @app.get(f"/messung/{{run}}/{RUN}")
    def figures(run: str) -> FileResponse:
        return _file(runs, run, RUN, "attachment")

    @app.get("/messung/{run}/{picture}.svg")
    def drawing(run: str, picture: str) -> Response:
        found = pictures.picture(picture, *runs.told(run))
        if found is None:
            raise UnknownItemError("Diese Zeichnung gibt es zu der Messung nicht.")
        return Response(plots.as_file(found.drawing), media_type="image/svg+xml")

    @app.get(f"/messung/{{old}}/{{new}}/{COMPARISON}")
    def compared(old: str, new: str) -> HTMLResponse:
        return HTMLResponse(comparison.html(*runs.compared(old, new)))


def _file(
    runs: Measurements, run: str, file: str, shown: Literal["inline", "attachment"]
) -> FileResponse:
    return FileResponse(
        runs.file(run, file),
        media_type=_TYPES[file],
        filename=f"{run}-{file}",
        content_disposition_type=shown,
    )
