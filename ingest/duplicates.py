"""The same text in two files: a report as Word file and as PDF."""

import hashlib
import re
from collections.abc import Collection

from corpus.library import Library
from corpus.types import Reading

_NO_LETTER = re.compile(r"[\W_]+")


def same_text(reading: Reading, keys: Collection[str], library: Library) -> str | None:
    """Return the id of a document among these readings whose text has the same letters."""
    wanted = _fingerprint(reading.text)
    for key in sorted(set(keys) - {reading.document.key}):
        other = library.document(key)
        if other.id != reading.document.id and _fingerprint(library.document_text(key)) == wanted:
            return other.id
    return None


def _fingerprint(text: str) -> str:
    return hashlib.sha256(_NO_LETTER.sub("", text).casefold().encode()).hexdigest()
