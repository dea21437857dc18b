"""The page for looking at the series: layout and events, nothing else."""

import gradio as gr

from ui.service import Service
from ui.web.ask import conversation as talk
from ui.web.frame import QUIET, Frame, bare, in_language, name
from ui.web.workshops import desk, view

# Functions of workshops.js; the quoted name is the event they trigger.
_LISTEN_SERIES = "werkstaetten.series(element);"
_LISTEN_MAP = "werkstaetten.map(element, trigger, watch, 'open');"
_LISTEN_PLACES = "werkstaetten.places(element, trigger, watch, 'open');"


def build(page: gr.Blocks, frame: Frame, service: Service) -> None:
    """Lay out the page and wire it. Nothing is read before a browser asks for it."""
    with_page = any(way.address == "/unterlagen" for way in frame.ways)
    with gr.Row(elem_id="bar"):
        header = frame.header()
    with gr.Column(elem_id="workshops"):
        series = gr.HTML(view.opening(), elem_id="workshop-series", **bare(_LISTEN_SERIES))
        themes = gr.HTML("", elem_id="theme-map", **bare(_LISTEN_MAP))
        places = gr.HTML("", elem_id="theme-places", **bare(_LISTEN_PLACES))
        adding = gr.HTML("", elem_id="workshop-adding", **bare())

    @in_language
    def load() -> tuple[str, str, str, str]:
        line = talk.collection(service)[0]
        return line, *desk.page(service, with_page=with_page)

    @in_language
    def open_cell(event: gr.EventData) -> str:
        return desk.opened(service, name(event))

    for part in (themes, places):
        part.open(open_cell, None, [places], **QUIET)
    page.load(load, None, [header, series, themes, adding], **QUIET)
