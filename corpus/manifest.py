"""The manifest of a generation: what it was built from and with, and the digest of every file."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.embedder import DEFAULT_FOLDER, Fingerprint
from corpus.errors import GenerationError
from corpus.self_retrieval import Weighing, complaint
from corpus.types import Workshop

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class Canary:
    """A query whose best passages are known; a damaged index gives others."""

    query: str
    passage: str
    lexical: tuple[str, ...]
    dense: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """The workshops of one collection, for overview and scope."""

    collection: str
    title: str
    workshops: tuple[Workshop, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built from and with."""

    schema: int
    id: str
    created: str
    corpus_hash: str
    fingerprint: Fingerprint
    analyser: str
    documents: int
    passages: int
    series: tuple[Series, ...]
    canaries: tuple[Canary, ...]
    files: dict[str, str]
    """SHA-256 of every file of the generation but the manifest, by relative path."""
    weighing: Weighing = field(default_factory=Weighing)
    """What vectors count in searching; manifests of schema 1 don't say, the default holds."""

    @property
    def complaint(self) -> str:
        """What is to be said of the model in German, or nothing.

        Nothing of the one that ships: where it is of little use it counts little, and there is
        no better one to go back to.
        """
        if self.fingerprint.name == DEFAULT_FOLDER.name:
            return ""
        return complaint(self.weighing, self.fingerprint.name)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise GenerationError unless every file is, byte for byte, what was built."""
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise damaged(folder, f"die Datei {name} fehlt")
        if _sha256(path) != digest:
            raise damaged(folder, f"die Datei {name} wurde verändert")


def read_manifest(folder: Path) -> Manifest:
    """Read a manifest. Raises GenerationError when it is missing, damaged or too new."""
    try:
        data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if data["schema"] > SCHEMA_VERSION:
            raise GenerationError(
                f"Der Stand {folder.name} stammt von einer neueren Programmfassung. Bitte das "
                "Programm erneuern; es wurde nichts verändert."
            )
        data["fingerprint"] = Fingerprint(**data["fingerprint"])
        data["weighing"] = Weighing(**data.get("weighing", {}))
        data["series"] = tuple(
            Series(s["collection"], s["title"], tuple(Workshop(**w) for w in s["workshops"]))
            for s in data["series"]
        )
        data["canaries"] = tuple(
            Canary(c["query"], c["passage"], tuple(c["lexical"]), tuple(c["dense"]))
            for c in data["canaries"]
        )
        return Manifest(**data)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise damaged(folder, f"das Verzeichnis manifest.json ist nicht lesbar: {fault}") from None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it as JSON into the generation's folder."""
    content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(content, encoding="utf-8")


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file but the manifest, by relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in files
        if path.name != "manifest.json"
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged(folder: Path, reason: str) -> GenerationError:
    """Return the error for a generation that isn't what was built."""
    return GenerationError(
        f"Der Stand {folder.name} ist beschädigt: {reason}. Bitte lesen Sie die Unterlagen mit "
        "„sozialraum ingest“ neu ein oder gehen Sie mit „sozialraum documents undo“ zurück."
    )
