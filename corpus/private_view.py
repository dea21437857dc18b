"""A private view of a finished index, for libraries that write where they only should read.

Measured: tantivy leaves a lock in the folder it opens and refuses a folder it can't write to;
Chroma adds a row to ``chroma.sqlite3`` with every client, which breaks the digest, and writes
nothing else. So a finished folder is opened through a temporary one: links to its files, and
copies of those that are written to. The original stays as it is, byte for byte, and may lie
where nobody can write.
"""

import shutil
import tempfile
import weakref
from pathlib import Path

WRITTEN = (".sqlite3",)
"""Endings of files that opening writes to."""


class PrivateView:
    """A temporary folder that shows the files of another. Gone with ``close`` or the object."""

    def __init__(self, folder: Path) -> None:
        """Make the view. Raises OSError when the folder can't be read."""
        self.path = Path(tempfile.mkdtemp(prefix="sozialraum-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        for source in sorted(folder.rglob("*")):
            target = self.path / source.relative_to(folder)
            if source.is_dir():
                target.mkdir()
            elif source.suffix in WRITTEN:
                shutil.copyfile(source, target)
            else:
                _link(source.resolve(), target)

    def close(self) -> None:
        """Remove the view; again does nothing."""
        self._remove()


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source)
    except OSError:  # not every system lets everyone make links
        shutil.copyfile(source, target)
