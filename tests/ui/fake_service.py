"""A stand-in for the service: a few fixed answers over one real PDF of the test documents."""

import hashlib
import io
import json
import time
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

from assistant.answer.nearby import place
from assistant.themes import Column, Place, ThemeMap, count, places
from assistant.types import Answer, Citation, Progress, Refusal, Segment, Turn
from corpus.errors import QuestionError, UnknownItemError
from corpus.german import Analyser
from corpus.library import Outline
from corpus.themes import load_themes
from corpus.types import Document, Kind, Passage, Scope, Span, Workshop
from tests.ui.payloads import PAYLOADS
from ui.service import Overview, Series, Standing

TESTDOCS = Path(__file__).parents[1] / "testdocs"
PDF = TESTDOCS / "w2_zweispaltig.pdf"
TRUTH = TESTDOCS / "w2_zweispaltig.truth.json"
PULSE_S = 0.1
VERSION = hashlib.sha256(PDF.read_bytes()).hexdigest()

REPORT = Document(
    id="werkstattreihe",
    version=VERSION,
    key="k1",
    file="Werkstattreihe – Sozialraum gestalten.pdf",
    source=str(PDF),
    collection=str(TESTDOCS),
    title="Werkstattreihe Sozialraum gestalten",
    category="Sammelband",
    origin="Testdokument – frei erfundener Text, keine echte Veröffentlichung",
    date="2019-11",
    page_labels=tuple(str(number) for number in range(1, 10)),
)
CATALOGUE = Document(
    id="katalog",
    version="c" * 64,
    key="k2",
    file="werkstaetten.yaml",
    source=str(TRUTH),
    collection=str(TESTDOCS),
    title="Katalog der Werkstätten",
    category="Katalog",
)
WORKSHOPS = (
    Workshop(1, "Ankommen im Quartier", "Musterhausen", "2018-03-12", "belegt"),
    Workshop(2, "Wohnen und Nachbarschaft", "Musterhausen", "2018-06-18", "belegt"),
    Workshop(3, "Bildung und Aufwachsen", "Musterhausen", "2018-10-08", "angekündigt"),
    Workshop(4),
    Workshop(5),
)
SERIES = Series("Sozialraum gestalten", "Stadt Musterhausen", "2018", "1")
TABLE = (
    "Angebot\tTräger\tPlätze\tKosten pro Jahr\n"
    "Sprachcafé Mittendrin\tNachbarschaftsverein e. V.\t35\t12.400 €\n"
    "Hausaufgabenhilfe\tEvangelische Kirchengemeinde\t48\t18.900 €"
)
EXAMPLES = (
    "Welche Punkte erhielten in der ersten Werkstatt die meiste Zustimmung?",
    "Was ist ein Quartiersfonds?",
    "Was sagen die Werkstätten zum Wohnen?",
    "Was kosten die Angebote in der Nordstadt pro Jahr?",
    "Wann war die dritte Werkstatt?",
)


