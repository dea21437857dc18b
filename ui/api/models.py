"""What /api takes and gives. Requests are checked with these; answers are only described.

The keys of an answer are those of ``ui.contract``, which alone decides; a test compares them.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from assistant.types import AnswerStatus, Located, Nearby, Refusal, Segment, Turn, Understood
from corpus.types import Scope
from ui.api.faults import refused

MAX_K = 100
"""Hits of a search; nobody reads more, and each comes with its text."""
MAX_TURNS = 50
MAX_TURN_CHARS = 20_000
"""Of an earlier message; the longest answer seen is a tenth of it."""
MAX_ID_CHARS = 200
MAX_WORKSHOP = 9999


def _writable(text: str) -> str:
    """Refuse a lone half of a character, as JSON can hold it: it couldn't be written again."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise refused("Der Text enthält ungültige Zeichen. Bitte senden Sie UTF-8.") from None
    return text


Text = Annotated[str, AfterValidator(_writable)]
Workshop = Annotated[
    int | None,
    Field(ge=1, le=MAX_WORKSHOP, description="Nur in dieser Werkstatt suchen (Nummer)."),
]
DocumentId = Annotated[
    Text | None,
    Field(
        min_length=1,
        max_length=MAX_ID_CHARS,
        description="Nur in diesem Dokument suchen (Kennung).",
    ),
]


class Strict(BaseModel):
    """A request: no field it doesn't know, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Limits(Strict):
    """What a question or search is limited to."""

    workshop: Workshop = None
    document: DocumentId = None

    @property
    def scope(self) -> Scope | None:
        """The same as the assistant takes it; None where nothing limits."""
        return Scope(self.workshop, self.document) or None


class EarlierTurn(Strict):
    """An earlier message of the conversation."""

    role: Literal["user", "assistant"] = Field(description="Wer spricht: user oder assistant.")
    text: Text = Field(max_length=MAX_TURN_CHARS, description="Wortlaut des Beitrags.")


class AskRequest(Limits):
    """A question."""

    question: Text = Field(
        description="Die Frage, in ganzen Sätzen oder Stichworten.",
        examples=["Welche fünf Prinzipien hat die Sozialraumorientierung?"],
    )
    history: list[EarlierTurn] = Field(
        default_factory=list,
        max_length=MAX_TURNS,
        description="Bisheriges Gespräch, Ältestes zuerst, für Anschlussfragen.",
        examples=[[{"role": "user", "text": "Was ist ein Verfügungsfonds?"}]],
    )
    plain: bool = Field(default=False, description="Einfache Sätze vorziehen und Kürzel erklären.")

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation as the assistant takes it."""
        return tuple(Turn(turn.role, turn.text) for turn in self.history)


class SearchRequest(Limits):
    """A search for passages."""

    query: Text = Field(description="Suchworte.", examples=["Verfügungsfonds beantragen"])
    k: int = Field(default=10, ge=1, le=MAX_K, description="Anzahl der Treffer.")


class Compared(BaseModel):
    """One side of a comparison."""

    heading: str = Field(description="Was verglichen wird.")
    citations: list[str] = Field(description="Schlüssel der Fundstellen, die nur davon handeln.")


class Term(BaseModel):
    """A short form with its long form."""

    term: str = Field(description="Kurzform in der Antwort.")
    meaning: str = Field(description="Langform aus dem Glossar.")


class CitationModel(BaseModel):
    """Where a segment is proven."""

    key: str = Field(description="Name der Fundstelle; Segmente verweisen darauf.")
    number: int = Field(description="Nummer zum Anzeigen, ab 1.")
    document: str = Field(description="Kennung des Dokuments.")
    title: str = Field(description="Titel des Dokuments.")
    workshop: int | None = Field(description="Nummer der Werkstatt, falls bekannt.")
    workshop_title: str = Field(description="Thema der Werkstatt.")
    section: tuple[str, ...] = Field(description="Überschriften, von oben nach unten.")
    page_index: int | None = Field(description="Seite im Dokument, ab 0; null ohne Seiten.")
    page_label: str = Field(description="Seitenzahl, wie sie gedruckt ist.")
    quote: str = Field(description="Wörtliches Zitat.")
    located: Located = Field(description="Wie genau die Stelle gefunden ist.")
    version: str = Field(description="SHA-256 der Datei, aus der zitiert wird.")
    origin: str = Field(description="Was man zur Herkunft wissen muss.")
    date: str = Field(description="Stand des Dokuments, ISO 8601, oder leer.")


