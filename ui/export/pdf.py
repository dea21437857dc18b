"""A memo as PDF (typst): tagged, in German, its text handed over as data and never as source."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Literal

import typst

from corpus.errors import SozialraumError
from ui.export.memo import Memo, moment

_TEMPLATE = Path(__file__).with_name("memo.typ")
_UNPRINTED = "Zeichen, die in dieser Datei als Kästchen stehen, fehlen in ihren Schriften."


class ExportError(SozialraumError):
    """A file can't be made of an answer."""

    code = "ERR_EXPORT"


def pdf(memo: Memo) -> bytes:
    """Return the memo as PDF/UA-1; as plain tagged PDF where a character is in no font.

    Raises ExportError with Typst's own message.
    """
    given = _given(memo)
    try:
        return _compiled(given, memo.asked, "ua-1")
    except typst.TypstError:
        given["notes"] = [*memo.notes, _UNPRINTED]
    try:
        return _compiled(given, memo.asked, None)
    except typst.TypstError as fault:
        raise ExportError(
            f"Aus dieser Antwort lässt sich kein PDF machen ({fault.message}). Bitte nehmen Sie "
            "sie als Word-Datei mit."
        ) from fault


def _given(memo: Memo) -> dict[str, object]:
    """Return what the template reads."""
    sources = [
        {**asdict(source), "facts": source.facts, "page": source.page or "–"}
        for source in memo.sources
    ]
    day = memo.asked.date()
    return {
        "question": memo.question,
        "asked": moment(memo.asked),
        **{"year": day.year, "month": day.month, "day": day.day},
        "body": [asdict(block) for block in memo.body],
        "sources": sources,
        "facts": memo.facts,
        "notes": memo.notes,
    }


def _compiled(given: dict[str, object], asked: datetime, standard: Literal["ua-1"] | None) -> bytes:
    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=True),
        pdf_standards=standard,
        timestamp=int(asked.timestamp()),  # the same bytes whenever it is taken
        sys_inputs={"memo": json.dumps(given, ensure_ascii=False)},
    )
    if not isinstance(made, bytes):
        raise TypeError("typst returns bytes for format='pdf' without an output file")
    return made
