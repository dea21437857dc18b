"""What everybody does first: the page's text as a library gives it, cut every 1,000 characters.

These are LangChain's usual loaders and its usual splitter, without the loaders' dependencies:
PyPDFLoader, Docx2txtLoader, BSHTMLLoader, TextLoader and so on do no more than this.
"""

import email
import email.policy
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter
from pptx import Presentation
from pypdf import PdfReader

CHUNK_CHARS, OVERLAP_CHARS = 1000, 200
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_WORKSHOP = re.compile(r"(\d{1,2})\. Werkstatt\b|\bWerkstatt (\d{1,2})\b", re.IGNORECASE)


def load(path: Path) -> list[Document]:
    """Return a document for each page, or one for a file without pages."""
    pages = list(_PAGES[path.suffix](path))
    numbered = path.suffix in (".pdf", ".pptx")
    return [
        Document(text, metadata={"page": at} if numbered else {}) for at, text in enumerate(pages)
    ]


def chunks(pages: list[Document]) -> list[Document]:
    """Cut the pages; each chunk keeps its page's number."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, add_start_index=True
    )
    return splitter.split_documents(pages)


def workshop_before(text: str, at: int) -> int | None:
    """Return the last workshop named in a chunk before an offset: all such a chunk knows."""
    named = [match for match in _WORKSHOP.finditer(text) if match.start() < at]
    return int(named[-1][1] or named[-1][2]) if named else None


def _pdf(path: Path) -> Iterator[str]:
    yield from (page.extract_text() for page in PdfReader(path).pages)


def _docx(path: Path) -> Iterator[str]:
    yield "".join(
        "".join(piece.text or "" for piece in paragraph.iter(f"{_WORD}t")) + "\n\n"
        for paragraph in _xml(path, "word/document.xml").iter(f"{_WORD}p")
    )


def _odt(path: Path) -> Iterator[str]:
    paragraphs = (
        item for item in _xml(path, "content.xml").iter() if item.tag in (f"{_TEXT}p", f"{_TEXT}h")
    )
    yield "".join("".join(paragraph.itertext()) + "\n\n" for paragraph in paragraphs)


def _pptx(path: Path) -> Iterator[str]:
    for slide in Presentation(str(path)).slides:
        yield "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def _html(path: Path) -> Iterator[str]:
    yield BeautifulSoup(path.read_text(encoding="utf-8"), "lxml").get_text()


def _text(path: Path) -> Iterator[str]:
    yield path.read_text(encoding="utf-8")


def _mail(path: Path) -> Iterator[str]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body()
    yield body.get_content() if body else ""


def _xml(path: Path, part: str) -> ElementTree.Element:
    with zipfile.ZipFile(path) as archive:
        return ElementTree.fromstring(archive.read(part))  # noqa: S314  # our own test files


_PAGES = {
    ".docx": _docx,
    ".eml": _mail,
    ".html": _html,
    ".md": _text,
    ".odt": _odt,
    ".pdf": _pdf,
    ".pptx": _pptx,
    ".txt": _text,
}