class AnswerModel(BaseModel):
    """One answer, as „sozialraum ask --json“ prints it."""

    status: AnswerStatus = Field(description="Wie es ausging.")
    question: str = Field(description="Die Frage, wie sie gestellt wurde.")
    query: str = Field(description="Wonach gesucht wurde.")
    scope: Scope = Field(description="Worauf die Suche begrenzt war.")
    understood: Understood = Field(description="Was aus der Frage gemacht wurde.")
    mode: Literal["extractive", "generative"] = Field(
        description="extractive: wörtliche Sätze; generative: von einem Sprachmodell formuliert."
    )
    lead: str = Field(description="Einleitung aus Angaben des Katalogs, oder leer.")
    note: str = Field(description="Hinweis, wie die Antwort entstand, oder leer.")
    plain: bool = Field(description="Ob einfache Sprache verlangt war.")
    terms: list[Term] = Field(description="Kürzel der Antwort mit ihrer Langform.")
    segments: list[Segment] = Field(description="Die Antwort in belegten Stücken.")
    citations: list[CitationModel] = Field(description="Die Fundstellen.")
    differing: list[tuple[str, str]] = Field(
        description="Fundstellen, die Verschiedenes angeben, paarweise."
    )
    compared: list[Compared] = Field(
        description="Was eine vergleichende Antwort nebeneinanderstellt; sonst leer."
    )
    refusal: Refusal | None = Field(description="Warum es keine oder keine ganze Antwort gibt.")
    suggestions: list[str] = Field(description="Fragen oder Stellen, die weiterhelfen.")
    nearby: list[Nearby] = Field(description="Stellen zum Weiterlesen.")
    generation: str = Field(description="Stand der Sammlung.")
    timings_ms: dict[str, float] = Field(description="Dauer der Schritte in Millisekunden.")


class HitModel(BaseModel):
    """One passage found."""

    rank: int = Field(description="Rang, ab 1.")
    score: float = Field(description="Wertung; nur innerhalb einer Suche vergleichbar.")
    passage: str = Field(description="Kennung des Abschnitts.")
    document: str = Field(description="Kennung des Dokuments.")
    title: str = Field(description="Titel des Dokuments.")
    workshop: int | None = Field(description="Nummer der Werkstatt, falls bekannt.")
    section: tuple[str, ...] = Field(description="Überschriften, von oben nach unten.")
    pages: tuple[int, ...] = Field(description="Seiten im Dokument, ab 0.")
    text: str = Field(description="Wortlaut des Abschnitts.")


class HitsModel(BaseModel):
    """What a search found."""

    hits: list[HitModel] = Field(description="Treffer, der beste zuerst.")


class DocumentModel(BaseModel):
    """One document of the collection."""

    id: str = Field(description="Kennung; bleibt über alle Fassungen gleich.")
    title: str = Field(description="Titel.")
    category: str = Field(description="Art: Werkstatt, Themenheft, Sammelband, Katalog …")
    workshop: int | None = Field(description="Nummer der Werkstatt, falls bekannt.")
    origin: str = Field(description="Hinweis zur Herkunft, oder leer.")
    date: str = Field(description="Stand, ISO 8601, oder leer.")
    valid_from: str = Field(description="Gültig ab, ISO 8601, oder leer.")
    valid_until: str = Field(description="Gültig bis, ISO 8601, oder leer.")
    replaced_by: str = Field(description="Kennung des Dokuments, das es ersetzt, oder leer.")
    source: str = Field(description="Adresse, von der es geholt wurde; leer bei Dateien.")
    file: str = Field(description="Name der Datei.")
    version: str = Field(description="SHA-256 der Datei.")
    pages: int = Field(description="Anzahl der Seiten; 0 ohne Seiten.")
    passages: int = Field(description="Anzahl der Abschnitte.")


