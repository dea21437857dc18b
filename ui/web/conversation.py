"""What the page does between an event and its rendering: ask, find a source, offer scopes.

No gradio in here. Everything that comes from the browser is checked here.
"""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.evaluation import feedback as store
from assistant.evaluation.feedback import Entry, Feedback, Kept
from assistant.types import Turn
from corpus.errors import QuestionError, SozialraumError, UnknownItemError
from corpus.types import Scope
from ui.service import Overview, Service
from ui.web import overview, panel, rating, targets
from ui.web.render import MAX_SHOWN_CHARS, Exchange
from ui.wording import workshop_name

Conversation = tuple[Exchange, ...]

# The page sends the whole conversation after each answer; at about 6 kB an answer this keeps a
# reply under 300 kB, and a forgotten tab from growing for ever.
MAX_EXCHANGES = 50
# Follow-ups refer to what was said last; older turns only slow the search down.
MAX_HISTORY = 12

WHOLE_COLLECTION = "Gesamte Sammlung"
# The catalogue answers questions about the series; nobody looks for it among the booklets.
_NOT_OFFERED = "Katalog"
_WORKSHOP, _DOCUMENT = "werkstatt:", "dokument:"

_log = logging.getLogger(__name__)


def opened(conversation: Conversation, question: str) -> Conversation:
    """Add a question that is being searched for."""
    return (*conversation, Exchange(question[: MAX_SHOWN_CHARS + 1]))


def asked(
    service: Service,
    conversation: Conversation,
    question: str,
    scope: str,
    max_chars: int,
    *,
    plain: bool = False,
) -> Conversation:
    """Ask, and return the conversation with the answer, or with a German error message."""
    try:
        _check(question, conversation, max_chars)
        answer = service.ask(question, history(conversation), read_scope(scope), plain=plain)
    except Exception as error:
        return (*conversation, Exchange(question[: MAX_SHOWN_CHARS + 1], error=explain(error)))
    return (*conversation, Exchange(question, answer, mark=store.new_id()))


def _check(question: str, conversation: Conversation, max_chars: int) -> None:
    if len(question) > max_chars:
        raise QuestionError(
            f"Die Frage hat {len(question)} Zeichen, erlaubt sind {max_chars}. "
            "Bitte kürzen Sie sie."
        )
    if len(conversation) >= MAX_EXCHANGES:
        raise QuestionError(
            f"Dieses Gespräch hat schon {MAX_EXCHANGES} Fragen. Bitte beginnen Sie ein neues."
        )


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """Return the conversation as turns, oldest first; failed questions are left out."""
    turns: list[Turn] = []
    for exchange in conversation:
        if exchange.answer is not None:
            said = " ".join(segment.text for segment in exchange.answer.segments)
            turns += [Turn("user", exchange.question), Turn("assistant", said)]
    return tuple(turns[-MAX_HISTORY:])


def announcement(exchange: Exchange) -> str:
    """Say in a few words how a question ended, for a screen reader."""
    answer = exchange.answer
    if answer is None or answer.status == "error":
        return "Die Frage konnte nicht beantwortet werden."
    if answer.status in ("answered", "partial"):
        count = len(answer.citations)
        return f"Antwort mit {'einer Quelle' if count == 1 else f'{count} Quellen'} liegt vor."
    return "Rückfrage liegt vor." if answer.status == "clarify" else "Dazu gibt es keine Antwort."


def rated(
    feedback: Feedback, conversation: Conversation, given: Mapping[str, object]
) -> tuple[Conversation, str]:
    """Store what a reader says of an answer, or take it back; return also what to announce.

    ``given`` has the name of what was pressed and, from the form, ``reason``, ``keep`` and
    ``remark``. What can't be stored is said under the answer.
    """
    target = targets.read_rating(given.get("name"))
    if target is None or target.exchange >= len(conversation):
        return conversation, ""
    exchange = conversation[target.exchange]
    if exchange.answer is None:
        return conversation, ""
    try:
        entry = _stored(feedback, conversation, target, given)
    except Exception as error:
        trouble = explain(error)
        after, words = replace(exchange, trouble=trouble), trouble
    else:
        after = replace(exchange, rated=entry, trouble="")
        words = rating.thanks(entry) if entry else "Ihre Bewertung ist zurückgenommen."
    at = target.exchange
    return (*conversation[:at], after, *conversation[at + 1 :]), words


def _stored(
    feedback: Feedback,
    conversation: Conversation,
    target: targets.RatingTarget,
    given: Mapping[str, object],
) -> Entry | None:
    """Store a rating, or delete it; without consent nothing of question and answer goes along."""
    exchange = conversation[target.exchange]
    if target.choice == "back":
        feedback.withdraw(exchange.mark)
        return None
    answer = exchange.answer
    if answer is None:
        raise UnknownItemError("Diese Antwort gibt es nicht mehr. Bitte laden Sie die Seite neu.")
    if target.choice == "up":
        entry = store.entry(exchange.mark, feedback.today(), answer, "up")
    else:
        reason = next((reason for reason in rating.REASONS if reason == given.get("reason")), None)
        kept = None
        if given.get("keep") is True:
            follow_up = bool(history(conversation[: target.exchange]))
            kept = Kept(answer, follow_up, str(given.get("remark") or ""), feedback.settings)
        entry = store.entry(exchange.mark, feedback.today(), answer, "down", reason, kept)
    feedback.put(entry)
    return entry


