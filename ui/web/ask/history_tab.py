"""The drawer „Gespräche“ on the page for asking: layout and events, nothing else."""

from typing import Any

import gradio as gr

from ui.service import Service
from ui.web.answer import render
from ui.web.answer.record_routes import owner_of
from ui.web.ask import conversation as talk
from ui.web.ask.conversation import Conversation
from ui.web.ask.history_desk import Desk, Outcome, Shelf
from ui.web.ask.layout import Parts
from ui.web.frame import QUIET, in_language, sent


def wire(page: gr.Blocks, parts: Parts, desk: Desk, service: Service, *, rateable: bool) -> None:
    """Let the drawer follow the conversation, and its presses change what is shown."""
    shelf = gr.State(Shelf())

    @in_language
    def load(request: gr.Request) -> tuple[Shelf, str]:
        opened = desk.opened(owner_of(request.request) if request.request else "")
        return opened.shelf, opened.drawer

    @in_language
    def follow(asked: Conversation, before: Shelf) -> Any:  # noqa: ANN401  # gradio's "skip"
        followed = desk.followed(before, asked)
        return (followed.shelf, followed.drawer) if followed else gr.skip()

    @in_language
    def press(
        event: gr.EventData, asked: Conversation, before: Shelf
    ) -> dict[gr.blocks.Block, object]:
        outcome = desk.pressed(before, asked, sent(event))
        return {shelf: outcome.shelf, parts.talks: outcome.drawer, **_shown(outcome)}

    def _shown(outcome: Outcome) -> dict[gr.blocks.Block, object]:
        shown = outcome.shown
        if shown is None:
            return {}
        return {
            parts.asked: shown,
            parts.shown: render.conversation(shown, rateable=rateable),
            parts.welcome: "" if shown else talk.collection(service)[1],
            parts.panel: talk.first_source(service, shown) if shown else "",
        }

    # One after the other, so that each sees what the one before it has changed.
    order = {"concurrency_limit": 1, "concurrency_id": "talks", **QUIET}
    page.load(load, None, [shelf, parts.talks], **order)
    # Not the state's own event: gradio would have to hash every answer for it.
    parts.shown.change(follow, [parts.asked, shelf], [shelf, parts.talks], **order)
    changed = [shelf, parts.talks, parts.asked, parts.shown, parts.welcome, parts.panel]
    parts.talks.press(press, [parts.asked, shelf], changed, **order)
