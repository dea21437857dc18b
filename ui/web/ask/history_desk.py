"""What happens in the drawer „Gespräche“. No gradio; all that comes from the browser is checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.evaluation.feedback import new_id
from corpus.errors import SozialraumError, UnknownItemError
from ui.history import History, Talk, Talks, find, grown, renamed, without
from ui.markup import Html
from ui.records import Record, Records
from ui.web.answer.render import Exchange
from ui.web.ask import history_view
from ui.web.ask.conversation import Conversation
from ui.web.ask.history_view import Pressed


@dataclass(frozen=True, slots=True)
class Shelf:
    """The conversations of one page, and whose they are."""

    owner: str = ""
    talks: Talks = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has changed."""

    shelf: Shelf
    drawer: Html
    shown: Conversation | None = None
    """The conversation the page shows from now on; None: it stays as it is."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The drawer over one store. Safe for several threads."""

    records: Records
    history: History

    def opened(self, owner: str) -> Outcome:
        """Fetch what is kept for whoever opens the page."""
        try:
            return self._told(Shelf(owner, self.history.read(owner)), ())
        except SozialraumError as fault:
            return self._told(Shelf(owner), (), trouble=str(fault))

    def followed(self, shelf: Shelf, asked: Conversation) -> Outcome | None:
        """Take in what has been asked since; None: nothing has."""
        known = {record.id: record for talk in shelf.talks for record in talk.records}
        found = [self._record(exchange.record, known) for exchange in asked]
        answered = [record for record in found if record is not None]
        if not answered:
            return self._told(shelf, asked)
        if any(talk.records == tuple(answered) for talk in shelf.talks):
            return None
        talks, talk = grown(shelf.talks, answered)
        return self._written(replace(shelf, talks=talks), talk, asked)

    def pressed(self, shelf: Shelf, asked: Conversation, given: Mapping[str, object]) -> Outcome:
        """Do what was pressed; ``given`` has its name and, from the form, ``title``."""
        done = history_view.read(given.get("name"))
        talk = find(shelf.talks, done.id)
        if talk is None or done.action in ("rename", "delete"):
            return self._told(shelf, asked, done)
        if done.action == "open":
            return self._shown(shelf, talk)
        if done.action == "save":
            talks = renamed(shelf.talks, talk.id, str(given.get("title") or ""))
            new = find(talks, talk.id) or talk
            return self._written(replace(shelf, talks=talks), new, asked)
        return self._deleted(shelf, talk, asked)

    def _shown(self, shelf: Shelf, talk: Talk) -> Outcome:
        for record in talk.records:
            self.records.recall(record)
        asked = tuple(
            Exchange(r.answer.question, r.answer, mark=new_id(), record=r.id) for r in talk.records
        )
        return replace(self._told(shelf, asked), shown=asked)

    def _deleted(self, shelf: Shelf, talk: Talk, asked: Conversation) -> Outcome:
        try:
            self.history.delete(shelf.owner, talk.id)
        except SozialraumError as fault:
            return self._told(shelf, asked, trouble=str(fault))
        left = replace(shelf, talks=without(shelf.talks, talk.id))
        if _first(asked) != talk.records[0].id:
            return self._told(left, asked)
        return replace(self._told(left, ()), shown=())

    def _written(self, shelf: Shelf, talk: Talk, asked: Conversation) -> Outcome:
        try:
            self.history.write(shelf.owner, talk)
        except SozialraumError as fault:
            return self._told(shelf, asked, trouble=str(fault))
        return self._told(shelf, asked)

    def _record(self, id: str, known: Mapping[str, Record]) -> Record | None:
        try:
            return known.get(id) or (self.records.find(id) if id else None)
        except UnknownItemError:
            return None

    def _told(
        self,
        shelf: Shelf,
        asked: Sequence[Exchange],
        pressed: Pressed | None = None,
        trouble: str = "",
    ) -> Outcome:
        drawer = history_view.drawer(
            shelf.talks,
            is_kept=self.history.is_kept,
            shown=_first(asked),
            pressed=pressed,
            trouble=trouble,
        )
        return Outcome(shelf, drawer)


def _first(asked: Sequence[Exchange]) -> str:
    """Return the id of the first answer, by which a conversation is known."""
    return next((exchange.record for exchange in asked if exchange.record), "")
