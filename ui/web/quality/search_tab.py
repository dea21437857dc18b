"""The tab „Suche“: why a passage is found. Layout and events, nothing else."""

import gradio as gr

from ui.quality import Quality
from ui.web.ask.conversation import explain
from ui.web.frame import QUIET, bare
from ui.web.quality import search_view

HITS = 10


def build(quality: Quality) -> None:
    """Lay out the tab and wire it."""
    gr.HTML(search_view.opening(), elem_id="explain-lead", **bare())
    with gr.Row(elem_id="explain-search"):
        words = gr.Textbox(label="Suche", placeholder="Frage oder Suchwörter", max_length=4000)
        send = gr.Button("Suchen", variant="primary", scale=0, min_width=120)
    shown = gr.HTML("", elem_id="explained", **bare())

    def search(typed: str) -> str:
        try:
            assistant = quality.service.assistant()
            query = assistant.understand(typed)
            found = assistant.explain(typed, HITS)
            return search_view.results(query, found, assistant.generation.documents)
        except Exception as error:
            return search_view.failure(explain(error))

    gr.on([words.submit, send.click], search, [words], [shown], concurrency_limit=1, **QUIET)
