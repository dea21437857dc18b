"""The page for asking: its events, nothing else."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.evaluation.feedback import Feedback
from ui.history import History
from ui.records import Records
from ui.service import Service
from ui.web import overview as holdings
from ui.web.answer import rating, render
from ui.web.ask import asking, facets_view, history_tab
from ui.web.ask import conversation as talk
from ui.web.ask.asking import Halt
from ui.web.ask.conversation import Conversation
from ui.web.ask.facets import QUESTION, Limits, read_address
from ui.web.ask.history_desk import Desk
from ui.web.ask.layout import Parts, lay_out
from ui.web.ask.turns import Turns
from ui.web.frame import QUIET, Frame, bare, in_language, name, sent

# Questions answered at the same time on the two cores measured; the others wait their turn.
CONCURRENT_QUESTIONS = 2
# Questions that are shown where they stand in the line. Each waits in a thread of its own, of the
# 40 that gradio has for all that is pressed.
LINE = 16

Changes = dict[Any, Any]
"""New values of parts of the page."""


def build(
    page: gr.Blocks,
    frame: Frame,
    service: Service,
    feedback: Feedback | None,
    records: Records,
    history: History,
    max_question_chars: int,
) -> None:
    """Lay out the page and wire it. Nothing of ``service`` is called before a browser asks.

    Without ``feedback`` answers can't be rated.
    """
    parts = lay_out(frame)
    rateable = feedback is not None
    desk = _Desk(
        parts, service, records, max_question_chars, Turns(CONCURRENT_QUESTIONS), rateable=rateable
    )
    _wire_asking(parts, desk)
    _wire_rest(page, parts, desk)
    history_tab.wire(page, parts, Desk(records, history), service, rateable=rateable)
    if feedback:
        gr.HTML(rating.forms(), elem_id="rating-forms", **bare())
        _wire_rating(parts, feedback)


def _wire_asking(parts: Parts, desk: "_Desk") -> None:
    state = [parts.limits, parts.plain, parts.asked, parts.draft, parts.halt]
    answering = {
        "outputs": [
            *(parts.asked, parts.shown, parts.welcome, parts.question, parts.status),
            *(parts.panel, parts.draft, parts.replacing),
        ],
        "concurrency_limit": CONCURRENT_QUESTIONS + LINE,
        "concurrency_id": "questions",
        **QUIET,
    }
    asked = [parts.question.submit, parts.send.click]
    gr.on(asked, in_language(desk.ask), [parts.question, *state], **answering)
    for part in (parts.shown, parts.welcome):
        part.suggest(in_language(desk.suggest), state, **answering)
        part.anew(in_language(desk.ask_anew), state, **answering)
    parts.stop.click(desk.stop, [parts.halt], None, **QUIET)


def _wire_rest(page: gr.Blocks, parts: Parts, desk: "_Desk") -> None:
    for part in (parts.shown, parts.panel):
        part.open(in_language(desk.open_source), [parts.asked], [parts.panel], **QUIET)
    drafted = [parts.question, parts.draft, parts.replacing]
    parts.shown.edit(in_language(desk.edit), [parts.asked], drafted, **QUIET)
    parts.replacing.cancel(desk.keep, None, drafted, **QUIET)
    # One after the other, so that each sees what the one before it has chosen.
    limits = [parts.limits, parts.scope]
    limit = in_language(desk.limit)
    parts.scope.limit(limit, [parts.limits], limits, concurrency_limit=1, **QUIET)
    cleared = [parts.asked, parts.shown, parts.welcome, parts.panel, *drafted]
    parts.again.click(in_language(desk.reset), None, cleared, **QUIET)
    opened = [parts.header, parts.welcome, *limits, parts.question, parts.status]
    page.load(in_language(desk.load), None, opened, **QUIET)


def _wire_rating(parts: Parts, feedback: Feedback) -> None:
    @in_language
    def rate(event: gr.EventData, before: Conversation) -> tuple[Conversation, str, str]:
        after, words = talk.rated(feedback, before, sent(event))
        return after, render.conversation(after, rateable=True), holdings.announcement(words)

    # One after the other, so that each sees what the one before it has changed.
    outputs = [parts.asked, parts.shown, parts.status]
    parts.shown.rate(rate, [parts.asked], outputs, concurrency_limit=1, **QUIET)


@dataclass(frozen=True, slots=True)
class _Desk:
    """What happens when something on the page is pressed."""

    parts: Parts
    service: Service
    records: Records
    max_chars: int
    turns: Turns
    rateable: bool

    def ask(
        self,
        words: str,
        limits: Limits,
        plain: bool,
        before: Conversation,
        draft: bool,
        halt: Halt,
    ) -> Iterator[Changes]:
        """Ask, showing each step; a draft takes the last question's place."""
        if not words.strip():
            yield {
                self.parts.status: holdings.announcement("Bitte schreiben Sie zuerst eine Frage.")
            }
            return
        kept = before[:-1] if draft else before
        halt.wanted, shown = False, before
        with closing(
            asking.asking(
                *(self.service, kept, words, limits, self.max_chars, self.turns),
                plain=plain is True,
            )
        ) as steps:
            for after in steps:
                if halt.wanted:
                    yield self._stopped(before, words, draft=draft)
                    return
                if after[-1].stage == "done":
                    yield self._finished(after, words)
                elif after != shown:
                    yield self._working(after, is_first=shown is before)
                shown = after

    def suggest(
        self,
        event: gr.EventData,
        limits: Limits,
        plain: bool,
        before: Conversation,
        draft: bool,
        halt: Halt,
    ) -> Iterator[Changes]:
        """Ask a question that was offered."""
        words = talk.question_of(self.service, before, name(event))
        yield from self.ask(words, limits, plain, before, False, halt)

    def ask_anew(
        self,
        limits: Limits,
        plain: bool,
        before: Conversation,
        draft: bool,
        halt: Halt,
    ) -> Iterator[Changes]:
        """Ask the last question again, as the choices stand now."""
        words = before[-1].question if before else ""
        yield from self.ask(words, limits, plain, before, True, halt)

    def _working(self, after: Conversation, *, is_first: bool) -> Changes:
        shown = {self.parts.shown: render.conversation(after, rateable=self.rateable)}
        if not is_first:
            return shown
        return {
            **shown,
            self.parts.welcome: "",
            self.parts.question: "",
            self.parts.replacing: "",
            self.parts.status: holdings.announcement(
                "Ihre Frage wartet." if after[-1].ahead else "Die Suche läuft."
            ),
        }

    def _finished(self, after: Conversation, words: str) -> Changes:
        after = talk.recorded(self.service, self.records, after)
        changes = {
            self.parts.asked: after,
            self.parts.draft: False,
            self.parts.replacing: "",
            self.parts.welcome: "",
            self.parts.shown: render.conversation(after, rateable=self.rateable),
            self.parts.status: holdings.announcement(talk.announcement(after[-1])),
            self.parts.panel: talk.first_source(self.service, after),
        }
        # What is typed meanwhile stays.
        return {**changes, self.parts.question: words} if after[-1].error else changes

    def _stopped(self, before: Conversation, words: str, *, draft: bool) -> Changes:
        """Leave everything as it was before, the question in its box."""
        welcome = "" if before else talk.collection(self.service)[1]
        return {
            self.parts.shown: render.conversation(before, rateable=self.rateable),
            self.parts.welcome: welcome,
            self.parts.question: words,
            self.parts.draft: draft,
            self.parts.replacing: holdings.replacing() if draft else "",
            self.parts.status: holdings.announcement(
                "Angehalten. Ihre Frage steht wieder im Fragefeld."
            ),
        }

    def stop(self, halt: Halt) -> None:
        """Want no answer any more."""
        halt.wanted = True

    def edit(self, event: gr.EventData, before: Conversation) -> Changes:
        """Put the last question into the box, to take its place; or what was searched."""
        words = talk.words_of(before, name(event))
        if not words:
            return {}
        draft = str(name(event)).startswith("edit-")
        shown = holdings.replacing() if draft else ""
        return {
            self.parts.question: words,
            self.parts.draft: draft,
            self.parts.replacing: shown,
        }

    def keep(self) -> Changes:
        """Let the last question stay."""
        return {self.parts.question: "", self.parts.draft: False, self.parts.replacing: ""}

    def limit(self, event: gr.EventData, limits: Limits) -> tuple[Limits, str]:
        """Limit the search, or lift a limit."""
        return talk.limited(self.service, limits, name(event))

    def open_source(self, event: gr.EventData, before: Conversation) -> str:
        """Show a source."""
        return talk.source(self.service, before, name(event))

    def load(self, request: gr.Request) -> Changes:
        """Show what the collection holds, limited as the address says."""
        header, welcome, held = talk.collection(self.service)
        query = dict(request.query_params)
        limits, unknown = read_address(query, held) if held else (Limits(), ())
        notice = holdings.notice(unknown) if unknown else ""
        changes = {
            self.parts.header: header,
            self.parts.welcome: notice + welcome,
            self.parts.limits: limits,
            self.parts.scope: facets_view.control(limits, held),
            self.parts.status: holdings.announcement(" ".join(unknown)),
        }
        if words := str(query.get(QUESTION, ""))[: self.max_chars]:
            changes[self.parts.question] = words
        return changes

    def reset(self) -> Changes:
        """Begin a new conversation; what the search is limited to stays."""
        empty = {part: "" for part in (self.parts.shown, self.parts.panel, self.parts.question)}
        return {
            **empty,
            self.parts.asked: (),
            self.parts.welcome: talk.collection(self.service)[1],
            self.parts.draft: False,
            self.parts.replacing: "",
        }
