"""Question + conversation -> a standalone query: what is asked, where, and in which words.

Rules only, no model. Whatever is changed is shown to the reader as the query used.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.query.english import in_german, is_english
from assistant.query.expansion import expand
from assistant.query.follow_up import Resolved, resolve
from assistant.query.politeness import without_politeness
from assistant.query.scope import Recognised, recognise
from assistant.query.spelling import mend
from assistant.types import Addition, Change, Reading, Turn, Understood
from corpus.catalogue import Glossary
from corpus.errors import QuestionError
from corpus.german import Analyser
from corpus.types import Document, Scope, Workshop

MAX_CHARS = 4000

AnswerType = Literal[
    "definition", "list", "procedure", "number", "date", "place", "person", "reason", "open"
]

_WORDINGS: tuple[tuple[AnswerType, str], ...] = (
    ("number", r"\bwie ?viele?n?\b|\bwie (hoch|lange|oft|groß|teuer|alt)\b|\banzahl\b"),
    ("date", r"\bwann\b|\bseit wann\b|\bbis wann\b|\bwelche[mns]? (jahr|tag|datum|monat)"),
    ("place", r"\bwo\b|\bwohin\b|\bwelcher (stadt|kommune)\b|\bwelchem ort\b"),
    ("person", r"\bwer\b|\bwem\b|\bwen\b"),
    ("reason", r"\bwarum\b|\bwieso\b|\bweshalb\b|\bwozu\b"),
    (
        "definition",
        r"\bwas (ist|sind|bedeutet|bedeuten|heißt|meint)\b|\bwof(ü|ue)r steht\b"
        r"|\bversteht man\b|\bdefinition\b|\bbedeutung\b|\babk(ü|ue)rzung\b",
    ),
    ("procedure", r"\bwas (kann|können|muss|soll|tun)\b|\bwie\b"),
    ("list", r"\bwelche[nrs]?\b|\bnenne\b|\bz(ä|ae)hle\b|\bliste\b"),
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for searching."""

    question: str
    text: str
    """Standalone wording, shown to the reader."""
    expansion: str
    """Other forms of what the text names; searched with it at a low weight, not asked for."""
    types: frozenset[AnswerType]
    scope: Scope
    missing_workshop: int | None = None
    """A workshop number the question takes for granted and the catalogue doesn't have."""
    scope_wording: str = ""
    """The words of the question that limit it; empty when the reader chose or nothing does."""
    changes: tuple[Change, ...] = ()
    """Words that are read otherwise than they were typed."""
    additions: tuple[Addition, ...] = ()
    """What ``expansion`` is made of, each with the word it stands for."""
    readings: tuple[Reading, ...] = ()
    """How ambiguous short forms were read."""
    asked: str = ""
    """What is asked now, without what the conversation adds; empty stands for ``text``."""
    context: str = ""
    """The earlier question that the text begins with; empty when the question stands alone."""
    said: tuple[str, ...] = ()
    """What the conversation has answered already, where the question follows from it."""
    several: tuple[int, ...] = ()
    """Numbers of the workshops that the question sets beside each other."""

    @property
    def understood(self) -> Understood:
        """What was made of the question, for the reader."""
        return Understood(
            self.context, self.changes, self.additions, self.readings, self.scope_wording
        )


def understand(
    question: str,
    history: Sequence[Turn],
    scope: Scope,
    workshops: Sequence[Workshop],
    glossary: Glossary,
    analyser: Analyser,
    documents: Sequence[Document] = (),
) -> Query:
    """Make a standalone query. Raises QuestionError when there is nothing to ask.

    A scope that the reader chose stays; else the wording may name one of the workshops or
    ``documents``, what is asked now before what it follows from.
    """
    typed = _checked(question)
    bare = without_politeness(typed)
    earlier = [without_politeness(turn.text) for turn in history if turn.role == "user"]
    resolved = resolve(bare, earlier, analyser, glossary)
    asked, changes = _read(resolved.asked, analyser, glossary)
    context, _ = _read(resolved.context, analyser, glossary)
    text = Resolved(asked, context).text
    additions, readings = expand(text, analyser, glossary)
    named = recognise(asked, workshops, documents, analyser)
    if context and named == Recognised():
        named = recognise(context, workshops, documents, analyser)
    if scope or named.missing_workshop is not None:
        named = Recognised(scope, "", named.missing_workshop)
    return Query(
        question=typed,
        text=text,
        expansion=" ".join(addition.form for addition in additions),
        types=answer_types(asked),
        scope=named.scope,
        missing_workshop=named.missing_workshop,
        scope_wording=named.wording,
        changes=changes,
        additions=additions,
        readings=readings,
        asked=asked,
        context=context,
        said=_said(history) if resolved != Resolved(bare) else (),
        several=named.several,
    )


def answer_types(text: str) -> frozenset[AnswerType]:
    """Return what kinds of answer the wording asks for; {"open"} when it doesn't say."""
    found = {kind for kind, wording in _WORDINGS if re.search(wording, text, re.IGNORECASE)}
    if found & {"number", "definition"}:
        found.discard("procedure")
    return frozenset(found or {"open"})


def _checked(question: str) -> str:
    typed = " ".join(question.replace("\0", " ").split())
    if not typed:
        raise QuestionError("Die Frage ist leer. Bitte geben Sie eine Frage ein.")
    if len(typed) > MAX_CHARS:
        raise QuestionError(
            f"Die Frage hat {len(typed)} Zeichen, möglich sind {MAX_CHARS}. Bitte kürzen Sie sie."
        )
    if not any(character.isalnum() for character in typed):
        raise QuestionError(
            "Die Frage enthält weder Buchstaben noch Ziffern. Bitte formulieren Sie sie in Worten."
        )
    return typed


def _read(text: str, analyser: Analyser, glossary: Glossary) -> tuple[str, tuple[Change, ...]]:
    """Return a question in the collection's words, and what was changed in its spelling."""
    german = in_german(text, glossary) if is_english(text) else text
    return mend(german, analyser, glossary)


def _said(history: Sequence[Turn]) -> tuple[str, ...]:
    return tuple(turn.text for turn in history if turn.role == "assistant")
