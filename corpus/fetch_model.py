"""Fetches an embedding model by name into the data folder: the only place that downloads one.

Settings first, a few kilobytes: what would run somebody's code is refused before its weights
come. Then only what sentence-transformers reads: weights as safetensors, settings, tokeniser.
"""

import contextlib
import glob
import math
import os
import re
import shutil
import socket
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.errors import ModelError

if TYPE_CHECKING:
    from corpus.generation import Progress

MODELS = "models"
"""Subfolder of the data folder."""
REACHABLE_S = 0.5
"""Seconds a connection may take to come about."""
TIMEOUT_S = 20
"""Seconds without a byte until an answer is given up."""
FETCHING = "Holen des Modells"

_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?", re.ASCII)
_CACHE = ".cache"
"""Where the library notes in the model's folder what it has fetched."""
_WANTED = (".safetensors", ".json", ".txt", ".model")
"""Endings of weights, settings, word lists and SentencePiece tokenisers. No pickle, no code."""
_ENVIRONMENT = {
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "HF_HUB_DOWNLOAD_TIMEOUT": str(TIMEOUT_S),
    "HF_HUB_ETAG_TIMEOUT": str(TIMEOUT_S),
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A model that lies in the data folder."""

    name: str
    folder: Path
    revision: str
    """Commit it was fetched at; the same one gives the same bytes."""
    megabytes: int
    dimension: int


@dataclass(frozen=True, slots=True)
class _Offer:
    """What lies under a name and revision."""

    name: str
    commit: str
    sizes: dict[str, int]
    """Bytes of each file, by its path in the model's folder."""

    @property
    def settings(self) -> list[str]:
        """The small files that say what the model is, but for those of its parts."""
        top = (file for file in self.sizes if "/" not in file and file.endswith(".json"))
        return [file for file in top if file != "tokenizer.json"]

    def megabytes(self, files: Sequence[str]) -> int:
        """Return the size of these files, rounded up."""
        return math.ceil(sum(self.sizes[file] for file in files) / 1_000_000)


def folder_of(name: str | Path, data: Path) -> Path:
    """Return where a model lies: a folder as it is, a name in the data folder's models."""
    given = Path(name)
    if given.is_dir() or not _NAME.fullmatch(str(name)):
        return given
    fetched = data / MODELS / given
    return fetched if fetched.is_dir() else given


def fetch(name: str, data: Path, revision: str, progress: "Progress") -> Fetched:
    """Fetch a model; one that is there already is replaced when the new one is whole and fit.

    ``revision`` is a branch, tag or commit. Raises ModelError, without network at once.
    """
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"„{name}“ ist kein Name eines Modells. Erwartet wird die Form „anbieter/modell“, "
            "etwa „intfloat/multilingual-e5-small“.",
            code="ERR_MODEL_NAME",
        )
    check_network()
    from corpus.embedder import check_settings, fingerprint_of  # half a second, needed only now

    final = data / MODELS / name
    drafts = data / MODELS / ".draft"
    shutil.rmtree(drafts, ignore_errors=True)
    draft = drafts / name
    draft.mkdir(parents=True)
    try:
        with _in_german(name, revision):
            offer = _offer(name, revision)
            _download(offer, offer.settings, draft)
            check_settings(draft)
            wanted = _wanted(offer, draft)
            _check_space(offer, wanted, data)
            with _watching(draft, offer.megabytes(wanted), progress):
                _download(offer, wanted, draft)
            dimension = fingerprint_of(draft).dimension
            _put_in_place(draft, final)
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
    return Fetched(name, final, offer.commit, offer.megabytes(wanted), dimension)


def check_network() -> None:
    """Raise ModelError, within a second, unless the place of models or the way to it answers.

    The library itself would try for minutes.
    """
    for variable, value in _ENVIRONMENT.items():
        os.environ.setdefault(variable, value)  # before the import, which reads them
    from huggingface_hub import constants

    parts = urlsplit(constants.ENDPOINT)
    host = parts.hostname or ""
    proxy = urllib.request.getproxies().get(parts.scheme, "")
    if proxy and not urllib.request.proxy_bypass(host):
        parts = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    port = parts.port or (80 if parts.scheme == "http" else 443)
    reached = threading.Event()

    def connect() -> None:
        with contextlib.suppress(OSError):
            socket.create_connection((parts.hostname, port), REACHABLE_S).close()
            reached.set()

    # In a thread, because looking a name up heeds no time limit.
    attempt = threading.Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(REACHABLE_S)
    if not reached.is_set():
        raise ModelError(
            f"{parts.hostname} ist nicht erreichbar; ein Modell kann nur mit Verbindung ins Netz "
            "geholt werden. Bitte prüfen Sie die Verbindung. Ohne Netz gilt weiter, was schon da "
            "ist; einen Ordner mit einem Modell nimmt SOZIALRAUM_EMBEDDER auch von einem Stick.",
            code="ERR_MODEL_UNREACHABLE",
        )


