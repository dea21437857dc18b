"""Sources of the starter collection -> PDF files."""

from collections.abc import Callable, Sequence
from pathlib import Path

import typst

from corpus.catalogue import GLOSSARY_FILE, load_glossary
from corpus.errors import FileRefusedError
from corpus.typeset.convert import to_typst
from corpus.typeset.front_matter import refused
from corpus.typeset.glossary import GLOSSARY_NAME, glossary_markdown
from corpus.typeset.source import Source, read_source

TEMPLATE_FOLDER = Path(__file__).parent

Progress = Callable[[int, int, str], None]
"""Called with the number of finished files, the number of all files, and the file's name."""


def typeset(
    sources: Path,
    target: Path,
    *,
    glossary: Path = GLOSSARY_FILE,
    progress: Progress = lambda done, total, name: None,
) -> list[Path]:
    """Typeset every Markdown file in ``sources``, and the glossary, into ``target``.

    Returns the PDF files, in order of their names. The same sources give the same bytes.
    Nothing is written before every source has been read and found sound. Raises
    FileRefusedError or CatalogueError naming the file, the fault and the remedy.
    """
    documents = _read_folder(sources, glossary)
    target.mkdir(parents=True, exist_ok=True)
    press = Press()
    written = []
    for done, (stem, source) in enumerate(sorted(documents.items()), start=1):
        path = target / f"{stem}.pdf"
        path.write_bytes(press.pdf(to_typst(source), stem))
        written.append(path)
        progress(done, len(documents), path.name)
    return written


class Press:
    """Typst with the template and the fonts of its own package, and no others."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(
            root=TEMPLATE_FOLDER, font_paths=typst.Fonts(include_system_fonts=False)
        )

    def pdf(self, document: str, name: str) -> bytes:
        """Return the PDF of a Typst document; the same bytes every time.

        PDF/UA-1 makes the file accessible and turns a character that no font has into an
        error. Raises FileRefusedError with Typst's own message, for warnings too: none is
        harmless in a text we wrote ourselves.
        """
        try:
            pdf, warnings = self._compiler.compile_with_warnings(
                input=document.encode(), format="pdf", pdf_standards="ua-1"
            )
        except typst.TypstError as fault:
            raise _unprintable(name, fault.message, fault.hints) from fault
        if warnings:
            raise _unprintable(name, warnings[0].message, warnings[0].hints)
        if not isinstance(pdf, bytes):
            raise TypeError("typst returns bytes for format='pdf' without an output file")
        return pdf


def _read_folder(folder: Path, glossary: Path) -> dict[str, Source]:
    """Return the sources of a folder by name without suffix, the glossary among them."""
    paths = sorted(folder.glob("*.md"))
    if not paths:
        raise FileRefusedError(
            f"{folder}: Der Ordner enthält keine Markdown-Dateien (*.md). "
            "Bitte den Ordner mit den Quellen angeben."
        )
    sources = {path.stem: read_source(_text(path), path.name) for path in paths}
    if GLOSSARY_NAME in sources:
        raise FileRefusedError(
            f"{GLOSSARY_NAME}.md: Unter diesem Namen entsteht das Glossar aus {glossary.name}. "
            "Bitte die Datei umbenennen."
        )
    # The glossary has no state of its own: it is as new as the newest text beside it.
    newest = max((s.front.state for s in sources.values()), key=lambda state: state.first_day)
    markdown = glossary_markdown(load_glossary(glossary), newest)
    return {**sources, GLOSSARY_NAME: read_source(markdown, glossary.name)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise refused(path.name, "der Text ist nicht in UTF-8 gespeichert") from fault


def _unprintable(name: str, message: str, hints: Sequence[str]) -> FileRefusedError:
    return refused(name, " ".join(("Typst kann den Text nicht setzen:", message, *hints)))
