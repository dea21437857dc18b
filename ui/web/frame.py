"""What the pages share: the bar with the ways between them, and gradio's parts made ours."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.web import overview
from ui.web.overview import Way

# Events aren't offered as an API, and the page shows itself what is going on.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page."""

    ways: tuple[Way, ...]
    """To all pages, this one included."""

    def header(self) -> gr.HTML:
        """Lay out title and ways; the page fills in the state of the collection when it loads."""
        shown = overview.header(overview.OPENING, self.ways)
        return gr.HTML(shown, elem_id="header", **bare())


def bare(on_load: str | None = None) -> dict[str, Any]:
    """Arguments of a gr.HTML that shows what ``ui`` has rendered, and listens if need be."""
    return {"apply_default_css": False, "padding": False, "js_on_load": on_load}


def name(event: gr.EventData) -> object:
    """Return the name of what was pressed, as the browser sent it."""
    return sent(event).get("name")


def sent(event: gr.EventData) -> dict[str, object]:
    """Return what the browser sent with an event; it may say anything."""
    data = event._data
    return data if isinstance(data, dict) else {}
