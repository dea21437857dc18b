"""The body of an answer, read in pieces, unpacked, and bounded."""

import zlib
from collections.abc import Callable, Iterable
from io import BytesIO

from ingest.refusals import refuse

ReadProgress = Callable[[int, int], None]
"""Called with the bytes read and the bytes announced; 0 when none are announced."""

_PACKED = frozenset(("gzip", "x-gzip", "deflate"))
# zlib finds out by itself whether a stream is gzip or deflate.
_ANY_ZLIB = zlib.MAX_WBITS | 32
_BROKEN = "ist unvollständig oder beschädigt angekommen: Die Verbindung brach ab."


def read_body(
    stream: Iterable[bytes],
    headers: dict[str, str],
    name: str,
    max_bytes: int,
    progress: ReadProgress,
) -> bytes:
    """Return the whole body, decoded; counted both as sent and as decoded."""
    encoding = headers.get("content-encoding", "identity").lower()
    if encoding not in {"identity", "", *_PACKED}:
        reason = f"kommt in einer Verpackung („{encoding[:40]}“), die sich nicht öffnen lässt."
        raise refuse("ERR_URL_TYPE", name, reason=reason)
    announced = headers.get("content-length", "")
    total = int(announced) if announced.isdecimal() and len(announced) < 19 else 0
    too_large = f"ist größer als {max_bytes // 2**20} MB."
    if total > max_bytes:
        raise refuse("ERR_URL_TOO_LARGE", name, reason=too_large)
    read, body = 0, BytesIO()
    inflater = _Inflater() if encoding in _PACKED else None
    for chunk in stream:
        read += len(chunk)
        room = max_bytes + 1 - body.tell()
        try:
            body.write(inflater.inflate(chunk, room) if inflater else chunk)
        except zlib.error:
            raise refuse("ERR_URL_UNREACHABLE", name, reason=_BROKEN) from None
        if max(read, body.tell()) > max_bytes:
            raise refuse("ERR_URL_TOO_LARGE", name, reason=too_large)
        progress(read, total)
    if inflater and read and not inflater.complete:
        raise refuse("ERR_URL_UNREACHABLE", name, reason=_BROKEN)
    return body.getvalue()


class _Inflater:
    """Unpacks gzip, also of several parts, and never more than is asked for."""

    def __init__(self) -> None:
        self._part = zlib.decompressobj(_ANY_ZLIB)

    @property
    def complete(self) -> bool:
        """Whether the last part ended as it should."""
        return self._part.eof

    def inflate(self, chunk: bytes, room: int) -> bytes:
        """Return at most ``room`` bytes; what doesn't fit is dropped, the caller gives up."""
        parts = [self._part.decompress(chunk, room)]
        while (rest := self._part.unused_data) and (room := room - len(parts[-1])) > 0:
            self._part = zlib.decompressobj(_ANY_ZLIB)
            parts.append(self._part.decompress(rest, room))
        return b"".join(parts)
