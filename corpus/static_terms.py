"""Text -> terms of the static embedder: stems, compound parts, 4-grams. Pure.

The embedder's tokeniser only looks words up between spaces, so the text is analysed first, by
an analyser that lies in the model's folder and never changes with the collection.
"""

import zlib
from collections.abc import Container

from corpus.german import Analyser

GRAM_SIZE = 4
WORD_BUCKETS = 2048
GRAM_BUCKETS = 2048
"""A term without a vector of its own shares one of these, so that a word the training texts
lack still tells passages apart."""


def terms(analyser: Analyser, text: str) -> list[str]:
    """Return each term of a text once, in order; grams begin with "#"."""
    analysis = analyser.analyse(text)
    grams = (f"#{gram}" for gram in analysis.grams if len(gram) == GRAM_SIZE)
    return list(dict.fromkeys((*analysis.words, *analysis.parts, *grams)))


def known_terms(found: list[str], vocabulary: Container[str]) -> list[str]:
    """Replace terms without a vector by their bucket, which is the same on every machine."""
    mapped = (term if term in vocabulary else bucket(term) for term in found)
    return list(dict.fromkeys(mapped))


def bucket(term: str) -> str:
    """Return the name of the bucket that stands for an unknown term."""
    count, sign = (GRAM_BUCKETS, "#") if term.startswith("#") else (WORD_BUCKETS, "")
    return f"@{sign}{zlib.crc32(term.encode()) % count}"


def all_buckets() -> list[str]:
    """Return the names of all buckets, in a fixed order."""
    words = [f"@{number}" for number in range(WORD_BUCKETS)]
    return words + [f"@#{number}" for number in range(GRAM_BUCKETS)]
