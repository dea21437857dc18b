"""At the very first start there is nothing to answer from: the starter collection is read in."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.store import Store
    from ui.settings import Settings


def read_starter(settings: Settings, store: Store) -> None:
    """Read the collection in where nothing is; tell on stderr."""
    if store.pointer() is not None:
        return
    from ingest.pipeline import ingest
    from ui.cli.output import progress_bars
    from ui.local import model

    print(f"Erster Start: {settings.collection} wird eingelesen …", file=sys.stderr)
    with progress_bars() as progress:
        embedder = model(settings.embedder, settings.threads)
        report = ingest([settings.collection], store, embedder, progress)
    for refused in report.refused:
        print(refused.message, file=sys.stderr)
