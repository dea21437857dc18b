"""Addresses of answers: their page, their files, keeping them and deleting them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from corpus.errors import SozialraumError, UnknownItemError
from ui.access.person import ALONE, person_in
from ui.access.roles import Role
from ui.export.bibliography import bibtex, ris
from ui.export.markdown import conversation as conversation_of
from ui.export.markdown import markdown
from ui.export.memo import Memo, memo
from ui.records import ID, Record, Records
from ui.service import Service, Standing
from ui.web.answer import record_page
from ui.web.ask.asking import MAX_EXCHANGES

_SEE_OTHER = 303
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class _Form:
    """A file that a record can be taken away as."""

    media_type: str
    make: Callable[[Record, tuple[Standing, ...]], bytes]


def _docx(told: Memo) -> bytes:
    # Loaded when asked for: start of the application, 0.1 s.
    from ui.export.word import docx

    return docx(told)


def _pdf(told: Memo) -> bytes:
    from ui.export.pdf import pdf

    return pdf(told)


FORMS = {
    "vermerk.docx": _Form(_WORD, lambda record, now: _docx(memo(record, now))),
    "vermerk.pdf": _Form("application/pdf", lambda record, now: _pdf(memo(record, now))),
    "antwort.md": _Form(
        "text/markdown; charset=utf-8", lambda record, now: markdown(memo(record, now)).encode()
    ),
    "quellen.bib": _Form(
        "application/x-bibtex; charset=utf-8", lambda record, now: bibtex(record, now).encode()
    ),
    "quellen.ris": _Form(
        "application/x-research-info-systems; charset=utf-8",
        lambda record, now: ris(record, now).encode(),
    ),
}


def owner_of(request: Request) -> str:
    """Return who asks, as the gate knows them; empty where no login is asked for."""
    person = person_in(request.scope)
    return (person.identity or person.name) if person else ""


def may_delete(request: Request, record: Record) -> bool:
    """Whoever made the link may delete the answer, and whoever keeps the collection."""
    role = (person_in(request.scope) or ALONE).role
    return record.owner == owner_of(request) or role >= Role.EDITOR


def add_record_routes(app: FastAPI, service: Service, records: Records) -> None:
    """Add the routes; each answers what goes wrong with a page in German."""

    def shown(request: Request, id: str, trouble: str = "") -> HTMLResponse:
        found = records.find(id)
        standings, fault = _standings(service, found)
        page = record_page.page(
            *(found, standings),
            is_kept=records.is_kept(id),
            may_delete=may_delete(request, found),
            trouble=trouble or fault,
        )
        return HTMLResponse(page)

    @app.get("/antwort/{record}")
    @_explained
    def answer(request: Request, record: str) -> Response:
        return shown(request, record)

    @app.get("/antwort/{record}/{file}")
    @_explained
    def download(request: Request, record: str, file: str) -> Response:
        found = records.find(record)
        form = FORMS.get(file)
        if form is None:
            raise UnknownItemError("In dieser Form gibt es die Antwort nicht.")
        stem, _, ending = file.partition(".")
        dated = f"{stem}-{found.asked.date().isoformat()}.{ending}"
        return Response(
            form.make(found, _standings(service, found)[0]),
            media_type=form.media_type,
            headers={"content-disposition": f'attachment; filename="{dated}"'},
        )

    @app.get("/gespraech.md")
    @_explained
    def conversation(request: Request, antworten: str = "") -> Response:
        ids = [id for id in antworten.split(",")[:MAX_EXCHANGES] if ID.fullmatch(id)]
        found = [records.find(id) for id in ids]
        if not found:
            raise UnknownItemError("Dieses Gespräch hat keine Antworten.")
        memos = [memo(record, _standings(service, record)[0]) for record in found]
        dated = f"gespraech-{found[0].asked.date().isoformat()}.md"
        return Response(
            conversation_of(memos),
            media_type=FORMS["antwort.md"].media_type,
            headers={"content-disposition": f'attachment; filename="{dated}"'},
        )

    @app.post("/antwort/{record}/behalten")
    @_explained
    def keep(request: Request, record: str) -> Response:
        try:
            records.keep(record, owner_of(request))
        except UnknownItemError:
            raise
        except SozialraumError as fault:
            return shown(request, record, str(fault))
        return RedirectResponse(f"/antwort/{record}", _SEE_OTHER)

    @app.post("/antwort/{record}/loeschen")
    @_explained
    def delete(request: Request, record: str) -> Response:
        if not may_delete(request, records.find(record)):
            return shown(
                request, record, "Löschen kann diese Antwort nur, wer den Link angelegt hat."
            )
        records.delete(record)
        words = "Frage und Antwort sind gelöscht. Der Link führt jetzt ins Leere."
        return HTMLResponse(record_page.message("Gelöscht", words))


def _standings(service: Service, record: Record) -> tuple[tuple[Standing, ...], str]:
    """Look the citations up; return also the German message why that failed, or nothing."""
    try:
        return tuple(service.standing(citation) for citation in record.answer.citations), ""
    except SozialraumError as fault:
        return (), f"Die Quellen lassen sich gerade nicht nachschlagen. {fault}"


def _explained(handler: Callable[..., Response]) -> Callable[..., Response]:
    """Answer an error of ours with a page rather than with JSON: a person followed a link."""

    @wraps(handler)
    def guarded(*args: object, **kwargs: object) -> Response:
        try:
            return handler(*args, **kwargs)
        except SozialraumError as fault:
            status = 404 if isinstance(fault, UnknownItemError) else 503
            heading = "Diese Antwort lässt sich nicht öffnen"
            return HTMLResponse(record_page.message(heading, str(fault)), status)

    return guarded
