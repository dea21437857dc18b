"""The sources of a memo for programs that keep them: BibTeX and RIS.

One entry a document and version, with the pages and quotes that were cited from it. Formats:
BibTeX as BibTeX 0.99d and biber read it, in UTF-8; RIS as Zotero, Citavi and EndNote do.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.types import Citation
from corpus.dates import is_date
from ui.export.memo import Memo, Source, memo
from ui.records import Record
from ui.service import Standing

# A brace counts even behind a backslash, so that none may stand in a value.
_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
RIS_END = "\r\n"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A document in one version, and what was cited of it."""

    key: str
    date: str
    """ISO 8601, or empty."""
    sources: tuple[Source, ...]

    @property
    def first(self) -> Source:
        return self.sources[0]

    @property
    def pages(self) -> str:
        """Return the printed pages, without "S."; slides by their name."""
        pages = dict.fromkeys(s.page.removeprefix("S.\u00a0") for s in self.sources if s.page)
        return ", ".join(pages)


def bibtex(record: Record, standings: Sequence[Standing] = ()) -> str:
    """Return an entry ``@misc`` for each document."""
    told = memo(record, standings)
    return "\n".join(_bibtex(entry, told) for entry in _entries(record, told))


def ris(record: Record, standings: Sequence[Standing] = ()) -> str:
    """Return a reference of type ``RPRT`` (report) for each document."""
    told = memo(record, standings)
    return "".join(_ris(entry, told) for entry in _entries(record, told))


def _entries(record: Record, told: Memo) -> list[_Entry]:
    cited: dict[int, Citation] = {c.number: c for c in record.answer.citations}

    def document(source: Source) -> tuple[str, str]:
        citation = cited[source.number]
        return citation.document, citation.version

    ordered = sorted(told.sources, key=document)
    found = []
    for (name, version), sources in groupby(ordered, key=document):
        entry = tuple(sources)
        key = "-".join(part for part in (_key(name), _key(version)[:8]) if part)
        date = cited[entry[0].number].date
        found.append(_Entry(key, date if is_date(date) else "", entry))
    return sorted(found, key=lambda entry: entry.first.number)


def _key(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60]


# -- BibTeX --------------------------------------------------------------------------------


def _bibtex(entry: _Entry, told: Memo) -> str:
    year, _, rest = entry.date.partition("-")
    asked = told.asked.date().isoformat()
    fields = {
        # A second pair of braces keeps the capitals of German nouns.
        "title": f"{{{_latex(entry.first.title)}}}",
        "year": year,
        "month": rest[:2].lstrip("0"),
        "pages": _latex(entry.pages),
        "url": _latex(entry.first.address),
        "urldate": asked,
        "version": entry.first.version,
        "note": _latex(" ".join(_remarks(entry))),
        "annote": _latex(" ".join(map(_quoted, entry.sources))),
        "langid": "ngerman",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@misc{{{entry.key},", *lines, "}", ""))


def _latex(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in " ".join(text.split()))


def _remarks(entry: _Entry) -> Iterable[str]:
    first = entry.first
    yield from (f"{remark.rstrip('.')}." for remark in (first.origin, first.change) if remark)


def _quoted(source: Source) -> str:
    where = f"[{source.number}] {source.page}".strip()
    return f"{where}: „{' '.join(source.quote.split())}“"


# -- RIS -----------------------------------------------------------------------------------


def _ris(entry: _Entry, told: Memo) -> str:
    year, _, rest = entry.date.partition("-")
    month, _, day = rest.partition("-")
    lines = (
        ("TY", "RPRT"),
        ("ID", entry.key),
        ("TI", entry.first.title),
        ("PY", year),
        ("DA", f"{year}/{month}/{day}/" if year else ""),
        ("SP", entry.pages),
        ("ET", f"Fassung {entry.first.version}"),
        ("UR", entry.first.address),
        ("Y2", told.asked.strftime("%Y/%m/%d/")),
        ("LA", "de"),
        *(("N1", remark) for remark in _remarks(entry)),
        *(("N1", _quoted(source)) for source in entry.sources),
        ("ER", ""),
    )
    written = (
        f"{tag}  - {' '.join(value.split())}" for tag, value in lines if value or tag == "ER"
    )
    return RIS_END.join((*written, "", ""))
