"""The page: layout and events, nothing else. The one module that knows gradio."""

import os

# Before gradio is imported: it reads them once. Each would reach outside or open a door.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    GRADIO_RUN_HISTORY="False",  # else it keeps every question in the browser
    GRADIO_MCP_SERVER="False",
    GRADIO_SSR_MODE="False",
    GRADIO_SHARE="False",
    GRADIO_VIBE_MODE="",
    HF_HUB_OFFLINE="1",
)

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
from fastapi import FastAPI

from ui.service import Service
from ui.web import conversation as talk
from ui.web import overview as holdings
from ui.web import render
from ui.web.conversation import Conversation

TITLE = "Sozialraum-Assistent"

# Questions answered at the same time on the two cores measured; the others wait their turn.
CONCURRENT_QUESTIONS = 2
# Waiting events of all kinds, then visitors are told to come back (reliability.md, W2).
MAX_WAITING = 50

# More than any question may have, so that a longer one is refused with our words rather than
# cut, and less than the guard lets through.
MAX_TYPED_CHARS = 60_000

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")

# Functions of page.js; the quoted names are the events they trigger.
_LISTEN_CONVERSATION = "sozialraum.conversation(element, trigger, watch, 'open', 'suggest');"
_LISTEN_PANEL = "sozialraum.panel(element, trigger, watch, 'open');"


def build(service: Service, max_question_chars: int = 4000) -> gr.Blocks:
    """Build the page. Nothing of ``service`` is called before a browser asks for it."""
    page: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with page:
        parts = _lay_out()
        _wire(page, parts, service, max_question_chars)
    page.queue(max_size=MAX_WAITING, api_open=False, default_concurrency_limit=8)
    return page


@dataclass(frozen=True, slots=True)
class _Parts:
    """What events read and write."""

    asked: gr.State
    """The conversation so far."""
    header: gr.HTML
    again: gr.Button
    status: gr.HTML
    welcome: gr.HTML
    shown: gr.HTML
    question: gr.Textbox
    scope: gr.Dropdown
    send: gr.Button
    panel: gr.HTML


def _lay_out() -> _Parts:
    asked = gr.State(())
    with gr.Row(elem_id="bar"):
        header = gr.HTML(holdings.header(holdings.OPENING), elem_id="header", **_bare())
        again = gr.Button("Neues Gespräch", elem_id="again")
    status = gr.HTML(holdings.announcement(""), elem_id="status", **_bare())
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk"):
            welcome = gr.HTML(
                holdings.welcome(None), elem_id="welcome", **_bare(_LISTEN_CONVERSATION)
            )
            shown = gr.HTML("", elem_id="conversation", **_bare(_LISTEN_CONVERSATION))
            with gr.Column(elem_id="composer"), gr.Column(elem_id="ask-box"):
                question, scope, send = _composer()
        panel = gr.HTML("", elem_id="panel", **_bare(_LISTEN_PANEL))
    return _Parts(asked, header, again, status, welcome, shown, question, scope, send, panel)


def _composer() -> tuple[gr.Textbox, gr.Dropdown, gr.Button]:
    question = gr.Textbox(
        label="Ihre Frage",
        placeholder="Fragen Sie in Ihren eigenen Worten",
        lines=1,
        max_lines=6,
        max_length=MAX_TYPED_CHARS,
        elem_id="question",
    )
    with gr.Row(elem_id="controls"):
        scope = gr.Dropdown(
            talk.scopes(None),
            value="",
            label="Suchen in",
            filterable=False,
            interactive=True,
            elem_id="scope",
        )
        send = gr.Button("Fragen", variant="primary", elem_id="send")
    return question, scope, send


def _wire(page: gr.Blocks, parts: _Parts, service: Service, max_question_chars: int) -> None:
    def ask(words: str, limit: str, before: Conversation) -> Iterator[dict[Any, Any]]:
        if not words.strip():
            yield {parts.status: holdings.announcement("Bitte schreiben Sie zuerst eine Frage.")}
            return
        yield {
            parts.shown: render.conversation(talk.opened(before, words)),
            parts.welcome: "",
            parts.question: "",
            parts.status: holdings.announcement("Die Suche läuft."),
        }
        after = talk.asked(service, before, words, limit, max_question_chars)
        yield {
            parts.asked: after,
            parts.shown: render.conversation(after),
            parts.question: words if after[-1].error else "",
            parts.status: holdings.announcement(talk.announcement(after[-1])),
            parts.panel: talk.first_source(service, after),
        }

    def suggest(event: gr.EventData, limit: str, before: Conversation) -> Iterator[dict[Any, Any]]:
        yield from ask(talk.question_of(service, before, _name(event)), limit, before)

    def open_source(event: gr.EventData, before: Conversation) -> str:
        return talk.source(service, before, _name(event))

    def load() -> tuple[str, str, Any]:
        header, welcome, scopes = talk.collection(service)
        return header, welcome, gr.Dropdown(choices=scopes, value="")

    def reset() -> tuple[Conversation, str, str, str, str]:
        return (), "", "", talk.collection(service)[1], ""

    asking = [parts.scope, parts.asked]
    answering = {
        "outputs": [*_changed_by_answer(parts)],
        "concurrency_limit": CONCURRENT_QUESTIONS,
        "concurrency_id": "questions",
        **_QUIET,
    }
    gr.on([parts.question.submit, parts.send.click], ask, [parts.question, *asking], **answering)
    for part in (parts.shown, parts.welcome):
        part.suggest(suggest, asking, **answering)
    for part in (parts.shown, parts.panel):
        part.open(open_source, [parts.asked], [parts.panel], **_QUIET)
    cleared = [parts.asked, parts.shown, parts.question, parts.welcome, parts.panel]
    parts.again.click(reset, None, cleared, **_QUIET)
    page.load(load, None, [parts.header, parts.welcome, parts.scope], **_QUIET)


def _changed_by_answer(parts: _Parts) -> tuple[gr.blocks.Block, ...]:
    return parts.asked, parts.shown, parts.welcome, parts.question, parts.status, parts.panel


# Events aren't offered as an API, and the page shows itself what is going on.
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def mount(app: FastAPI, page: gr.Blocks) -> None:
    """Hang the page into ``app`` at its root, with everything it doesn't need switched off."""
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
    )


def _bare(on_load: str | None = None) -> dict[str, Any]:
    """Arguments of a gr.HTML that shows what ``ui`` has rendered, and listens if need be."""
    return {"apply_default_css": False, "padding": False, "js_on_load": on_load}


def _name(event: gr.EventData) -> object:
    """Return the name of what was pressed, as the browser sent it."""
    data = event._data
    return data.get("name") if isinstance(data, dict) else None