class FakeService:
    """Implements ``ui.service.Service``; ``questions`` and the like keep what was asked."""

    def __init__(self) -> None:
        self.questions: list[str] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.scopes: list[Scope] = []
        self.plain: list[bool] = []
        self.working: list[str] = []
        """Questions a slow model is writing on at the moment."""
        self._passages = _passages()

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Answer:
        """Answer by a word of the question."""
        self.questions.append(question)
        self.histories.append(tuple(history))
        self.scopes.append(scope or Scope())
        self.plain.append(plain)
        asked = question.casefold()
        if "absturz" in asked:
            raise RuntimeError(question)
        if "leer" in asked:
            raise QuestionError("Die Frage enthält nichts, wonach sich suchen lässt.")
        if "brot" in asked:
            return self._refused(question)
        if "gift" in asked:
            return self._poisoned(question)
        quotes = next((cited for word, cited in _ANSWERS.items() if word in asked), None)
        return self._answer(question, quotes or _ANSWERS["zustimmung"], scope or Scope())

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scope: Scope | None = None,
        *,
        plain: bool = False,
    ) -> Generator[Progress, None, None]:
        """Answer step by step; „langsam“ in the question has a model write for ever."""
        yield Progress("search")
        answer = self.ask(question, history, scope, plain=plain)
        yield Progress("select")
        if "langsam" in question.casefold():
            yield from self._slowly(answer)
        yield Progress("done", answer)

    def _slowly(self, answer: Answer) -> Generator[Progress, None, None]:
        self.working.append(answer.question)
        try:
            yield Progress("write")
            written = replace(answer, mode="generative", segments=answer.segments[:1])
            while "ohne Ende" in answer.question:
                time.sleep(PULSE_S)
                yield Progress("write", written)
            for count in range(1, len(answer.segments)):
                time.sleep(PULSE_S)
                yield Progress("write", replace(written, segments=answer.segments[:count]))
        finally:
            self.working.remove(answer.question)

    def overview(self) -> Overview:
        """Return the two documents and five workshops."""
        return Overview((REPORT, CATALOGUE), WORKSHOPS, len(self._passages), "g-1", EXAMPLES)

    def series(self) -> tuple[Series, ...]:
        """Return the made-up series."""
        return (SERIES,)

    def themes(self) -> ThemeMap:
        """Count the passages as they are."""
        outlines = [
            Outline(p.id, p.document, p.workshop, p.ordinal, p.section, p.kind, p.text)
            for p in self._passages.values()
        ]
        return count(load_themes(), outlines, {d.id: d for d in (REPORT, CATALOGUE)}, Analyser())

    def theme_places(self, theme: str, column: Column) -> tuple[Place, ...]:
        """Return the places of a cell."""
        sought = [known for known in load_themes() if known.id == theme]
        found = [self._passages[id] for id in self.themes().passages(theme, column)]
        documents = {d.id: d for d in (REPORT, CATALOGUE)}
        return places(sought[0], found, documents, Analyser()) if sought else ()

    def passage(self, id: str) -> Passage:
        """Return a passage."""
        if id not in self._passages:
            raise UnknownItemError(f"Die Textstelle {id} gibt es nicht mehr.")
        return self._passages[id]

    def document(self, id: str, version: str) -> Document:
        """Return a document."""
        for document in (REPORT, CATALOGUE):
            if (document.id, document.version) == (id, version):
                return document
        raise UnknownItemError(f"Das Dokument {id} gibt es nicht mehr.")

    def standing(self, citation: Citation) -> Standing:
        """Look a citation up; nothing has changed."""
        document = self.document(citation.document, citation.version)
        return Standing("current", citation, document, self.passage(citation.passage))

    def page_image(
        self,
        document: str,
        version: str,
        page: int,
        passage: str | None,
        start: int,
        end: int,
        width_px: int = 900,
    ) -> bytes:
        """Draw a page of the PDF."""
        self.document(document, version)
        quote = self.passage(passage).text[start:end] if passage else ""
        with pypdfium2.PdfDocument(PDF) as pdf:
            if not 0 <= page < len(pdf):
                raise UnknownItemError(f"Eine Seite {page + 1} gibt es nicht.")
            return _drawn(pdf[page], quote, width_px)

    def original(self, document: str, version: str) -> tuple[Path, str]:
        """Return the file."""
        known = self.document(document, version)
        return Path(known.source), known.file

    def _refused(self, question: str) -> Answer:
        nearest = place("nearest", self._passages["fonds"], REPORT)
        words = "Ansprechpartnerin: Frau Muster, Quartiersbüro"
        contact = place("contact", self._passages["gruppen"], REPORT, words)
        return replace(_refusal(question), nearby=(nearest, contact))

    def _poisoned(self, question: str) -> Answer:
        """Put every payload where a document's text can get to."""
        clean = cite(self._passages["fonds"], 1, 0, 0)
        joined = " ".join(PAYLOADS)
        bad = replace(clean, title=joined, quote=joined, section=PAYLOADS, origin=joined)
        return Answer(
            status="partial",
            question=question,
            query=joined,
            scope=Scope(),
            segments=tuple(Segment(payload, (bad.key,), "partial") for payload in PAYLOADS),
            citations=(bad,),
            refusal=Refusal("not_in_corpus", joined),
            suggestions=PAYLOADS,
        )

    def _answer(
        self, question: str, quotes: Sequence[tuple[str, int, int]], scope: Scope
    ) -> Answer:
        segments: list[Segment] = []
        citations: list[Citation] = []
        for number, (id, first, last) in enumerate(quotes, start=1):
            passage = self._passages[id]
            citations.append(cite(passage, number, first, last))
            spans = passage.sentences[first : last + 1]
            texts = [passage.text[span.start : span.end] for span in spans]
            texts = [passage.text] if passage.kind == "table" else texts
            segments += [Segment(text, (f"z{number}",), "verbatim") for text in texts]
        return Answer(
            status="answered",
            question=question,
            query=question,
            scope=scope,
            segments=tuple(segments),
            citations=tuple(citations),
            generation="g-1",
        )


# Word of the question -> passages, each with its first and last unit quoted.
_ANSWERS: dict[str, tuple[tuple[str, int, int], ...]] = {
    "zustimmung": (("liste", 0, 5),),
    "quartiersfonds": (("fonds", 0, 1),),
    "wohnen": (("gruppen", 1, 2), ("gruppen-2", 0, 1)),
    "kosten": (("tabelle", 0, 2),),
    "wann": (("katalog", 0, 0), ("fonds", 0, 0)),
}


