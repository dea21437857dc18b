"""What the page for asking is made of."""

from dataclasses import dataclass

import gradio as gr

from ui.web import overview as holdings
from ui.web.ask import facets_view, history_view
from ui.web.ask.asking import ANYWHERE, Halt
from ui.web.frame import Frame, bare

# More than any question may have, so that a longer one is refused with our words rather than
# cut, and less than the guard lets through.
MAX_TYPED_CHARS = 60_000

# Functions of page.js; the quoted names are the events they trigger.
_LISTEN_CONVERSATION = (
    "sozialraum.conversation(element, trigger, watch, 'open', 'suggest', 'rate', 'anew', 'edit');"
)
_LISTEN_PANEL = "sozialraum.panel(element, trigger, watch, 'open');"
_LISTEN_SCOPE = "sozialraum.scope(element, trigger, watch, 'limit');"
_LISTEN_TALKS = "sozialraumTalks(element, trigger, watch, 'press');"
_LISTEN_DRAFT = "sozialraum.draft(element, trigger, 'cancel');"


@dataclass(frozen=True, slots=True)
class Parts:
    """What events read and write."""

    asked: gr.State
    """The conversation so far."""
    limits: gr.State
    """What the search is limited to."""
    draft: gr.State
    """Whether the next question replaces the last one."""
    halt: gr.State
    """Whether the answer under way is still wanted."""
    header: gr.HTML
    talks: gr.HTML
    """The conversations of this reader."""
    again: gr.Button
    status: gr.HTML
    welcome: gr.HTML
    shown: gr.HTML
    replacing: gr.HTML
    """Says that the next question replaces the last one."""
    question: gr.Textbox
    scope: gr.HTML
    plain: gr.Checkbox
    """Remembered in the page alone."""
    stop: gr.Button
    send: gr.Button
    panel: gr.HTML


def lay_out(frame: Frame) -> Parts:
    """Lay the page out. Nothing is known of the collection yet."""
    states = gr.State(()), gr.State(ANYWHERE), gr.State(False), gr.State(Halt())
    with gr.Row(elem_id="bar"):
        header = frame.header()
        talks = gr.HTML(
            history_view.drawer((), is_kept=False), elem_id="talks", **bare(_LISTEN_TALKS)
        )
        again = gr.Button("Neues Gespräch", elem_id="again")
    status = gr.HTML(holdings.announcement(""), elem_id="status", **bare())
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="talk"):
            welcome = gr.HTML(
                holdings.welcome(None), elem_id="welcome", **bare(_LISTEN_CONVERSATION)
            )
            shown = gr.HTML("", elem_id="conversation", **bare(_LISTEN_CONVERSATION))
            with gr.Column(elem_id="composer"), gr.Column(elem_id="ask-box"):
                replacing, question, scope, plain, stop, send = _composer()
        panel = gr.HTML("", elem_id="panel", **bare(_LISTEN_PANEL))
    return Parts(
        *states,
        header=header,
        talks=talks,
        again=again,
        status=status,
        welcome=welcome,
        shown=shown,
        replacing=replacing,
        question=question,
        scope=scope,
        plain=plain,
        stop=stop,
        send=send,
        panel=panel,
    )


def _composer() -> tuple[gr.HTML, gr.Textbox, gr.HTML, gr.Checkbox, gr.Button, gr.Button]:
    replacing = gr.HTML("", elem_id="replacing", **bare(_LISTEN_DRAFT))
    question = gr.Textbox(
        label="Ihre Frage",
        placeholder="Fragen Sie in Ihren eigenen Worten",
        lines=1,
        max_lines=6,
        max_length=MAX_TYPED_CHARS,
        elem_id="question",
    )
    with gr.Row(elem_id="controls"):
        scope = gr.HTML(facets_view.control(ANYWHERE, None), elem_id="scope", **bare(_LISTEN_SCOPE))
        plain = gr.Checkbox(label="Einfache Sprache", container=False, elem_id="plain")
        # The style sheet shows one of the two: what can be done at the moment.
        stop = gr.Button("Anhalten", elem_id="stop")
        send = gr.Button("Fragen", variant="primary", elem_id="send")
    return replacing, question, scope, plain, stop, send