def question_of(service: Service, conversation: Conversation, name: object) -> str:
    """Return the suggestion or example of that name; empty when there is none."""
    target = targets.read_question(name)
    offered: tuple[str, ...] = ()
    if target and target.exchange is None:
        known = overview_or_reason(service)
        offered = () if isinstance(known, str) else known.examples
    elif target and target.exchange is not None and target.exchange < len(conversation):
        answer = conversation[target.exchange].answer
        offered = answer.suggestions if answer else ()
    return offered[target.number] if target and target.number < len(offered) else ""


def collection(
    service: Service, ways: Sequence[overview.Way] = ()
) -> tuple[str, str, list[tuple[str, str]]]:
    """Return header, empty state and scopes for what the collection holds now."""
    known = overview_or_reason(service)
    if isinstance(known, str):
        return overview.header(overview.CLOSED, ways), overview.failure(known), scopes(None)
    header = overview.header(overview.holdings(known), ways)
    return header, overview.welcome(known), scopes(known)


def overview_or_reason(service: Service) -> Overview | str:
    """Return the overview, or the German message why there is none."""
    try:
        return service.overview()
    except Exception as error:
        return explain(error)


def first_source(service: Service, conversation: Conversation) -> str:
    """Return the panel for the first citation of the last answer; empty when it has none."""
    exchange = len(conversation) - 1
    answer = conversation[exchange].answer
    if answer is None or not answer.citations:
        return ""
    number = min(citation.number for citation in answer.citations)
    return source(service, conversation, targets.source(exchange, number))


def source(service: Service, conversation: Conversation, name: object) -> str:
    """Return the panel for the source of that name, or one that says why it can't be shown."""
    try:
        return panel.source(_source(service, conversation, name))
    except Exception as error:
        return panel.failure(explain(error))


def _source(service: Service, conversation: Conversation, name: object) -> panel.Source:
    target = targets.read_source(name)
    answer = (
        conversation[target.exchange].answer
        if target and target.exchange < len(conversation)
        else None
    )
    cited = answer.citations if answer else ()
    citation = next((c for c in cited if target and c.number == target.number), None)
    if target is None or citation is None:
        raise UnknownItemError("Diese Quelle gehört zu keiner Antwort dieses Gesprächs.")
    document = service.document(citation.document, citation.version)
    passage = service.passage(citation.passage)
    page = citation.page_index if target.page is None else target.page
    if page is not None and not 0 <= page < max(len(document.page_labels), 1):
        raise UnknownItemError(f"Das Dokument „{document.title}“ hat keine Seite {page + 1}.")
    return panel.Source(target.exchange, citation, document, passage, page)


def scopes(held: Overview | None) -> list[tuple[str, str]]:
    """Return what a question can be limited to, as pairs of name and value."""
    choices = [(WHOLE_COLLECTION, "")]
    if held is None:
        return choices
    choices += [
        (workshop_name(workshop.number, workshop.theme), f"{_WORKSHOP}{workshop.number}")
        for workshop in overview.known_workshops(held)
    ]
    documents = sorted(held.documents, key=lambda document: document.title.casefold())
    return choices + [
        (f"{document.category}: {document.title}", f"{_DOCUMENT}{document.id}")
        for document in documents
        if document.workshop is None and document.category != _NOT_OFFERED
    ]


def read_scope(value: object) -> Scope:
    """Read the value of a choice. Raises QuestionError for anything else."""
    if not value:
        return Scope()
    if isinstance(value, str):
        workshop = value.removeprefix(_WORKSHOP)
        if value.startswith(_WORKSHOP) and workshop.isdecimal() and len(workshop) <= 4:
            return Scope(workshop=int(workshop))
        if value.startswith(_DOCUMENT):
            return Scope(document=value.removeprefix(_DOCUMENT))
    raise QuestionError("Diesen Suchbereich gibt es nicht. Bitte wählen Sie einen anderen.")


def explain(error: Exception) -> str:
    """Return the German message for an error.

    One that nobody raised on purpose is logged by kind and place alone: its text may hold what
    a person asked.
    """
    if isinstance(error, SozialraumError):
        return str(error)
    frames: Sequence[traceback.FrameSummary] = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    _log.error("unexpected %s in %s", type(error).__name__, place)
    return (
        f"Es ist ein unerwarteter Fehler aufgetreten ({type(error).__name__}). Bitte fragen Sie "
        "noch einmal; bleibt es dabei, hilft „sozialraum doctor“ beim Suchen."
    )
