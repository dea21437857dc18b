"""The page for asking: layout and events, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.evaluation.feedback import Feedback
from ui.service import Service
from ui.web import conversation as talk
from ui.web import overview as holdings
from ui.web import rating, render
from ui.web.conversation import Conversation
from ui.web.frame import QUIET, Frame, bare, name, sent

# Questions answered at the same time on the two cores measured; the others wait their turn.
CONCURRENT_QUESTIONS = 2

# More than any question may have, so that a longer one is refused with our words rather than
# cut, and less than the guard lets through.
MAX_TYPED_CHARS = 60_000

# Functions of page.js; the quoted names are the events they trigger.
_LISTEN_CONVERSATION = (
    "sozialraum.conversation(element, trigger, watch, 'open', 'suggest', 'rate');"
)
_LISTEN_PANEL = "sozialraum.panel(element, trigger, watch, 'open');"


def build(
    page: gr.Blocks,
    frame: Frame,
    service: Service,
    feedback: Feedback | None,
    max_question_chars: int,
) -> None:
    """Lay out the page and wire it. Nothing of ``service`` is called before a browser asks.

    Without ``feedback`` answers can't be rated.
    """
    parts = _lay_out(frame)
    _wire(page, parts, service, frame, max_question_chars, rateable=feedback is not None)
    if feedback:
        gr.HTML(rating.forms(), elem_id="rating-forms", **bare())
        _wire_rating(parts, feedback)


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
    plain: gr.Checkbox
    """Remembered in the page alone."""
    send: gr.Button
    panel: gr.HTML


def _lay_out(frame: Frame) -> _Parts:
    asked = gr.State(())
    with gr.Row(elem_id="bar"):
        header = frame.header()
        again = gr.Button("Neues Gespräch", elem_id="again")
    status = gr.HTML(holdings.announcement(""), elem_id="status", **bare())
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk"):
            welcome = gr.HTML(
                holdings.welcome(None), elem_id="welcome", **bare(_LISTEN_CONVERSATION)
            )
            shown = gr.HTML("", elem_id="conversation", **bare(_LISTEN_CONVERSATION))
            with gr.Column(elem_id="composer"), gr.Column(elem_id="ask-box"):
                question, scope, plain, send = _composer()
        panel = gr.HTML("", elem_id="panel", **bare(_LISTEN_PANEL))
    return _Parts(
        *(asked, header, again, status, welcome, shown, question, scope, plain, send, panel)
    )


def _composer() -> tuple[gr.Textbox, gr.Dropdown, gr.Checkbox, gr.Button]:
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
        plain = gr.Checkbox(label="Einfache Sprache", container=False, elem_id="plain")
        send = gr.Button("Fragen", variant="primary", elem_id="send")
    return question, scope, plain, send


def _wire_rating(parts: _Parts, feedback: Feedback) -> None:
    def rate(event: gr.EventData, before: Conversation) -> tuple[Conversation, str, str]:
        after, words = talk.rated(feedback, before, sent(event))
        return after, render.conversation(after, rateable=True), holdings.announcement(words)

    # One after the other, so that each sees what the one before it has changed.
    outputs = [parts.asked, parts.shown, parts.status]
    parts.shown.rate(rate, [parts.asked], outputs, concurrency_limit=1, **QUIET)


def _wire(
    page: gr.Blocks,
    parts: _Parts,
    service: Service,
    frame: Frame,
    max_question_chars: int,
    *,
    rateable: bool,
) -> None:
    def ask(words: str, limit: str, plain: bool, before: Conversation) -> Iterator[dict[Any, Any]]:
        if not words.strip():
            yield {parts.status: holdings.announcement("Bitte schreiben Sie zuerst eine Frage.")}
            return
        yield {
            parts.shown: render.conversation(talk.opened(before, words), rateable=rateable),
            parts.welcome: "",
            parts.question: "",
            parts.status: holdings.announcement("Die Suche läuft."),
        }
        after = talk.asked(service, before, words, limit, max_question_chars, plain=plain is True)
        yield {
            parts.asked: after,
            parts.shown: render.conversation(after, rateable=rateable),
            parts.question: words if after[-1].error else "",
            parts.status: holdings.announcement(talk.announcement(after[-1])),
            parts.panel: talk.first_source(service, after),
        }

    def suggest(
        event: gr.EventData, limit: str, plain: bool, before: Conversation
    ) -> Iterator[dict[Any, Any]]:
        yield from ask(talk.question_of(service, before, name(event)), limit, plain, before)

    def open_source(event: gr.EventData, before: Conversation) -> str:
        return talk.source(service, before, name(event))

    def load() -> tuple[str, str, Any]:
        header, welcome, scopes = talk.collection(service, frame.ways)
        return header, welcome, gr.Dropdown(choices=scopes, value="")

    def reset() -> tuple[Conversation, str, str, str, str]:
        return (), "", "", talk.collection(service, frame.ways)[1], ""

    asking = [parts.scope, parts.plain, parts.asked]
    answering = {
        "outputs": [*_changed_by_answer(parts)],
        "concurrency_limit": CONCURRENT_QUESTIONS,
        "concurrency_id": "questions",
        **QUIET,
    }
    gr.on([parts.question.submit, parts.send.click], ask, [parts.question, *asking], **answering)
    for part in (parts.shown, parts.welcome):
        part.suggest(suggest, asking, **answering)
    for part in (parts.shown, parts.panel):
        part.open(open_source, [parts.asked], [parts.panel], **QUIET)
    cleared = [parts.asked, parts.shown, parts.question, parts.welcome, parts.panel]
    parts.again.click(reset, None, cleared, **QUIET)
    page.load(load, None, [parts.header, parts.welcome, parts.scope], **QUIET)


def _changed_by_answer(parts: _Parts) -> tuple[gr.blocks.Block, ...]:
    return parts.asked, parts.shown, parts.welcome, parts.question, parts.status, parts.panel
