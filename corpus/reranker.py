"""Query + texts -> how well each answers (sentence-transformers CrossEncoder), local only.

Optional: the project ships none. Importing this module is cheap; torch and
sentence-transformers are imported by ``load``.
"""

import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.embedder import OFFLINE, UnusableModelError, checked
from corpus.errors import ModelError

BATCH = 16
"""Pairs; on a processor larger batches only pad more."""
MAX_TOKENS = 512
"""Longest pair that is read; the rest is cut. Time grows with it, and passages are shorter."""


class _Model(Protocol):
    """What is used of a CrossEncoder."""

    def predict(self, inputs: list[tuple[str, str]], **options: Any) -> NDArray[np.float32]: ...  # noqa: ANN401


class CrossEncoderReranker:
    """A loaded model. It reads query and text together, so it can't be computed in advance."""

    def __init__(self, model: _Model) -> None:
        self._model = model

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return how well each text answers the query, 0 to 1, float32, shape (len(texts),)."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(query, text) for text in texts]
        found = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return np.nan_to_num(np.asarray(found, dtype=np.float32))


def load(folder: Path, threads: int = 1) -> CrossEncoderReranker:
    """Load the cross-encoder in a folder, by the same rules as an embedder.

    Nothing is ever downloaded and nobody's code is run. ``threads`` is how many cores torch
    may use. Raises ModelError.
    """
    path = _checked(folder)
    os.environ.update(OFFLINE)  # before the import, which reads them
    import torch
    from sentence_transformers import CrossEncoder

    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    torch.set_num_threads(threads)
    try:
        model = CrossEncoder(
            str(path),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            # Whatever the model's own settings say: a score between 0 and 1.
            activation_fn=torch.nn.Sigmoid(),
            model_kwargs={"use_safetensors": True},
        )
        labels = int(model.num_labels)
        model.max_seq_length = min(model.max_seq_length or MAX_TOKENS, MAX_TOKENS)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, AttributeError) as fault:
        raise _unusable(path, f"es lässt sich nicht laden ({fault})") from fault
    if labels != 1:
        raise _unusable(path, f"es gibt {labels} Werte zurück statt eines einzigen")
    return CrossEncoderReranker(model)


def _checked(folder: Path) -> Path:
    """Return the folder once nothing in it can run. Raises ModelError."""
    if not (folder / "config.json").is_file():
        raise ModelError(
            f"In {folder} liegt kein Modell zum Nachordnen. Bitte geben Sie mit "
            "SOZIALRAUM_RERANKER einen Ordner an, der einen CrossEncoder für "
            "sentence-transformers enthält, oder lassen Sie die Angabe weg; heruntergeladen "
            "wird nichts.",
            code="ERR_RERANKER_MISSING",
        )
    try:
        return checked(folder)
    except UnusableModelError as fault:
        raise _unusable(folder, fault.reason) from fault


def _unusable(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"Das Modell zum Nachordnen {path} wird nicht verwendet: {reason}. Bitte geben Sie mit "
        "SOZIALRAUM_RERANKER einen anderen Ordner an oder lassen Sie die Angabe weg; dann wird "
        "ohne ein solches Modell geordnet.",
        code="ERR_RERANKER",
    )
