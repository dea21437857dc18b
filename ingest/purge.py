"""Deleting for good, and the proof of it: a search for what may be left, byte by byte."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from corpus.library import Library
from corpus.store import Store
from corpus.types import Document
from ingest.report import Receipt

PROBES = 40
"""Sentences searched for, spread over each document."""
_LEAST_CHARS = 20  # a shorter one may stand in any text


def probes_of(
    documents: Sequence[Document], kept: Iterable[str], library: Library
) -> tuple[bytes, ...]:
    """Choose sentences that stand in these documents and in none of the ``kept`` readings."""
    others = "\n".join(library.document_text(key) for key in kept)
    found: list[bytes] = []
    for document in documents:
        sentences = [
            passage.text[span.start : span.end]
            for passage in library.passages_of(document.key)
            for span in passage.sentences
        ]
        long = [s for s in sentences if len(s) >= _LEAST_CHARS]
        spread = long[:: max(1, len(long) // PROBES)]
        found += (s.encode() for s in spread if s not in others)
    return tuple(found)


def receipt(documents: Sequence[Document], probes: Sequence[bytes], store: Store) -> Receipt:
    """Search every file of the data folder for the probes and the originals' names.

    An original that another document has as well stays, and is no trace.
    """
    folder = store.folder
    traces, files, size = [], 0, 0
    versions = {document.version for document in documents} - store.library.versions()
    named = dict.fromkeys(f"{d.id} {d.version}" for d in documents)
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        files, size = files + 1, size + len(content)
        if path.name in versions or any(probe in content for probe in probes):
            traces.append(path.relative_to(folder).as_posix())
    return Receipt(
        documents=tuple(named),
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        searched_files=files,
        searched_bytes=size,
        probes=len(probes),
        traces=tuple(traces),
    )
