"""The pages, put together and hung into the web application."""

import warnings
from dataclasses import replace

import gradio as gr
from fastapi import FastAPI

from assistant.evaluation.feedback import Feedback
from ui.quality import Quality
from ui.service import Service
from ui.web import ask_page, quality_page
from ui.web.frame import Frame
from ui.web.overview import Way

TITLE = "Sozialraum-Assistent"
ASK, QUALITY = Way("Fragen", "/"), Way("Qualität", "/qualitaet")

# Waiting events of all kinds, then visitors are told to come back (reliability.md, W2).
MAX_WAITING = 50

_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")


def build(
    service: Service,
    quality: Quality | None = None,
    feedback: Feedback | None = None,
    max_question_chars: int = 4000,
) -> gr.Blocks:
    """Build all pages. Nothing of ``service`` is called before a browser asks for it.

    Without ``quality`` there is no page for measuring, without ``feedback`` answers can't be
    rated.
    """
    ways = (ASK, QUALITY) if quality else (ASK,)
    pages: gr.Blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with pages:
        ask_page.build(pages, _frame(ways, ASK), service, feedback, max_question_chars)
    if quality:
        with pages.route(QUALITY.name, QUALITY.address, show_in_navbar=False):
            quality_page.build(pages, _frame(ways, QUALITY), service, quality)
    pages.queue(max_size=MAX_WAITING, api_open=False, default_concurrency_limit=8)
    return pages


def _frame(ways: tuple[Way, ...], here: Way) -> Frame:
    return Frame(tuple(replace(way, here=way == here) for way in ways))


def mount(app: FastAPI, page: gr.Blocks) -> None:
    """Hang the page into ``app`` at its root, with everything it doesn't need switched off."""
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
        )
