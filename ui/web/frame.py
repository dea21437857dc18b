"""What the pages share: the bar with the ways between them, and gradio's parts made ours."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from ui.access.person import Person, person_in
from ui.web import overview
from ui.web.overview import Way

# Events aren't offered as an API, and the page shows itself what is going on.
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one page."""

    page: gr.Blocks
    ways: tuple[Way, ...]
    """To all pages, this one included."""
    person: Person | None
    """Who alone uses this installation; None: who it is, is known when the page loads."""

    def header(self) -> gr.HTML:
        """Lay out title, ways and who is logged in.

        Returns the title, into which the page puts the state of the collection when it loads.
        """
        title = gr.HTML(overview.header(overview.OPENING), elem_id="header", **bare())
        shown = gr.HTML(overview.ways(self.ways, self.person), elem_id="ways", **bare())
        if self.person is None:
            self.page.load(self._for, None, [shown], **QUIET)
        return title

    def _for(self, request: gr.Request) -> str:
        """Render the ways that are open to whoever has opened the page."""
        return overview.ways(self.ways, person_in(getattr(request.request, "scope", {})))


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
