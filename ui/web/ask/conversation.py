"""What the page does between an event and its rendering: ask, find a source, offer scopes.

No gradio in here. Everything that comes from the browser is checked here.
"""

import logging
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.answer.cite import cite
from assistant.answer.units import Run
from assistant.evaluation import feedback as store
from assistant.evaluation.feedback import Entry, Feedback, Kept
from assistant.types import Answer, Citation, Turn
from corpus.errors import SozialraumError, UnknownItemError
from corpus.types import Document
from ui.export.memo import change
from ui.records import Records
from ui.service import Overview, Service
from ui.web import overview, targets
from ui.web.answer import panel, rating
from ui.web.answer.render import Exchange
from ui.web.ask import facets_view
from ui.web.ask.facets import FACETS, Limits, groups

Conversation = tuple[Exchange, ...]

# Follow-ups refer to what was said last; older turns only slow the search down.
MAX_HISTORY = 12

_log = logging.getLogger(__name__)


def history(conversation: Conversation) -> tuple[Turn, ...]:
    """Return the conversation as turns, oldest first; failed questions are left out."""
    turns: list[Turn] = []
    for exchange in conversation:
        if exchange.answer is not None:
            said = " ".join(segment.text for segment in exchange.answer.segments)
            turns += [Turn("user", exchange.question), Turn("assistant", said)]
    return tuple(turns[-MAX_HISTORY:])


def recorded(service: Service, records: Records, conversation: Conversation) -> Conversation:
    """Remember the last answer, so that it can be taken away."""
    *before, last = conversation
    if last.answer is None or last.answer.status == "error":
        return conversation
    held = overview_or_reason(service)
    embedder, writer = ("", "") if isinstance(held, str) else (held.embedder, held.writer)
    record = records.remember(last.answer, embedder=embedder, writer=writer)
    return (*before, replace(last, record=record.id))


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


def collection(service: Service) -> tuple[str, str, Overview | None]:
    """Return header and empty state for what the collection holds now, and the overview if any."""
    known = overview_or_reason(service)
    if isinstance(known, str):
        return overview.header(overview.CLOSED), overview.failure(known), None
    return overview.header(overview.holdings(known)), overview.welcome(known), known


def words_of(conversation: Conversation, name: object) -> str:
    """Return the question, or what was searched, that is to go back into the box."""
    target = targets.read_action(name)
    if target is None or target.exchange >= len(conversation):
        return ""
    exchange = conversation[target.exchange]
    if target.action == "query":
        return exchange.answer.query if exchange.answer else ""
    return exchange.question


def limited(service: Service, limits: Limits, name: object) -> tuple[Limits, str]:
    """Return the limits after a press, and how they are shown."""
    known = overview_or_reason(service)
    if isinstance(known, str):
        return limits, facets_view.control(limits, None)
    after = Limits() if name == targets.LIMIT_ALL else _pressed(limits, known, name)
    return after, facets_view.control(after, known)


def _pressed(limits: Limits, held: Overview, name: object) -> Limits:
    target = targets.read_limit(name)
    if target is None:
        return limits
    if target.option is None:
        return limits.without(*(facet for facet in FACETS if facet == target.dropped))
    group, number = target.option
    offered = groups(held)
    if group >= len(offered) or number >= len(offered[group].options):
        return limits
    option = offered[group].options[number]
    return limits.without(option.facet) if option in limits.chosen else limits.within(option)


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
    if near := targets.read_nearby(name):
        return _nearby(service, conversation, near)
    target = targets.read_source(name)
    answer = _answer_at(conversation, target)
    cited = answer.citations if answer else ()
    citation = next((c for c in cited if target and c.number == target.number), None)
    if target is None or citation is None:
        raise UnknownItemError("Diese Quelle gehört zu keiner Antwort dieses Gesprächs.")
    document = service.document(citation.document, citation.version)
    passage = service.passage(citation.passage)
    page = _page(document, target, citation)
    since = change(service.standing(citation))
    return panel.Source(target.exchange, citation, document, passage, page, since)


def _nearby(
    service: Service, conversation: Conversation, target: targets.SourceTarget
) -> panel.Source:
    answer = _answer_at(conversation, target)
    if answer is None or target.number >= len(answer.nearby):
        raise UnknownItemError("Diese Stelle gehört zu keiner Antwort dieses Gesprächs.")
    near = answer.nearby[target.number]
    document = service.document(near.document, near.version)
    passage = service.passage(near.passage)
    whole = Run(passage, 0, len(passage.sentences) - 1, 0.0)
    (citation,) = cite([whole], {document.id: document})[1]
    page = _page(document, target, citation)
    return panel.Source(*(target.exchange, citation, document, passage, page), nearby=target.number)


def _answer_at(conversation: Conversation, target: targets.SourceTarget | None) -> Answer | None:
    if target is None or target.exchange >= len(conversation):
        return None
    return conversation[target.exchange].answer


def _page(document: Document, target: targets.SourceTarget, citation: Citation) -> int | None:
    page = citation.page_index if target.page is None else target.page
    if page is not None and not 0 <= page < max(len(document.page_labels), 1):
        raise UnknownItemError(f"Das Dokument „{document.title}“ hat keine Seite {page + 1}.")
    return page


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
