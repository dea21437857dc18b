"""The page for measuring answer quality: its tabs, each laid out and wired in its own module."""

import gradio as gr

from ui.quality import Quality
from ui.service import Service
from ui.web.ask import conversation as talk
from ui.web.frame import QUIET, Frame
from ui.web.quality import feedback_tab, golden_tab, runs_tab, search_tab


def build(page: gr.Blocks, frame: Frame, service: Service, quality: Quality) -> None:
    """Lay out the page and wire it. Nothing is read before a browser asks for it."""
    with gr.Row(elem_id="bar"):
        header = frame.header()
    with gr.Column(elem_id="quality"), gr.Tabs():
        with gr.Tab("Messungen", id="messungen"):
            runs_tab.build(page, quality)
        with gr.Tab("Prüffragen", id="prueffragen"):
            golden_tab.build(page, quality)
        with gr.Tab("Rückmeldungen", id="rueckmeldungen"):
            feedback_tab.build(page, quality)
        with gr.Tab("Suche", id="suche"):
            search_tab.build(quality)

    def load() -> str:
        return talk.collection(service)[0]

    page.load(load, None, [header], **QUIET)
