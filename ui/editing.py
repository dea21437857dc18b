"""What the page „Unterlagen“ works with."""

from dataclasses import dataclass

from corpus.store import Store
from ingest.pipeline import Model


@dataclass(frozen=True, slots=True)
class Editing:
    """The collection an editor keeps, and what reading in needs.

    ``store`` is a connection of its own: questions read through another one meanwhile.
    """

    store: Store
    model: Model
    internal_hosts: frozenset[str] = frozenset()
    """Hosts of one's own network that documents may be fetched from."""
