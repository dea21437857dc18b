"""How a loader says which page it is at, without every function handing it on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PageProgress = Callable[[int, int], None]
"""Called with the pages done and the pages in all."""

_watcher: ContextVar[PageProgress | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: PageProgress) -> Iterator[None]:
    """Send the progress of all that is read inside to ``watcher``."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def at_page(done: int, pages: int) -> None:
    """Say how far the file is read; also a sign of life."""
    if watcher := _watcher.get():
        watcher(done, pages)
