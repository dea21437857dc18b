"""What a person names -> the files to read: folders, archives, mails and addresses opened."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from corpus.catalogue import Catalogue, load_catalogue, read_catalogue
from corpus.errors import CatalogueError, FileRefusedError, UnknownItemError
from corpus.generation import Progress
from corpus.store import Store
from ingest.archive import shown
from ingest.fetch import Fetcher
from ingest.formats import container, is_catalogue, is_document, is_readable
from ingest.isolation import Isolation
from ingest.refusals import refuse
from ingest.report import Refused

INSIDE = "!//"
"""Separates an archive from what lies in it, in a source: "unterlagen.zip!//2018/bericht.pdf".
No path has two slashes in a row once it is resolved."""

# No brochure comes near; a file is hashed in memory.
MAX_BYTES = 200 * 2**20
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to be read, its bytes kept under ``version``."""

    source: str
    """Path, path inside an archive, or address: stays the same when the content changes."""
    name: str
    collection: str
    """Folder, archive or host it was read in with; its catalogue applies."""
    version: str
    bytes: int


@dataclass(slots=True)
class Gathered:
    """What was found. ``closed`` are archives that couldn't be opened: what lies in them
    is unknown, not vanished.
    """

    files: list[SourceFile] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    catalogues: dict[str, Catalogue] = field(default_factory=dict)


def is_address(target: str) -> bool:
    """Tell whether the target is to be fetched from the web."""
    return _ADDRESS.match(target) is not None


def slug(name: str) -> str:
    """Turn a file's name without suffix into an id: lower case, ASCII, digits, hyphens."""
    plain = name.lower().translate(_TRANSLITERATION)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "dokument"


def gather(
    targets: Sequence[str],
    store: Store,
    isolation: Isolation,
    fetcher: Fetcher,
    progress: Progress,
) -> Gathered:
    """Find every file to read, each once, in a stable order, and keep its bytes.

    Raises UnknownItemError for a path that doesn't exist, CatalogueError.
    """
    found = Gathered()
    gatherer = _Gatherer(store, isolation, found, set())
    for target in targets:
        if is_address(target):
            gatherer.address(target, fetcher, progress)
        else:
            gatherer.path(Path(target))
    return found


@dataclass(frozen=True, slots=True)
class _Gatherer:
    store: Store
    isolation: Isolation
    found: Gathered
    seen: set[str]

    def path(self, path: Path) -> None:
        if path.is_dir():
            root = path.resolve()
            self._catalogue(root)
            for file in _documents_below(root):
                self._file(file, root)
        elif path.is_file():
            file = path.resolve()
            self._catalogue(file.parent)
            self._file(file, file.parent)
        else:
            raise UnknownItemError(
                f"Die Datei oder den Ordner {path} gibt es nicht. Bitte prüfen Sie den Pfad."
            )

    def address(self, address: str, fetcher: Fetcher, progress: Progress) -> None:
        def show(done: int, total: int) -> None:
            progress("Herunterladen", done, total, address)

        try:
            fetched = fetcher(address, progress=show)
        except FileRefusedError as fault:
            self._refuse(address, fault)
            return
        host = "/".join(fetched.final.split("/")[:3])
        self.found.catalogues.setdefault(host, Catalogue())
        self._content(fetched.content, address, fetched.name, host)

    def _catalogue(self, folder: Path) -> None:
        self.found.catalogues.setdefault(str(folder), load_catalogue(folder))

    def _file(self, file: Path, root: Path) -> None:
        source = _text(str(file))
        if source in self.seen:
            return
        self.seen.add(source)
        name = shown(_text(file.name))
        try:
            if source != str(file):
                reason = "hat einen Namen oder liegt in einem Ordner, dessen Zeichen unlesbar sind."
                remedy = "Benennen Sie sie um und lesen Sie sie erneut ein."
                raise refuse("ERR_FILE_ACCESS", name, reason=reason, remedy=remedy)
            if not file.resolve().is_relative_to(root):
                reason = "ist eine Verknüpfung, die aus dem Ordner hinausführt."
                raise refuse(
                    *("ERR_FILE_ACCESS", name),
                    reason=reason,
                    remedy="Kopieren Sie die Datei selbst in den Ordner.",
                )
            if file.stat().st_size > MAX_BYTES:
                reason = f"ist größer als {MAX_BYTES // 2**20} MB."
                raise refuse("ERR_FILE_TOO_LARGE", name, reason=reason)
            content = file.read_bytes()
        except OSError:
            self._refuse(source, refuse("ERR_FILE_ACCESS", name))
        except FileRefusedError as fault:
            self._refuse(source, fault)
        else:
            self._content(content, source, name, str(root))

    def _content(self, content: bytes, source: str, name: str, collection: str) -> None:
        version = self.store.keep_original(content)
        kind = container(name)
        if is_readable(name) or kind is None:
            file = SourceFile(source, name, collection, version, len(content))
            self.found.files.append(file)
        if kind is not None:
            self._unpack(self.store.original(version), source, name, collection)

    def _unpack(self, content: Path, source: str, name: str, collection: str) -> None:
        kind = container(name)
        assert kind is not None  # noqa: S101  # the caller asked
        with TemporaryDirectory(dir=self.isolation.folder) as target:
            try:
                unpacked = self.isolation.unpack(content, name, kind, Path(target))
            except FileRefusedError as fault:
                self.found.closed.append(source)
                # A mail whose attachments are broken was found as a document already.
                if not is_readable(name):
                    self._refuse(source, fault)
                return
            for lost in unpacked.refused:
                inner = f"{source}{INSIDE}{lost.file}"
                self.found.refused.append(Refused(inner, lost.code, lost.message))
            catalogue = next((m.file for m in unpacked.members if is_catalogue(m.name)), None)
            if catalogue is not None:
                collection = source
                self.found.catalogues[source] = _catalogue_in(catalogue, name)
            for member in unpacked.members:
                inner = f"{source}{INSIDE}{member.name}"
                self._member(member.file, inner, PurePosixPath(member.name).name, collection)

    def _member(self, file: Path, source: str, name: str, collection: str) -> None:
        content = file.read_bytes()
        version = self.store.keep_original(content)
        self.found.files.append(SourceFile(source, name, collection, version, len(content)))

    def _refuse(self, source: str, fault: FileRefusedError) -> None:
        self.found.refused.append(Refused(source, fault.code, str(fault)))


def _catalogue_in(file: Path, archive: str) -> Catalogue:
    try:
        return read_catalogue(file)
    except CatalogueError as fault:
        raise CatalogueError(f"{archive}: {fault}") from fault


def _documents_below(root: Path) -> Iterator[Path]:
    for file in sorted(root.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in file.relative_to(root).parts)
        if not hidden and file.is_file() and is_document(file.name):
            yield file


def _text(name: str) -> str:
    """Return a file's name as text: its bytes may be none, which no database stores."""
    return name.encode(errors="replace").decode()


def outer(source: str) -> str:
    """Return the file on disk that holds a source: the archive for what lies inside."""
    return source.partition(INSIDE)[0]


def free_id(name: str, source: str, taken: set[str]) -> str:
    """Return an id for a new document: its name, told apart by its place where that is taken."""
    id = slug(PurePosixPath(name).stem)
    if id not in taken:
        return id
    return f"{id}-{hashlib.sha256(source.encode()).hexdigest()[:6]}"
