"""Text -> unit vectors (sentence-transformers), from a local folder only.

Importing this module is cheap: torch and sentence-transformers (about 5 CPU s and 450 MB) are
imported by ``load``. ``fingerprint_of`` needs neither.
"""

import hashlib
import json
import logging
import os
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import GenerationError, ModelError
from corpus.german import Analyser
from corpus.static_terms import known_terms, terms

DEFAULT_FOLDER = Path(__file__).parent / "default_embedder"
ANALYSER_FILE = "analyser.json"
"""Where a static model keeps the analysis its terms come from."""
BATCH = 32
"""Texts; larger batches gain nothing on a processor, they only pad more."""

_HARMLESS = frozenset({".safetensors", ".json", ".txt", ".model", ".md", ""})
"""Endings a model folder may hold. Neither code nor pickles (.bin, .pt), which are code."""
_CODE_KEYS = frozenset({"auto_map", "custom_pipelines", "trust_remote_code"})
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the vectors of a collection depend on. Equal fingerprints, comparable vectors."""

    name: str
    digest: str
    """SHA-256 over the folder's files and the prefixes, hexadecimal."""
    dimension: int
    query_prefix: str = ""
    passage_prefix: str = ""
    pooling: str = "mean"


class _Model(Protocol):
    """What is used of a SentenceTransformer."""

    def encode(self, inputs: list[str], **options: Any) -> NDArray[np.float32]: ...  # noqa: ANN401


class Embedder:
    """A loaded model. Texts beyond its limit (tokens) are cut."""

    def __init__(
        self,
        model: _Model,
        fingerprint: Fingerprint,
        analyser: Analyser | None,
        words: frozenset[str],
    ) -> None:
        self.fingerprint = fingerprint
        self._model = model
        self._analyser = analyser
        self._words = words

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, shape (len(texts), dim), in input order.

        A text without a single term the model knows gets the zero vector.
        """
        return self._embed([self.fingerprint.passage_prefix + text for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a unit vector, float32, shape (dim,); zero when no term is known."""
        vector: NDArray[np.float32] = self._embed([self.fingerprint.query_prefix + text])[0]
        return vector

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.fingerprint.dimension), dtype=np.float32)
        if self._analyser is not None:
            texts = [" ".join(known_terms(terms(self._analyser, t), self._words)) for t in texts]
        vectors = self._model.encode(texts, batch_size=BATCH, show_progress_bar=False)
        vectors = np.nan_to_num(np.asarray(vectors, dtype=np.float32))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        return np.asarray(unit, dtype=np.float32)


def load(folder: Path | str | None = None, threads: int = 1) -> Embedder:
    """Load the model in a folder; without one, the model that ships with the project.

    ``threads`` is how many cores torch may use: two on two busy cores were 20 times slower
    than one. Nothing is ever downloaded. Raises ModelError.
    """
    path = _checked(folder)
    fingerprint = fingerprint_of(path)
    os.environ.update(_OFFLINE)  # before the import, which reads them
    import torch
    from sentence_transformers import SentenceTransformer

    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
    torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(
            str(path), device="cpu", local_files_only=True, trust_remote_code=False
        ).float()
        analyser = _analyser(path)
        words = frozenset(model.tokenizer.get_vocab()) if analyser else frozenset()
    except (OSError, ValueError, KeyError, RuntimeError, ImportError, GenerationError) as fault:
        raise _unusable(path, f"es lässt sich nicht laden ({fault})") from fault
    return Embedder(model, fingerprint, analyser, words)


def fingerprint_of(folder: Path | str | None = None) -> Fingerprint:
    """Return a model's fingerprint without loading it. Raises ModelError.

    Reads every byte once: 20 ms for the default, about a second for a gigabyte.
    """
    path = _checked(folder)
    query, passage = _prefixes(path)
    pooling = _pooling(path)
    digest = hashlib.sha256()
    for file in _files(path):
        if file.suffix != ".md":  # says something about the model, changes nothing in it
            with file.open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
            digest.update(f"{file.relative_to(path).as_posix()}\0{found}\n".encode())
    digest.update(f"{query}\0{passage}\0{pooling}".encode())
    return Fingerprint(path.name, digest.hexdigest(), _dimension(path), query, passage, pooling)


def _analyser(path: Path) -> Analyser | None:
    file = path / ANALYSER_FILE
    return Analyser.load(file) if file.is_file() else None


# -- checking a folder ---------------------------------------------------------------------


