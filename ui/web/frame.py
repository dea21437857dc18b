"""What the pages share: the bar with the ways between them, and gradio's parts made ours."""

import inspect
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast, get_type_hints

import gradio as gr

from ui.access.person import Person, person_in
from ui.access.roles import Role
from ui.language import Language, chosen, speaking
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
            here = next((way for way in self.ways if way.here), None)
            is_readers = here is None or here.role <= Role.READER
            known = in_language(self._for) if is_readers else self._for
            self.page.load(known, None, [shown], **QUIET)
        return title

    def _for(self, request: gr.Request) -> str:
        """Render the ways that are open to whoever has opened the page."""
        return overview.ways(self.ways, person_in(getattr(request.request, "scope", {})))


def in_language(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Let a handler of a readers' page render in the language that its visitor has chosen.

    Handlers run in threads that know nothing of the request of the page; gradio hands the request
    of the event to whoever has a parameter for it.
    """

    @wraps(handler)
    def once(visitor: gr.Request, *given: Any) -> Any:  # noqa: ANN401  # as the handler's
        with speaking(_language(visitor)):
            return handler(*given)

    @wraps(handler)
    def step_by_step(visitor: gr.Request, *given: Any) -> Generator[Any, None, None]:  # noqa: ANN401
        with closing(handler(*given)) as steps:
            while True:
                # Each step may run in another thread; none leaves its language behind.
                with speaking(_language(visitor)):
                    shown = next(steps, _OVER)
                if shown is _OVER:
                    return
                yield shown

    wrapped: Any = step_by_step if inspect.isgeneratorfunction(handler) else once
    own = inspect.signature(handler)
    first = inspect.Parameter("visitor", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    wrapped.__annotations__ = {**get_type_hints(handler), "visitor": gr.Request}
    wrapped.__signature__ = own.replace(parameters=[first, *own.parameters.values()])
    return cast("Callable[..., Any]", wrapped)


_OVER = object()


def _language(visitor: gr.Request) -> Language:
    return chosen(getattr(visitor.request, "scope", {}))


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
