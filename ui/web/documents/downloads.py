"""What addresses gave for a preview, so that reading in takes the same bytes and asks nobody.

The bytes lie in the store by content, as those of every file looked at do; here is which
address they came from. A later run of reading in, in another process, may have tidied them away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.errors import DataFolderError, FileRefusedError
from corpus.store import Store
from ingest.fetch import Fetched, Fetcher
from ui.web.documents.jobs import EditingError


@dataclass(frozen=True, slots=True)
class Download:
    """What came from an address once: kept bytes, or a refusal."""

    address: str
    final: str = ""
    """After redirects and the landing page's link."""
    name: str = ""
    version: str = ""
    """SHA-256 of the bytes; empty for a refusal."""
    code: str = ""
    message: str = ""


def noting(fetcher: Fetcher, store: Store, note: Callable[[Download], None]) -> Fetcher:
    """Fetch as ``fetcher`` does, keep the bytes, and note what came."""

    def fetched(address: str, *, progress: Callable[[int, int], None]) -> Fetched:
        try:
            found = fetcher(address, progress=progress)
        except FileRefusedError as fault:
            note(Download(address, code=fault.code, message=str(fault)))
            raise
        version = store.keep_original(found.content)
        note(Download(address, found.final, found.name, version))
        return found

    return fetched


def repeating(downloads: Sequence[Download], store: Store) -> Fetcher:
    """Give what came before, bytes and refusals alike, without asking the web.

    The fetcher raises EditingError where the bytes aren't kept any more.
    """
    known = {download.address: download for download in downloads}

    def fetched(address: str, *, progress: Callable[[int, int], None]) -> Fetched:
        download = known[address]
        if not download.version:
            raise FileRefusedError(download.message, code=download.code)
        try:
            content = store.original(download.version).read_bytes()
        except (DataFolderError, FileNotFoundError):
            raise EditingError(
                f"Was {address} bei der Prüfung geliefert hat, ist nicht mehr aufbewahrt. Bitte "
                "prüfen Sie noch einmal, was sich ändert."
            ) from None
        return Fetched(address, download.final, download.name, content)

    return fetched


def are_kept(downloads: Sequence[Download], store: Store) -> bool:
    """Tell whether the bytes of all of them are still there."""
    versions = (download.version for download in downloads if download.version)
    return all((store.originals / version).is_file() for version in versions)
