"""E-mail -> blocks: its subject, its text, texts attached to it, mails within it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from email.message import Message
from pathlib import Path, PurePosixPath

from corpus.dates import german_date
from corpus.errors import FileRefusedError
from corpus.types import Extraction
from ingest.blocks import Block, LoadedFile
from ingest.loaders.encodings import decoded
from ingest.loaders.hidden import HiddenTexts
from ingest.loaders.mail_body import html_blocks, plain_blocks
from ingest.loaders.mail_parts import (
    Piece,
    content_of,
    day_of,
    header,
    parsed_mail,
    people,
    pieces,
    text_of,
)
from ingest.loaders.text import bounded, read_text

MAX_RECIPIENTS = 5  # more are a mailing list
_APPENDED = frozenset((".markdown", ".md", ".txt"))


def load_mail(path: Path) -> LoadedFile:
    """Read a mail (.eml). Raises FileRefusedError, naming the file.

    Attached texts are part of it; other attachments are documents of their own, see
    ``attached_files``.
    """
    mail = parsed_mail(path)
    reader = _Reader(path.name)
    blocks = tuple(reader.mail(mail, 0))
    stated = {"titel": header(mail, "subject"), "stand": day_of(mail)}
    return LoadedFile(
        blocks,
        {key: text for key, text in stated.items() if text},
        extraction=Extraction(
            format="E-Mail", hidden=reader.hidden.listed(), mended_hyphens=reader.mended
        ),
    )


def attached_files(path: Path) -> list[tuple[str, bytes]]:
    """Return name and bytes of the files attached to a mail, and to mails within it.

    Texts that ``load_mail`` appends to the mail are not among them; a name is as the mail
    states it. Raises FileRefusedError.
    """
    return [
        (piece.name, content_of(piece.part))
        for piece in _all_pieces(parsed_mail(path), path.name, 0)
        if piece.nature == "file" and piece.name and _appended(piece) is None
    ]


def _all_pieces(mail: Message, file: str, depth: int) -> Iterator[Piece]:
    for piece in pieces(mail, file, depth):
        if piece.nature == "mail":
            yield from _all_pieces(piece.part, file, depth + 1)
        else:
            yield piece


def _appended(piece: Piece) -> str | None:
    """Return the text of an attached text file, None for any other file."""
    if PurePosixPath(piece.name).suffix.lower() not in _APPENDED:
        return None
    try:
        return bounded(decoded(content_of(piece.part), piece.name), piece.name)
    except FileRefusedError:
        return None  # it is refused by name, as a document of its own


class _Reader:
    """Reads a mail and those within it; gathers what was hidden or mended."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.hidden = HiddenTexts()
        self.mended = 0

    def mail(self, mail: Message, depth: int) -> Iterator[Block]:
        """Yield the blocks of a mail. ``depth`` says how many mails it is nested in."""
        level = depth + 1
        if subject := header(mail, "subject"):
            yield Block("heading", subject, level)
        yield Block("paragraph", _introduction(mail))
        for piece in pieces(mail, self.file, depth):
            if piece.nature == "mail":
                yield from self.mail(piece.part, depth + 1)
            elif piece.nature == "plain":
                text = bounded(text_of(piece.part), self.file)
                blocks, mended = plain_blocks(text, self.hidden)
                self.mended += mended
                yield from _below(blocks, level)
            elif piece.nature == "html":
                found = html_blocks(text_of(piece.part), self.hidden, self.file)
                yield from _below(found, level)
            elif (attached := _appended(piece)) is not None:
                yield from self._attached(piece, attached, level + 1)

    def _attached(self, piece: Piece, text: str, level: int) -> Iterator[Block]:
        loaded = read_text(text, self.hidden)
        self.mended += loaded.extraction.mended_hyphens
        yield Block("heading", piece.name, level)
        yield from _below(loaded.blocks, level)


def _below(blocks: Sequence[Block], level: int) -> Iterator[Block]:
    """Put headings below one of ``level``; a mail has no pages."""
    for block in blocks:
        rank = block.level + level if block.kind == "heading" else 0
        yield replace(block, level=rank, page=None)


def _introduction(mail: Message) -> str:
    """Say in a sentence what a mail program shows above the text: day, sender, recipients."""
    day = german_date(day_of(mail))
    sender, recipients = people(mail, "from")[:1], people(mail, "to")[:MAX_RECIPIENTS]
    parts = [f"E-Mail vom {day}" if day else "E-Mail"]
    parts += [f"Absender: {name}" for name in sender]
    parts += [f"Empfänger: {', '.join(recipients)}"] if recipients else []
    return ", ".join(parts) + "."