def cite(passage: Passage, number: int, first: int, last: int) -> Citation:
    """Make a citation of a run of units."""
    document = CATALOGUE if passage.document == CATALOGUE.id else REPORT
    start, end = passage.sentences[first].start, passage.sentences[last].end
    page = passage.pages[0] if passage.pages else None
    return Citation(
        key=f"z{number}",
        number=number,
        document=document.id,
        title=document.title,
        workshop=passage.workshop,
        workshop_title=passage.workshop_title,
        section=passage.section,
        page_index=page,
        page_label=document.page_labels[page] if page is not None else "",
        quote=passage.text[start:end],
        located="document" if page is None else "exact",
        version=document.version,
        origin=document.origin,
        passage=passage.id,
        start=start,
        end=end,
    )


def _refusal(question: str) -> Answer:
    return Answer(
        status="refused",
        question=question,
        query=question,
        scope=Scope(),
        refusal=Refusal(
            "out_of_scope",
            "Die Sammlung sagt zu „Brot“ nichts. Sie enthält Texte zur Arbeit in Stadtteilen. "
            "Bitte stellen Sie eine Frage aus diesem Gebiet.",
        ),
        suggestions=("Was ist ein Quartiersfonds?", "Was sagen die Werkstätten zum Wohnen?"),
    )


def _passages() -> dict[str, Passage]:
    blocks = json.loads(TRUTH.read_text("utf-8"))["blocks"]
    texts = [block.get("text", "") for block in blocks]
    lead = next(n for n, text in enumerate(texts) if text.startswith("In drei Arbeitsgruppen"))
    made = (
        _passage(
            "liste", 1, "1.2 Ergebnisse der Arbeitsgruppen", 3, "list", texts[lead : lead + 5]
        ),
        _passage("gruppen", 1, "1.2 Ergebnisse der Arbeitsgruppen", 3, "text", [texts[lead + 7]]),
        _passage("tabelle", 1, "1.2 Ergebnisse der Arbeitsgruppen", 3, "table", TABLE.split("\n")),
        _passage(
            "fonds", 2, "2.1 Anlass und Zielsetzung", 4, "box", [_starting(texts, "Ein Quart")]
        ),
        _passage(
            "gruppen-2", 2, "2.2 Ergebnisse", 4, "text", [_starting(texts, "Die Arbeitsgruppe „Be")]
        ),
        _passage("katalog", None, "", None, "text", ["Werkstatt 3 war im Oktober 2018."]),
    )
    return {passage.id: passage for passage in made}


def _starting(texts: Sequence[str], beginning: str) -> str:
    return next(text for text in texts if text.startswith(beginning))


def _passage(
    id: str, workshop: int | None, section: str, page: int | None, kind: Kind, parts: Sequence[str]
) -> Passage:
    text = "\n".join(parts)
    theme = WORKSHOPS[workshop - 1].theme if workshop else ""
    return Passage(
        id=id,
        document=REPORT.id if page is not None else CATALOGUE.id,
        ordinal=0,
        section=(f"{workshop}. Werkstatt: {theme}", section) if workshop else (),
        kind=kind,
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(_units(text, kind)),
        pages=() if page is None else (page,),
        workshop=workshop,
        workshop_title=theme,
    )


def _units(text: str, kind: Kind) -> list[Span]:
    """Cut at line ends and, outside tables, after ". " (the texts used here allow it)."""
    units, start = [], 0
    for line in text.split("\n"):
        begin = 0
        for end in [*([] if kind == "table" else _sentence_ends(line)), len(line)]:
            units.append(Span(start + begin, start + end))
            begin = end + 1
        start += len(line) + 1
    return units


def _sentence_ends(line: str) -> list[int]:
    if "z. B." in line:
        return []
    return [n + 1 for n in range(len(line) - 2) if line[n : n + 2] == ". "]


def _drawn(page: pypdfium2.PdfPage, quote: str, width_px: int) -> bytes:
    scale = width_px / page.get_width()
    image = page.render(scale=scale).to_pil().convert("RGB")
    marks = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(marks)
    height = page.get_height()
    for left, bottom, right, top in _rectangles(page, quote):
        box = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
        pen.rectangle(box, fill=(255, 228, 110))
    out = io.BytesIO()
    Image.composite(marks, image, image.convert("L").point(lambda v: 255 if v > 200 else 0)).save(
        out, "PNG"
    )
    return out.getvalue()


def _rectangles(page: pypdfium2.PdfPage, quote: str) -> list[tuple[float, float, float, float]]:
    text = page.get_textpage()
    first = text.search(quote[:24], match_case=True).get_next() if quote else None
    if first is None:
        return []
    return [text.get_rect(n) for n in range(text.count_rects(first[0], len(quote)))]
