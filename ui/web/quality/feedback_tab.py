"""The tab „Rückmeldungen“: layout and events, nothing else."""

import gradio as gr

from ui.quality import Quality
from ui.web.frame import QUIET, bare, name
from ui.web.quality import feedback_desk as desk
from ui.web.quality.feedback_view import View

# A function of page.js; the quoted name is the event it triggers.
_LISTEN = "sozialraum.feedback(element, trigger, watch, 'press');"


def build(page: gr.Blocks, quality: Quality) -> None:
    """Lay out the tab and wire it."""
    view = gr.State(View())
    shown = gr.HTML("", elem_id="feedback", **bare(_LISTEN))

    def press(event: gr.EventData, before: View) -> tuple[View, str]:
        after = desk.pressed(quality, before, name(event))
        return after, desk.shown(quality, after)

    def load() -> tuple[View, str]:
        return View(), desk.shown(quality, View())

    shown.press(press, [view], [view, shown], concurrency_limit=1, **QUIET)
    page.load(load, None, [view, shown], **QUIET)
