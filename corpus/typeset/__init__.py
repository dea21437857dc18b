"""Typesetter of the starter collection: Markdown sources -> two-column PDF brochures."""

from corpus.typeset.press import typeset

__all__ = ["typeset"]
