"""Addresses of the page „Unterlagen“: files come in, reports and receipts go out."""

import io
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from urllib.parse import unquote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.requests import ClientDisconnect

from corpus.errors import DataFolderError, FileRefusedError, SozialraumError
from corpus.types import Reading
from ingest.quality import Quality
from ui.report.text import write_report_html
from ui.web.documents.desk import Desk
from ui.web.documents.inbox import InboxError

UPLOAD = "/unterlagen/hochladen"
NAME_HEADER = "x-datei"
"""Names the file, percent-encoded. A page of a stranger can't send it without being asked."""
_CHUNK_BYTES = 1 << 20
_AHEAD = 4
"""Pages of a report that are drawn before the browser has taken the ones before."""


def add_document_routes(app: FastAPI, desk: Desk) -> None:
    """Add the routes; what they may not find they answer with UnknownItemError."""

    @app.post(UPLOAD)
    async def upload(request: Request) -> JSONResponse:
        if "origin" not in request.headers:
            message = "Dateien nimmt diese Adresse nur von der Seite „Unterlagen“ an."
            return JSONResponse({"message": message}, 403)
        try:
            name = await _received(request, desk)
        except (FileRefusedError, InboxError) as fault:
            return JSONResponse({"code": fault.code, "message": str(fault)}, 422)
        except DataFolderError as fault:
            return JSONResponse({"code": fault.code, "message": str(fault)}, 507)
        except ClientDisconnect:
            return JSONResponse({"message": "Das Hochladen wurde abgebrochen."}, 400)
        return JSONResponse({"name": name})

    @app.get("/unterlagen/bericht/{id}")
    def report(id: str) -> Response:
        reading, quality = desk.documents.reading(id)
        original = desk.store.original(reading.document.version)
        parts = _written(reading, quality, original)
        return StreamingResponse(parts, media_type="text/html; charset=utf-8")

    @app.get("/unterlagen/beleg/{token}.txt")
    def receipt(token: str) -> PlainTextResponse:
        name = 'attachment; filename="Beleg.txt"'
        return PlainTextResponse(desk.changes.receipt(token), headers={"content-disposition": name})


async def _received(request: Request, desk: Desk) -> str:
    """Write what is sent into the inbox as it comes; nothing stays of a broken transfer.

    What is refused is read to its end, as browsers don't listen before.
    """
    name = unquote(request.headers.get(NAME_HEADER, ""))
    length = int(request.headers.get("content-length", "0"))
    arrival, fault = None, None
    try:
        arrival = await run_in_threadpool(desk.inbox.arrival, name, length)
    except SozialraumError as refused:
        fault = refused
    held = bytearray()
    try:
        async for chunk in request.stream():
            if arrival is None or fault is not None:
                continue
            held += chunk
            if len(held) >= _CHUNK_BYTES:
                try:
                    await run_in_threadpool(arrival.write, bytes(held))
                except SozialraumError as refused:
                    fault = refused
                held.clear()
        if fault is not None or arrival is None:
            raise fault or InboxError("Die Datei ist nicht angekommen.")
        await run_in_threadpool(arrival.write, bytes(held))
        return await run_in_threadpool(arrival.keep)
    finally:
        if arrival is not None:
            await run_in_threadpool(arrival.abandon)


def _written(reading: Reading, quality: Quality, original: Path) -> Iterator[str]:
    """Yield a report as it is written, a few pages ahead of who reads it."""
    parts: queue.Queue[str | None] = queue.Queue(_AHEAD)
    left = threading.Event()

    def write() -> None:
        try:
            write_report_html(_Parts(parts, left), reading, quality, original)
        except _LeftError:
            return
        finally:
            _put(parts, None, left)

    threading.Thread(target=write, name="report", daemon=True).start()
    try:
        while (part := parts.get()) is not None:
            yield part
    finally:
        left.set()


class _LeftError(Exception):
    """Nobody reads on."""


class _Parts(io.TextIOBase, TextIO):
    """A file that hands on what is written into it."""

    def __init__(self, parts: "queue.Queue[str | None]", left: threading.Event) -> None:
        self._parts, self._left = parts, left

    def write(self, text: str) -> int:
        """Hand on, waiting while enough lies ahead."""
        if text and not _put(self._parts, text, self._left):
            raise _LeftError
        return len(text)


def _put(parts: "queue.Queue[str | None]", part: str | None, left: threading.Event) -> bool:
    """Put in as soon as there is room; False when the reader has left."""
    while not left.is_set():
        try:
            parts.put(part, timeout=0.5)
            return True
        except queue.Full:
            continue
    return False
