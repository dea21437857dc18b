"""A file's bytes, where they are few enough to be held."""

from pathlib import Path

from ingest.refusals import refuse


def file_bytes(path: Path, most: int) -> bytes:
    """Return the content. Raises FileRefusedError when there is none, or more than ``most``."""
    try:
        if path.stat().st_size > most:
            raise refuse("ERR_FILE_TOO_LARGE", path.name)
        data = path.read_bytes()
    except OSError:
        raise refuse("ERR_FILE_ACCESS", path.name) from None
    if not data.strip():
        raise refuse("ERR_FILE_EMPTY", path.name)
    return data
