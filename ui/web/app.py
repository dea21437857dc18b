"""The pages, put together and hung into the web application."""

import warnings
from dataclasses import replace

import gradio as gr
from fastapi import FastAPI, Request

from assistant.evaluation.feedback import Feedback
from ui.access.person import ALONE, Person, person_in
from ui.history import History
from ui.quality import Quality
from ui.records import Records
from ui.service import Service
from ui.web.ask import page as ask_page
from ui.web.documents import page as documents_page
from ui.web.documents.desk import Desk
from ui.web.frame import Frame
from ui.web.guard import PAGES
from ui.web.overview import Way
from ui.web.quality import page as quality_page
from ui.web.workshops import page as workshops_page

TITLE = "Sozialraum-Assistent"
ASK = Way("Fragen", "/", PAGES["/"])
WORKSHOPS = Way("Werkstätten", "/werkstaetten", PAGES["/werkstaetten"])
DOCUMENTS = Way("Unterlagen", "/unterlagen", PAGES["/unterlagen"])
QUALITY = Way("Qualität", "/qualitaet", PAGES["/qualitaet"])

# Waiting events of all kinds, then visitors are told to come back (reliability.md, W2).
MAX_WAITING = 50

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def build(
    service: Service,
    quality: Quality | None = None,
    feedback: Feedback | None = None,
    max_question_chars: int = 4000,
    person: Person | None = ALONE,
    desk: Desk | None = None,
    records: Records | None = None,
    history: History | None = None,
) -> gr.Blocks:
    """Build all pages. Nothing of ``service`` is called before a browser asks for it.

    Without ``quality`` there is no page for measuring, without ``desk`` none for documents;
    without ``feedback`` answers can't be rated. ``person`` uses all of them alone; None: each
    request says who makes it.
    """
    offered = ((ASK, True), (WORKSHOPS, True), (DOCUMENTS, desk), (QUALITY, quality))
    ways = tuple(way for way, shown in offered if shown)
    pages: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with pages:
        frame = _frame(pages, ways, ASK, person)
        kept = records or Records(), history or History()
        ask_page.build(pages, frame, service, feedback, *kept, max_question_chars)
    with pages.route(WORKSHOPS.name, WORKSHOPS.address, show_in_navbar=False):
        workshops_page.build(pages, _frame(pages, ways, WORKSHOPS, person), service)
    if desk:
        with pages.route(DOCUMENTS.name, DOCUMENTS.address, show_in_navbar=False):
            documents_page.build(pages, _frame(pages, ways, DOCUMENTS, person), service, desk)
    if quality:
        with pages.route(QUALITY.name, QUALITY.address, show_in_navbar=False):
            quality_page.build(pages, _frame(pages, ways, QUALITY, person), service, quality)
    pages.queue(max_size=MAX_WAITING, api_open=False, default_concurrency_limit=8)
    return pages


def _frame(pages: gr.Blocks, ways: tuple[Way, ...], here: Way, person: Person | None) -> Frame:
    shown = tuple(replace(way, here=way == here) for way in ways)
    return Frame(pages, shown, person)


def mount(app: FastAPI, page: gr.Blocks, *, login: bool = False) -> None:
    """Hang the page into ``app`` at its root, with everything it doesn't need switched off.

    With ``login`` gradio answers nobody whom the gate hasn't let in, and ``gr.Request.username``
    is their name.
    """
    with warnings.catch_warnings():
        # Said of several pages even though it is off.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        gr.mount_gradio_app(
            app,
            page,
            path="/",
            theme=gr.themes.Base(font=_FONTS, font_mono=("ui-monospace", "monospace")),
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            mcp_server=False,
            pwa=False,
            show_error=False,
            allowed_paths=[],
            auth_dependency=_name_of if login else None,
        )


def page_of(pages: gr.Blocks, function: int) -> str | None:
    """Return on which page a function is, by the number that the browser calls it; None: none."""
    known = pages.fns.get(function)
    return f"/{known.page}" if known else None


def _name_of(request: Request) -> str | None:
    person = person_in(request.scope)
    return person.name if person else None