class SectionModel(BaseModel):
    """One heading of a document."""

    path: tuple[str, ...] = Field(description="Überschriften, von oben nach unten.")
    workshop: int | None = Field(description="Nummer der Werkstatt, falls bekannt.")


class DocumentWithSections(DocumentModel):
    """One document with its headings."""

    sections: list[SectionModel] = Field(description="Gliederung, der Reihe nach.")


class DocumentsModel(BaseModel):
    """All documents of the collection."""

    generation: str = Field(description="Stand der Sammlung.")
    documents: list[DocumentModel] = Field(description="Alle Dokumente.")


class HealthModel(BaseModel):
    """Whether questions are answered, and out of what."""

    status: Literal["bereit", "startet"] = Field(description="Ob Fragen beantwortet werden.")
    generation: str = Field(description="Stand der Sammlung; leer, solange gestartet wird.")
    documents: int = Field(description="Anzahl der Dokumente.")
    passages: int = Field(description="Anzahl der Abschnitte.")


class Problem(BaseModel):
    """What is wrong."""

    code: str = Field(description="Kennung, siehe Handbuch.", examples=["ERR_REQUEST"])
    message: str = Field(description="Was nicht stimmt und was hilft.")
    field: str = Field(description="Das betroffene Feld der Anfrage, oder leer.")


# -- /v1, in OpenAI's shapes ---------------------------------------------------------------


class Usage(BaseModel):
    """What was counted."""

    prompt_tokens: int = Field(description="Wörter der Anfrage.")
    completion_tokens: int = Field(description="Wörter der Antwort.")
    total_tokens: int = Field(description="Beides zusammen.")
    unit: str = Field(description="Was gezählt ist: Wörter, keine Token.")


class CompletionMessage(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"] = Field(description="Immer assistant.")
    content: str = Field(description="Antwort mit Nummern und Quellenliste.")
    refusal: None = Field(description="Immer null; Ablehnungen stehen in sozialraum.")
    sozialraum: AnswerModel = Field(description="Die Antwort mit allen Fundstellen.")


class Choice(BaseModel):
    """The one answer there is."""

    index: int = Field(description="Immer 0.")
    message: CompletionMessage = Field(description="Die Antwort.")
    logprobs: None = Field(description="Immer null.")
    finish_reason: Literal["stop", "length"] = Field(
        description="length: Das Sprachmodell kam nicht zum Ende."
    )


class Completion(BaseModel):
    """A finished chat completion."""

    id: str = Field(description="Kennung dieser Antwort.")
    object: Literal["chat.completion"] = Field(description="Art des Objekts.")
    created: int = Field(description="Zeitpunkt, Sekunden seit 1970.")
    model: str = Field(description="Name des Modells.")
    choices: list[Choice] = Field(description="Die eine Antwort.")
    usage: Usage = Field(description="Umfang in Wörtern.")


class ModelEntry(BaseModel):
    """The one model there is."""

    id: str = Field(description="Name des Modells.")
    object: Literal["model"] = Field(description="Art des Objekts.")
    created: int = Field(description="Start des Servers, Sekunden seit 1970.")
    owned_by: str = Field(description="Immer sozialraum.")


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = Field(description="Art des Objekts.")
    data: list[ModelEntry] = Field(description="Das eine Modell.")


class OpenAIError(BaseModel):
    """What is wrong, as OpenAI's clients expect it."""

    message: str = Field(description="Was nicht stimmt und was hilft.")
    type: str = Field(description="Art des Fehlers.")
    param: str | None = Field(description="Das betroffene Feld der Anfrage.")
    code: str = Field(description="Kennung, siehe Handbuch.")


class OpenAIProblem(BaseModel):
    """An error of /v1."""

    error: OpenAIError = Field(description="Der Fehler.")
