"""What the test documents say: every file of ``tests/testdocs`` with its ground truth."""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ingest.sentences import split

TESTDOCS = Path(__file__).parents[1] / "testdocs"
TRUTHS = Path(__file__).parents[1] / "ingest" / "truths"
SCORED = ("p", "li", "box", "footnote", "caption", "meta")
# Notes, captions and boxes stand where the layout puts them: their place proves no order.
RUNNING = ("p", "li", "meta")
Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TestFile:
    """A file, and which truth tells what is in it."""

    name: str
    truth: str = ""
    """Name of the ground truth; empty for a file that nobody can read."""
    pages: dict[int, int] = field(default_factory=dict)
    """Page of the truth -> page of the file, both from 1; empty where they are the same."""

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return TESTDOCS / self.name


_W1_3_4 = {3: 1, 4: 2}
TEXT_PDFS = (
    TestFile("w1_einspaltig.pdf", "w1_einspaltig"),
    TestFile("w2_zweispaltig.pdf", "w2_zweispaltig"),
    TestFile("w2z_zeilenweise.pdf", "w2_zweispaltig"),
    TestFile("w2s_gemischt.pdf", "w2_zweispaltig"),
    TestFile("w3_dreispaltig_quer.pdf", "w3_dreispaltig_quer"),
    TestFile("w4_fliessend_zweispaltig.pdf", "w4_fliessend_zweispaltig"),
    TestFile("w4_fliessend_zweispaltig_getaggt.pdf", "w4_fliessend_zweispaltig"),
    TestFile("tricky/t01_kodierung.pdf", "tricky/t01_kodierung"),
    TestFile("tricky/t04_rotate_attribut.pdf", "w1_einspaltig", {3: 1, 4: 2, 5: 3}),
    TestFile("tricky/t05_text_seitlich.pdf", "w1_einspaltig", {4: 1}),
    TestFile("tricky/t07_nur_besitzerpasswort.pdf", "w1_einspaltig", _W1_3_4),
    TestFile("tricky/t08_druckbogen.pdf", "w1_einspaltig", {3: 1, 4: 1, 5: 2, 6: 2, 7: 3, 8: 3}),
    TestFile("tricky/t14_xref_kaputt.pdf", "w1_einspaltig", _W1_3_4),
)
SCANS = (
    TestFile("tricky/t02_ohne_tounicode.pdf", "w1_einspaltig", _W1_3_4),
    TestFile("tricky/t03_tounicode_verschoben.pdf", "w1_einspaltig", _W1_3_4),
    TestFile("tricky/t09_scan_200dpi.pdf", "w2_zweispaltig", {5: 1}),
    TestFile("tricky/t10_scan_150dpi_schief.pdf", "w2_zweispaltig", {6: 1}),
    TestFile("tricky/t12_text_als_pfade.pdf", "w1_einspaltig", {9: 1}),
)
MIXED = TestFile("tricky/t11_gemischt_text_scan.pdf", "mixed", {})
OFFICE = (
    TestFile("office/w2_zweispaltig.docx", "w2_zweispaltig"),
    TestFile("office/w2_zweispaltig.odt", "w2_zweispaltig"),
    TestFile("office/werkstatt_word.docx", "truths/werkstatt_word"),
    TestFile("office/werkstatt_folien.pptx", "truths/werkstatt_folien"),
    TestFile("office/werkstatt_web.html", "truths/werkstatt_web"),
    TestFile("office/werkstatt.md", "truths/werkstatt"),
    TestFile("office/werkstatt_cp1252.txt", "truths/werkstatt_cp1252"),
    TestFile("office/protokoll.eml", "truths/protokoll"),
)
UNREADABLE = tuple(
    TestFile(f"tricky/{name}.pdf")
    for name in ("t06_passwort_geheim", "t13_abgeschnitten", "t15_leer", "t16_html_als_pdf")
)
GROUPS = {
    "PDF mit Text": TEXT_PDFS,
    "Scans und unlesbare Zeichen": (*SCANS, MIXED),
    "Büro, Netz, Post": OFFICE,
    "Nicht zu lesen": UNREADABLE,
}
FILES = {file.name: file for group in GROUPS.values() for file in group}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that must come out, and where it stands. None: the truth doesn't say."""

    text: str
    kind: str
    pages: frozenset[int] | None = None
    """Pages of the file, from 0, on one of which it begins."""
    section: tuple[str, ...] | None = None
    workshop: int | None = None
    has_workshop: bool = False
    """Whether the truth says which workshop, or that it is none."""


def blocks(file: TestFile) -> list[Block]:
    """Return the truth's blocks on the file's pages, with the file's page numbers."""
    if file == MIXED:
        scan = TestFile("", "w2_zweispaltig", {5: 2})
        return blocks(TestFile("", "w1_einspaltig", {3: 1})) + blocks(scan)
    found = _truth(file.truth)
    if not file.pages:
        return found if file.name.endswith((".pdf", ".pptx")) else list(map(_without_page, found))
    return [
        {**block, "page": file.pages[block["page"]], "page_end": file.pages[block["page_end"]]}
        for block in found
        if block["page"] in file.pages and block["page_end"] in file.pages
    ]


def sentences(found: list[Block]) -> list[Sentence]:
    """Return the sentences in reading order.

    Section and workshop count only where the headings that tell them are in the file.
    """
    headings = {block["text"] for block in found if block["type"] in ("h1", "h2")}
    return [
        _sentence(block["text"][span.start : span.end], block, headings)
        for block in found
        if block["type"] in SCORED
        for span in split(block["text"])
    ]


def headings(found: list[Block]) -> list[str]:
    """Return the headings of chapters and sections."""
    return [block["text"] for block in found if block["type"] in ("h1", "h2")]


def titles(found: list[Block]) -> list[str]:
    """Return what is neither heading nor wrong as one: the title, and titles of boxes."""
    return [b["text"] for b in found if b["type"] in ("title", "subtitle", "toc_heading")]


def rows(found: list[Block]) -> list[str]:
    """Return the rows of all tables, head rows too, their cells parted by blanks."""
    tables = (block for block in found if block["type"] == "table")
    return [" ".join(filter(None, row)) for t in tables for row in (t["header"], *t["rows"])]


def _sentence(text: str, block: Block, in_file: set[str]) -> Sentence:
    path = tuple(block.get("path", ()))
    known = bool(path) and set(path) <= in_file
    pages = frozenset(range(block["page"] - 1, block["page_end"])) if block.get("page") else None
    stated = block.get("ws", "")
    number = int(stated[1:]) if stated[:1] == "w" and stated[1:].isdigit() else None
    has_workshop = bool(stated) and path[:1] != () and path[0] in in_file
    return Sentence(text, block["type"], pages, path if known else None, number, has_workshop)


@cache
def _truth(name: str) -> list[Block]:
    path = TRUTHS.parent / f"{name}.json" if "truths/" in name else TESTDOCS / f"{name}.truth.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["blocks"])


def _without_page(block: Block) -> Block:
    return {key: value for key, value in block.items() if key not in ("page", "page_end")}
