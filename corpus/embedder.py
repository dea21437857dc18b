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
from collections.abc import Callable, Iterator, Sequence
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
LEARNT_FILE = "learnt_headings.txt"
"""Where a model of ours keeps the keys of the headings it was trained with, one a line."""
BATCH = 32
"""Texts; larger batches gain nothing on a processor, they only pad more."""

_HARMLESS = frozenset({".safetensors", ".json", ".txt", ".model", ".md", ""})
"""Endings a model folder may hold. Neither code nor pickles (.bin, .pt), which are code."""
_CODE_KEYS = frozenset({"auto_map", "custom_pipelines", "trust_remote_code"})
OFFLINE = {
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

    def encode_query(self, inputs: list[str], **options: Any) -> NDArray[np.float32]: ...  # noqa: ANN401

    def encode_document(self, inputs: list[str], **options: Any) -> NDArray[np.float32]: ...  # noqa: ANN401


class Embedder:
    """A loaded model. Texts beyond its limit (tokens) are cut."""

    def __init__(
        self,
        model: _Model,
        fingerprint: Fingerprint,
        analyser: Analyser | None,
        words: frozenset[str],
        learnt: frozenset[str] = frozenset(),
    ) -> None:
        self.fingerprint = fingerprint
        self.learnt = learnt
        """Keys of the headings it was trained with: they can't test it."""
        self._model = model
        self._analyser = analyser
        self._words = words

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, shape (len(texts), dim), in input order.

        A text without a single term the model knows gets the zero vector.
        """
        prefix = self.fingerprint.passage_prefix
        return self._embed(self._model.encode_document, texts, prefix)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, shape (len(texts), dim); zero where no term is known."""
        return self._embed(self._model.encode_query, texts, self.fingerprint.query_prefix)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return a unit vector, float32, shape (dim,); zero when no term is known."""
        vector: NDArray[np.float32] = self.embed_queries([text])[0]
        return vector

    def _embed(
        self, encode: Callable[..., NDArray[np.float32]], texts: Sequence[str], prefix: str
    ) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.fingerprint.dimension), dtype=np.float32)
        if self._analyser is not None:
            texts = [" ".join(known_terms(terms(self._analyser, t), self._words)) for t in texts]
        # Always a prompt, be it empty: else the model's default one would come before it, and
        # models that keep the prompt out of the mean need to know which part it is.
        vectors = encode(list(texts), prompt=prefix, batch_size=BATCH, show_progress_bar=False)
        vectors = np.nan_to_num(np.asarray(vectors, dtype=np.float32))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        unit = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
        return np.asarray(unit, dtype=np.float32)


def load(folder: Path | str | None = None, threads: int = 1) -> Embedder:
    """Load the model in a folder; without one, the model that ships with the project.

    ``threads`` is how many cores torch may use: two on two busy cores were 20 times slower
    than one. Nothing is ever downloaded. Raises ModelError.
    """
    path = checked(folder)
    fingerprint = fingerprint_of(path)
    os.environ.update(OFFLINE)  # before the import, which reads them
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]  # its bars are English
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
    return Embedder(model, fingerprint, analyser, words, _learnt(path))


def fingerprint_of(folder: Path | str | None = None) -> Fingerprint:
    """Return a model's fingerprint without loading it. Raises ModelError.

    Reads every byte once: 20 ms for the default, about a second for a gigabyte.
    """
    path = checked(folder)
    query, passage = _prefixes(path)
    pooling = _pooling(path)
    digest = hashlib.sha256()
    for file in _files(path):
        # The others say something about the model and change no vector.
        if file.suffix != ".md" and file.name != LEARNT_FILE:
            with file.open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
            digest.update(f"{file.relative_to(path).as_posix()}\0{found}\n".encode())
    digest.update(f"{query}\0{passage}\0{pooling}".encode())
    return Fingerprint(path.name, digest.hexdigest(), _dimension(path), query, passage, pooling)


def _analyser(path: Path) -> Analyser | None:
    file = path / ANALYSER_FILE
    return Analyser.load(file) if file.is_file() else None


def _learnt(path: Path) -> frozenset[str]:
    file = path / LEARNT_FILE
    return frozenset(file.read_text(encoding="utf-8").split()) if file.is_file() else frozenset()


# -- checking a folder ---------------------------------------------------------------------


def checked(folder: Path | str | None) -> Path:
    """Return the folder once nothing in it can run. Raises ModelError."""
    path = Path(folder) if folder else DEFAULT_FOLDER
    if not (path / "modules.json").is_file() and not (path / "config.json").is_file():
        raise ModelError(
            f"„{path}“ ist weder ein Ordner mit einem Sprachmodell noch der Name eines geholten. "
            "Bitte geben Sie mit SOZIALRAUM_EMBEDDER einen Ordner an, der ein Modell für "
            "sentence-transformers enthält, oder holen Sie eines mit „sozialraum model fetch "
            "NAME“. Von selbst wird nichts heruntergeladen.",
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
    check_settings(path)
    return path


def check_settings(path: Path) -> None:
    """Refuse settings that make the libraries load somebody's code. Raises ModelError."""
    for file in _files(path):
        if file.suffix == ".json" and file.name != "tokenizer.json":
            _check_settings_file(path.resolve(), file)


def module_folders(path: Path) -> list[str]:
    """Return the subfolders the model's parts lie in; "" where they lie in the folder itself."""
    file = path / "modules.json"
    return [str(m.get("path", "")) for m in _json(path, file)] if file.is_file() else [""]


def _files(path: Path) -> list[Path]:
    """Return the files in a fixed order, without hidden ones."""
    found = (file for file in path.rglob("*") if file.is_file())
    visible = (f for f in found if not any(p.startswith(".") for p in f.relative_to(path).parts))
    return sorted(visible, key=lambda file: file.relative_to(path).as_posix())


def _check_settings_file(path: Path, file: Path) -> None:
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


class UnusableModelError(ModelError):
    """A model's folder isn't safe or isn't a model; ``reason`` says why, for other messages."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Das Sprachmodell {path} wird nicht verwendet: {reason}. Bitte geben Sie mit "
            "SOZIALRAUM_EMBEDDER einen anderen Ordner an oder lassen Sie die Angabe weg; dann "
            "gilt das mitgelieferte Modell."
        )


def _unusable(path: Path, reason: str) -> ModelError:
    return UnusableModelError(path, reason)


# -- what a folder says of its model -------------------------------------------------------


_INSTRUCT = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
)
_SEARCHING = "Represent this sentence for searching relevant passages: "
_FAMILIES = (
    (r"e5\b.*instruct", _INSTRUCT, ""),
    (r"e5\b|mxbai-embed-de\b", "query: ", "passage: "),
    (r"nomic-embed|modernbert-embed", "search_query: ", "search_document: "),
    (r"arctic-embed\b.*-v2", "query: ", ""),
    (r"arctic-embed|mxbai-embed|bge-(?:small|base|large)-en", _SEARCHING, ""),
)
"""What a family's model cards put before query and passage, by the model's name. The first that
fits counts."""
_QUERY_PROMPTS = ("query", "retrieval.query", "web_search_query", "s2p_query")
_PASSAGE_PROMPTS = ("document", "passage", "corpus", "retrieval.passage")
"""Names under which models keep their prompts; the plain ones are sentence-transformers' own."""


def _prefixes(path: Path) -> tuple[str, str]:
    """Return what goes before a query and before a passage.

    The model's own settings win. Many models need prefixes and don't say so there, so else the
    family counts, known by the folder's name or by the one the settings give.
    """
    file = path / "config_sentence_transformers.json"
    prompts = (_json(path, file).get("prompts") or {}) if file.is_file() else {}
    query = _first(prompts, _QUERY_PROMPTS)
    passage = _first(prompts, _PASSAGE_PROMPTS)
    if query or passage:
        return query, passage
    config = path / "config.json"
    stated = _json(path, config).get("_name_or_path") if config.is_file() else ""
    for name in (path.name, str(stated or "").rpartition("/")[2]):
        for pattern, query, passage in _FAMILIES:
            if re.search(rf"(?<![a-z0-9])(?:{pattern})", name.lower()):
                return query, passage
    return "", ""


def _first(prompts: dict[str, str], names: Sequence[str]) -> str:
    return next((prompts[name] for name in names if prompts.get(name)), "")


def _pooling(path: Path) -> str:
    """Return how token vectors become one: as the pooling module says, else the mean."""
    for module in (path / folder for folder in module_folders(path)):
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
    for module in [path / folder for folder in reversed(module_folders(path) or [""])]:
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