# -- asking and downloading ----------------------------------------------------------------


def _offer(name: str, revision: str) -> _Offer:
    from huggingface_hub import HfApi

    info = HfApi().model_info(name, revision=revision, files_metadata=True, timeout=TIMEOUT_S)
    sizes = {file.rfilename: int(file.size or 0) for file in info.siblings or ()}
    return _Offer(name, str(info.sha), sizes)


def _wanted(offer: _Offer, draft: Path) -> list[str]:
    """Return the files to fetch: of the folder and of the parts that its settings name."""
    from corpus.embedder import module_folders

    folders = {"", *(folder.strip("/") for folder in module_folders(draft))}
    wanted = [
        file
        for file in offer.sizes
        if file.rpartition("/")[0] in folders and file.endswith(_WANTED) and file[0] != "."
    ]
    if not any(file.endswith(".safetensors") for file in wanted):
        raise ModelError(
            f"Das Modell „{offer.name}“ bietet seine Gewichte nicht als .safetensors an; andere "
            "Formate können Programmtext enthalten und werden nicht geholt. Bitte wählen Sie ein "
            "anderes Modell.",
            code="ERR_MODEL_FORMAT",
        )
    return wanted


def _download(offer: _Offer, files: Sequence[str], draft: Path) -> None:
    from huggingface_hub import snapshot_download

    snapshot_download(
        offer.name,
        revision=offer.commit,
        local_dir=draft,
        cache_dir=draft / _CACHE,
        allow_patterns=[glob.escape(file) for file in files],
    )


@contextlib.contextmanager
def _watching(draft: Path, total: int, progress: "Progress") -> Iterator[None]:
    """Show how much of ``total`` (megabytes) lies in the folder while it is filled."""
    finished = threading.Event()

    def watch() -> None:
        while not finished.wait(0.5):
            sizes = (file.stat().st_size for file in draft.rglob("*") if file.is_file())
            with contextlib.suppress(OSError):  # a file was renamed just now
                progress(FETCHING, min(sum(sizes) // 1_000_000, total - 1), total, f"{total} MB")

    progress(FETCHING, 0, total, f"{total} MB")
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        finished.set()
        watcher.join()
    progress(FETCHING, total, total, f"{total} MB")


def _check_space(offer: _Offer, wanted: Sequence[str], data: Path) -> None:
    needed, free = offer.megabytes(wanted), shutil.disk_usage(data).free // 1_000_000
    if needed > free:
        raise ModelError(
            f"Das Modell „{offer.name}“ braucht {needed} MB, in {data} sind {free} MB frei. Bitte "
            "schaffen Sie Platz.",
            code="ERR_DISK_FULL",
        )


def _put_in_place(draft: Path, final: Path) -> None:
    """Put a whole model where a former one may lie; whoever has that open keeps it."""
    shutil.rmtree(draft / _CACHE, ignore_errors=True)
    former = draft.with_name(f"{draft.name}.former")
    final.parent.mkdir(parents=True, exist_ok=True)
    if final.exists():
        final.rename(former)
    draft.rename(final)


@contextlib.contextmanager
def _in_german(name: str, revision: str) -> Iterator[None]:
    """Turn what the library raises into a ModelError with the remedy."""
    import httpx
    from huggingface_hub import errors

    try:
        yield
    except errors.RevisionNotFoundError as fault:
        raise ModelError(
            f"Die Fassung „{revision}“ gibt es vom Modell „{name}“ nicht. Bitte lassen Sie "
            "„--revision“ weg oder nennen Sie eine andere.",
            code="ERR_MODEL_NAME",
        ) from fault
    except errors.RepositoryNotFoundError as fault:
        raise ModelError(
            f"Ein Modell „{name}“ gibt es nicht, oder es ist nicht frei zugänglich. Bitte prüfen "
            "Sie den Namen; für ein Modell mit Zugangsbeschränkung muss HF_TOKEN gesetzt sein.",
            code="ERR_MODEL_NAME",
        ) from fault
    except errors.OfflineModeIsEnabled as fault:
        raise ModelError(
            "HF_HUB_OFFLINE ist gesetzt und verbietet das Holen von Modellen. Bitte nehmen Sie "
            "die Angabe für diesen Befehl zurück.",
            code="ERR_MODEL_UNREACHABLE",
        ) from fault
    except (OSError, httpx.HTTPError, errors.LocalEntryNotFoundError) as fault:
        raise ModelError(
            f"Das Holen des Modells „{name}“ ist abgebrochen ({fault}). Es wurde nichts verändert; "
            "bitte versuchen Sie es noch einmal.",
            code="ERR_MODEL_UNREACHABLE",
        ) from fault