def _checked(folder: Path | str | None) -> Path:
    """Return the folder once nothing in it can run. Raises ModelError."""
    path = Path(folder) if folder else DEFAULT_FOLDER
    if not (path / "modules.json").is_file() and not (path / "config.json").is_file():
        raise ModelError(
            f"In {path} liegt kein Sprachmodell. Bitte geben Sie mit SOZIALRAUM_EMBEDDER einen "
            "Ordner an, der ein Modell für sentence-transformers enthält; heruntergeladen wird "
            "nichts.",
            code="ERR_EMBEDDER_MISSING",
        )
    path = path.resolve()
    for file in _files(path):
        if file.suffix.lower() not in _HARMLESS:
            raise _unusable(
                path,
                f"die Datei {file.relative_to(path)} kann Programmtext enthalten. Erlaubt sind "
                "Gewichte als .safetensors und Einstellungen als .json oder .txt; liegen die "
                "Gewichte auch so vor, kann die Datei gelöscht werden",
            )
        if file.suffix == ".json" and file.name != "tokenizer.json":
            _check_settings(path, file)
    return path


def _files(path: Path) -> list[Path]:
    """Return the files in a fixed order, without hidden ones."""
    found = (file for file in path.rglob("*") if file.is_file())
    visible = (f for f in found if not any(p.startswith(".") for p in f.relative_to(path).parts))
    return sorted(visible, key=lambda file: file.relative_to(path).as_posix())


def _check_settings(path: Path, file: Path) -> None:
    """Refuse settings that make the libraries load somebody's code. Raises ModelError."""
    settings = _json(path, file)
    for key, value in _entries(settings):
        named_attention = "attn_implementation" in key and "/" in str(value)
        if key in _CODE_KEYS or named_attention:
            raise _unusable(path, f"{file.name} verlangt mit „{key}“ fremden Programmtext")
    if file.name == "modules.json":
        for module in settings:
            inside = (path / module.get("path", "")).resolve().is_relative_to(path)
            if not str(module.get("type")).startswith("sentence_transformers.") or not inside:
                raise _unusable(path, f"modules.json nennt den fremden Baustein {module}")


def _entries(value: object) -> Iterator[tuple[str, object]]:
    """Yield every key with its value, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key), inner
            yield from _entries(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _entries(inner)


def _json(path: Path, file: Path) -> Any:  # noqa: ANN401
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise _unusable(path, f"{file.name} ist nicht lesbar ({fault})") from fault


def _unusable(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"Das Sprachmodell {path} wird nicht verwendet: {reason}. Bitte geben Sie mit "
        "SOZIALRAUM_EMBEDDER einen anderen Ordner an oder lassen Sie die Angabe weg; dann gilt "
        "das mitgelieferte Modell."
    )


# -- what a folder says of its model -------------------------------------------------------


def _prefixes(path: Path) -> tuple[str, str]:
    """Return what goes before a query and before a passage.

    The model's own settings win; models of the E5 family were trained with "query: " and
    "passage: " but don't always say so (their model cards do).
    """
    file = path / "config_sentence_transformers.json"
    prompts = _json(path, file).get("prompts") or {} if file.is_file() else {}
    query = prompts.get("query", "")
    passage = prompts.get("passage", "") or prompts.get("document", "")
    if not query and not passage and re.search(r"(?<![a-z0-9])e5(?![a-z0-9])", path.name.lower()):
        return "query: ", "passage: "
    return query, passage


def _modules(path: Path) -> list[Path]:
    file = path / "modules.json"
    return [path / module.get("path", "") for module in _json(path, file)] if file.is_file() else []


def _pooling(path: Path) -> str:
    """Return how token vectors become one: as the pooling module says, else the mean."""
    for module in _modules(path):
        if (module / "config.json").is_file():
            settings = _json(path, module / "config.json")
            chosen = [
                k.removeprefix("pooling_mode_")
                for k, v in settings.items()
                if v is True and k.startswith("pooling_mode_")
            ]
            if chosen or "pooling_mode" in settings:
                return str(settings.get("pooling_mode") or "+".join(sorted(chosen)))
    return "mean"


def _dimension(path: Path) -> int:
    """Return the length of the vectors, as the last module that says so has it."""
    for module in reversed(_modules(path) or [path]):
        if (module / "config.json").is_file():
            settings = _json(path, module / "config.json")
            for key in (
                "out_features",
                "embedding_dimension",
                "word_embedding_dimension",
                "hidden_size",
            ):
                if isinstance(settings.get(key), int):
                    return int(settings[key])
        if (module / "model.safetensors").is_file():
            shape = _shape(path, module / "model.safetensors", "embedding.weight")
            if shape:
                return shape[-1]
    raise _unusable(path, "die Länge der Vektoren ist nirgends angegeben")


def _shape(path: Path, file: Path, tensor: str) -> list[int]:
    """Return a tensor's shape out of the file's head, or nothing."""
    try:
        with file.open("rb") as content:
            (length,) = struct.unpack("<Q", content.read(8))
            head = json.loads(content.read(min(length, _MAX_HEAD)))
        return list(head.get(tensor, {}).get("shape", []))
    except (OSError, ValueError, struct.error) as fault:
        raise _unusable(path, f"{file.name} ist nicht lesbar ({fault})") from fault


_MAX_HEAD = 100_000_000
"""Bytes; the format's own limit."""
