"""A Word document's XML -> the same text as plainly as can be, with what is hidden taken out.

What mammoth reads wrongly or not at all is settled here: styles by name and by what they
are based on, computed numbers, text boxes, hidden and deleted text, fields.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from lxml import etree
from lxml.etree import _Element as Element

from corpus.types import Concealment
from ingest.markup.numbering import Numbering
from ingest.markup.word import NAMESPACES, Styles, find, is_on, tag, text_of, value

_MC = f"{{{NAMESPACES['mc']}}}"
_MATH = f"{{{NAMESPACES['m']}}}"
_TRANSPARENT = tuple(map(tag, ("fldSimple", "bdo", "dir", "hyperlink", "ins", "moveTo")))
_SUPERFLUOUS = tuple(
    map(tag, ("bookmarkStart", "bookmarkEnd", "instrText", "sectPr", "proofErr", "tblGrid"))
)
_GRAPHICS = (f"{_MC}AlternateContent", tag("drawing"), tag("pict"), tag("object"))
_RUN_PROPERTIES = (tag("b"), tag("vertAlign"))


class Styled(StrEnum):
    """Ids of the only paragraph styles that a rewritten document has."""

    TITLE = "SrTitle"
    HEADING = "SrHeading"
    CONTENTS = "SrContents"
    CAPTION = "SrCaption"
    BOX = "SrBox"
    ITEM = "SrItem"


class Rewriter:
    """Rewrites the parts of one document in place; ``hidden`` lists what it took out."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.hidden: list[tuple[Concealment, str]] = []
        self._styles = styles
        self._numbering = numbering

    def rewrite(self, main: Element, notes: Mapping[str, Element]) -> None:
        """Rewrite the main text and the notes by kind: footnotes, endnotes."""
        for root in (main, *notes.values()):
            self._drop_hidden(root)
            _drop_placeholders(root)
            self._free_text_boxes(root)
            _flatten(root)
        for kind in ("footnote", "endnote"):
            root = notes.get(f"{kind}s")
            known = () if root is None else [value(note, "id") for note in root]
            _drop(
                ref for ref in main.iter(tag(f"{kind}Reference")) if value(ref, "id") not in known
            )
        for paragraph in list(main.iter(tag("p"))):
            self._restyle(paragraph, in_note=False)
        for root in notes.values():
            for paragraph in list(root.iter(tag("p"))):
                self._restyle(paragraph, in_note=True)

    def _drop_hidden(self, root: Element) -> None:
        for choice in list(root.iter(f"{_MC}Choice")):
            beside = choice.getparent()
            if beside is not None and next(choice.iter(tag("txbxContent")), None) is not None:
                _drop(beside.findall(f"{_MC}Fallback"))
        rows = [row for row in root.iter(tag("tr")) if find(row, "trPr/del") is not None]
        for deleted in [*rows, *root.iter(tag("del"), tag("moveFrom"))]:
            if text := text_of(deleted):
                self.hidden.append(("gelöschte Änderung", text))
                _drop([deleted])
        last: tuple[Element | None, Concealment | None] = (None, None)
        for run in list(root.iter(tag("r"))):
            paragraph = next(run.iterancestors(tag("p")), None)
            text = _own_text(run)
            concealment = self._styles.concealment(run, paragraph) if text.strip() else None
            if concealment and last == (paragraph, concealment):
                self.hidden[-1] = (concealment, self.hidden[-1][1] + text)
            elif concealment:
                self.hidden.append((concealment, text))
            if concealment:
                _drop(run.findall(tag("t")))
            last = (paragraph, concealment) if text.strip() else last

    def _free_text_boxes(self, root: Element) -> None:
        """Set each text box behind its paragraph: as a table of one cell, which is a box."""
        behind: dict[Element, Element] = {}
        for box in list(root.iter(tag("txbxContent"))):
            paragraph = next(box.iterancestors(tag("p")), None)
            if paragraph is None:
                continue
            content = list(box)
            headed = any(self._styles.role(p)[0] == "heading" for p in box.iter(tag("p")))
            if not headed and next(box.iterancestors(tag("tc")), None) is None:
                table = etree.Element(tag("tbl"))
                cell = etree.SubElement(etree.SubElement(table, tag("tr")), tag("tc"))
                cell.extend(content)
                content = [table]
            for element in content:
                behind.get(paragraph, paragraph).addnext(element)
                behind[paragraph] = element

    def _restyle(self, paragraph: Element, in_note: bool) -> None:
        runs = [run for run in paragraph.iter(tag("r")) if _own_text(run).strip()]
        bold = {run for run in runs if is_on(self._styles.of_run(run, paragraph, "b"))}
        role, rank = ("text", 0) if in_note else self._styles.role(paragraph)
        label = None if in_note or not runs else self._numbering.label(paragraph)
        style = {
            "heading": f"{Styled.HEADING}{rank}",
            "title": Styled.TITLE,
            "contents": Styled.CONTENTS,
            "caption": Styled.CAPTION,
            "box": Styled.BOX,
        }.get(role, "")
        numbered_label = bool(label) and len(bold) == len(runs)
        if role == "text" and label is not None and not numbered_label:
            style = Styled.ITEM
        deleted_end = find(paragraph, "pPr/rPr/del") is not None
        for run in paragraph.iter(tag("r")):
            _simplify(run, run in bold)
        if label and runs:
            runs[0].addprevious(_run(f"{label} ", runs[0] in bold))
        _drop(paragraph.findall(tag("pPr")))
        properties = etree.Element(tag("pPr"))
        if style:
            etree.SubElement(properties, tag("pStyle")).set(tag("val"), style)
        if deleted_end:
            etree.SubElement(etree.SubElement(properties, tag("rPr")), tag("del"))
        paragraph.attrib.clear()
        paragraph.insert(0, properties)


def _drop_placeholders(root: Element) -> None:
    """Drop "Klicken Sie hier, um Text einzugeben." in forms that nobody filled in."""
    controls = list(root.iter(tag("sdt")))
    _drop(sdt for sdt in controls if is_on(find(sdt, "sdtPr/showingPlcHdr")))


def _flatten(root: Element) -> None:
    """Take out pictures, keep the text of formulas, links and fields."""
    for formula in list(root.iter(f"{_MATH}oMath")):
        text = "".join(part.text or "" for part in formula.iter(f"{_MATH}t"))
        formula.addprevious(_run(text, bold=False))
        _drop([formula])
    _drop(list(root.iter(*_GRAPHICS, *_SUPERFLUOUS)))
    for holder in root.iter(*_TRANSPARENT):
        holder.tag = tag("smartTag")
        holder.attrib.clear()


def _simplify(run: Element, bold: bool) -> None:
    properties = find(run, "rPr")
    kept = [] if properties is None else [e for e in properties if e.tag in _RUN_PROPERTIES[1:]]
    _drop(run.findall(tag("rPr")))
    run.attrib.clear()
    if kept or bold:
        fresh = etree.Element(tag("rPr"))
        fresh.extend(kept)
        if bold:
            etree.SubElement(fresh, tag("b"))
        run.insert(0, fresh)


def _run(text: str, bold: bool) -> Element:
    run = etree.Element(tag("r"))
    etree.SubElement(run, tag("t")).text = text
    _simplify(run, bold)
    return run


def _own_text(run: Element) -> str:
    return "".join(part.text or "" for part in run.findall(tag("t")))


def _drop(elements: Iterable[Element]) -> None:
    for element in list(elements):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
