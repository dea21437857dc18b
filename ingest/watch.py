"""Watching folders: what changes in them is read in when it has come to rest."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import watchfiles

from ingest.formats import is_document

# Town halls keep files on network drives, which tell nobody of changes: so we look.
POLL_MS = 2000
# A large file takes a while to be copied; only what hasn't changed for so long is read.
REST_MS = 3000


def changes(folders: Sequence[Path], stop: threading.Event) -> Iterator[tuple[str, ...]]:
    """Yield the paths of changed documents, each time some changed and have come to rest.

    First yields nothing but the news that the folders are watched: who reads them in then
    misses no change. Ends when ``stop`` is set; it is looked at once a second.
    """
    watched = False
    for changed in watchfiles.watch(
        *folders,
        watch_filter=lambda _, path: is_document(path),
        step=REST_MS,
        debounce=10 * REST_MS,
        stop_event=stop,
        rust_timeout=1000,
        yield_on_timeout=True,
        force_polling=True,
        poll_delay_ms=POLL_MS,
        ignore_permission_denied=True,
    ):
        if changed or not watched:
            watched = True
            yield tuple(sorted(path for _, path in changed))
