"""The tab „Rückmeldungen“ as German HTML: inbox, gaps, counts. Pure; fenced."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.evaluation.feedback import KEPT_DAYS, Count, Entry, Inbox, Kept, Reason
from assistant.evaluation.triage import Gap
from assistant.types import Answer, AnswerStatus, Citation
from corpus.dates import german_date
from ui.markup import Html, fence, items, join, lines, tag
from ui.web import targets
from ui.web.answer.rating import REASONS
from ui.web.answer.render import framed, table
from ui.wording import where

ALL = "all"
STATES = {"open": "Offen", "done": "Erledigt", ALL: "Alle"}
_STATUS: dict[AnswerStatus, str] = {
    "answered": "beantwortet",
    "partial": "teilweise beantwortet",
    "refused": "abgelehnt",
    "clarify": "nachgefragt",
    "error": "fehlgeschlagen",
}
# More than one looks through; filters and the export reach the rest.
MAX_LISTED = 50
MAX_TITLE_CHARS = 140


@dataclass(frozen=True, slots=True)
class Notice:
    """What came of the last press, in German."""

    words: str
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a visitor of the tab has chosen."""

    state: str = "open"
    """One of ``STATES``."""
    reason: str = ALL
    selected: str = ""
    """Id of the entry that is shown, or empty."""
    asking: str = ""
    """What waits for a second press: ``delete``, ``clear``, or empty."""
    notice: Notice | None = None


def off() -> Html:
    """Render the tab where there is no store."""
    return fence(tag("p", "Rückmeldungen werden hier nicht gesammelt.", class_="lead"))


def failure(message: str) -> Html:
    """Render the tab when the store can't be read."""
    return fence(tag("p", lines(message), class_="notice wrong", role="status"))


def tab(inbox: Inbox, gaps: Sequence[Gap], view: View, can_draft: bool) -> Html:
    """Render the tab. ``can_draft`` tells whether there is a golden set to write to."""
    parts = [_notice(view), _damage(inbox)]
    if inbox.counts:
        parts += [_inbox(inbox, view, can_draft), _gaps(gaps), _counts(inbox.counts), _clear(view)]
    else:
        words = "Noch hat niemand eine Antwort bewertet; das geht unter jeder Antwort."
        parts.append(tag("p", words, class_="lead", tabindex="-1"))
    return fence(join(*parts), report=True)


def _notice(view: View) -> Html:
    words = view.notice.words if view.notice else ""
    kind = "notice wrong" if view.notice and view.notice.wrong else "notice"
    return tag("p", lines(words), class_=kind, role="status")


def _damage(inbox: Inbox) -> Html:
    if not inbox.set_aside:
        return Html()
    files = ", ".join(str(path) for path in inbox.set_aside)
    words = (
        "Einige gespeicherte Rückmeldungen waren nicht lesbar und liegen nun abseits; die anderen "
        f"sind unversehrt. Bitte sehen Sie nach, ob der Datenträger in Ordnung ist: {files}"
    )
    return tag("p", words, class_="notice wrong")


# The inbox


def _inbox(inbox: Inbox, view: View, can_draft: bool) -> Html:
    kept = [entry for entry in inbox.entries if entry.kept]
    silent = len(inbox.entries) - len(kept)
    listed = [entry for entry in kept if _fits(entry, view)]
    selected = next((entry for entry in kept if entry.id == view.selected), None)
    chosen = tag("div", _detail(selected, view, can_draft), class_="detail") if selected else Html()
    return tag(
        "section",
        tag("h2", "Eingang", tabindex="-1"),
        tag("p", _silent(silent), class_="hint") if silent else Html(),
        _filters(view) if kept else Html(),
        tag("div", _list(listed, view, bool(kept)), chosen, class_="inbox"),
    )


def _fits(entry: Entry, view: View) -> bool:
    in_state = view.state == ALL or entry.done == (view.state == "done")
    return in_state and view.reason in (ALL, entry.reason)


def _silent(count: int) -> str:
    ratings = "Eine Bewertung kam" if count == 1 else f"{count} Bewertungen kamen"
    return f"{ratings} ohne Frage und Antwort; sie stehen nur in den Zahlen."


def _filters(view: View) -> Html:
    states = [_choice("state", key, words, view.state) for key, words in STATES.items()]
    reasons = [(ALL, "Alle Gründe"), *REASONS.items()]
    chosen = [_choice("reason", key, words, view.reason) for key, words in reasons]
    return tag(
        "div",
        tag("div", *states, class_="pills", role="group", aria_label="Zustand"),
        tag("div", *chosen, class_="pills", role="group", aria_label="Grund"),
        class_="filters",
    )


def _choice(action: str, key: str, words: str, chosen: str) -> Html:
    pressed = "true" if key == chosen else "false"
    return tag(
        "button", words, id=targets.feedback(action, key), class_="pill", aria_pressed=pressed
    )


def _list(entries: Sequence[Entry], view: View, any_kept: bool) -> Html:
    if not entries:
        words = "Hier ist nichts." if any_kept else "Noch hat niemand eine Frage mitgeschickt."
        return tag("p", words, class_="hint")
    buttons = [
        tag(
            "button",
            tag("span", _shortened(entry.kept.question if entry.kept else ""), class_="asked"),
            tag("span", _facts(entry), class_="facts"),
            id=targets.feedback("show", entry.id),
            class_="entry",
            aria_pressed="true" if entry.id == view.selected else "false",
        )
        for entry in entries[:MAX_LISTED]
    ]
    left_out = len(entries) - len(buttons)
    rest = tag("p", f"{left_out} ältere sind hier nicht gezeigt.", class_="hint")
    return tag("div", items(buttons, class_="entries"), rest if left_out else Html())


def _shortened(question: str) -> str:
    long = len(question) > MAX_TITLE_CHARS
    return f"{question[:MAX_TITLE_CHARS]} …" if long else question


def _facts(entry: Entry) -> str:
    """Say in one line: reason, how it was answered, day, state."""
    rating = REASONS[entry.reason] if entry.reason else "hilfreich"
    state = "erledigt" if entry.done else ""
    parts = (rating, _STATUS[entry.status], german_date(entry.day.isoformat()), state)
    return " · ".join(part for part in parts if part)


def _detail(entry: Entry, view: View, can_draft: bool) -> Html:
    if entry.kept is None:
        return Html()
    answer = entry.kept.answer
    return join(
        tag("h3", lines(answer.question), tabindex="-1", id="feedback-chosen"),
        tag("p", _facts(entry), class_="facts"),
        tag("p", "Gesucht nach: ", tag("em", answer.query), class_="facts")
        if entry.kept.follow_up
        else Html(),
        _remark(entry.kept),
        tag("h4", "So wurde geantwortet"),
        _answer(answer),
        _actions(entry, view, can_draft),
    )


def _remark(kept: Kept) -> Html:
    if not kept.remark:
        return Html()
    quote = tag("blockquote", tag("p", lines(kept.remark)))
    return join(tag("h4", "Bemerkung"), quote)


def _answer(given: Answer) -> Html:
    """Show the answer plainly: nothing in it can be pressed here."""
    refusal = tag("p", lines(given.refusal.hint), class_="refused") if given.refusal else Html()
    numbers = {citation.key: citation.number for citation in given.citations}
    said = [
        _segment(segment.text, [numbers[key] for key in segment.citations if key in numbers])
        for segment in given.segments
    ]
    sources = [_source(citation) for citation in given.citations]
    near = items(given.suggestions) if given.suggestions else Html()
    return tag(
        "div",
        refusal,
        *said,
        join(tag("h4", "Quellen"), items(sources)) if sources else Html(),
        join(tag("h4", "Angeboten wurden"), near) if near else Html(),
        class_="given",
    )


def _segment(text: str, numbers: Sequence[int]) -> Html:
    marks = " ".join(f"[{number}]" for number in numbers)
    if "\t" in text:
        return join(table(text), tag("p", marks))
    return tag("p", join(lines(text), marks, by=" "))


def _source(citation: Citation) -> Html:
    stands = " · ".join(part for part in (citation.title, where(citation)) if part)
    return join(f"[{citation.number}] {stands}")


def _actions(entry: Entry, view: View, can_draft: bool) -> Html:
    if view.asking == "delete":
        return tag(
            "div",
            tag("p", "Diese Rückmeldung endgültig löschen?"),
            _button("remove", entry.id, "Ja, löschen", "strong"),
            _button("cancel", "", "Abbrechen"),
            class_="actions asking",
        )
    drafted = tag("p", f"Vorgemerkt als Prüffrage „{entry.item}“.", class_="facts")
    settled = _button("reopen", entry.id, "Wieder öffnen")
    return tag(
        "div",
        drafted if entry.item else Html(),
        _button("draft", entry.id, "Als Prüffrage vormerken", "strong")
        if can_draft and not entry.item
        else Html(),
        settled if entry.done else _button("done", entry.id, "Erledigt"),
        _button("delete", entry.id, "Löschen"),
        class_="actions",
    )


def _button(action: str, what: str, words: str, kind: str = "") -> Html:
    return tag("button", words, id=targets.feedback(action, what), class_=f"action {kind}".strip())


# What the collection doesn't say


def _gaps(gaps: Sequence[Gap]) -> Html:
    heading = tag("h2", "Wissenslücken")
    if not gaps:
        words = (
            "Abgelehnte und schlecht bewertete Fragen stehen hier, sobald jemand eine mitschickt."
        )
        return tag("section", heading, tag("p", words, class_="hint"))
    words = "Abgelehnte und schlecht bewertete Fragen; fast gleiche sind zusammengefasst."
    export = tag(
        "a",
        "Als Tabelle herunterladen (CSV)",
        href="/rueckmeldungen/wissensluecken.csv",
        download="wissensluecken.csv",
    )
    rows = [
        (gap.question, str(gap.count), _days(gap), _reasons(gap), items(gap.nearest))
        for gap in gaps[:MAX_LISTED]
    ]
    head = ("Frage", "Anzahl", "Tage", "Gründe", "Am nächsten in der Sammlung")
    return tag(
        "section", heading, tag("p", words, class_="hint"), _grid(head, rows), tag("p", export)
    )


def _days(gap: Gap) -> str:
    first, last = (_short(day) for day in (gap.first, gap.last))
    return first if first == last else f"{first} bis {last}"


def _short(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _reasons(gap: Gap) -> str:
    return ", ".join(REASONS[reason] for reason in gap.reasons)


# Counts


def _counts(counts: Sequence[Count]) -> Html:
    """Show ratings by month, and why those were bad that were; where nothing is, a dash."""
    months = dict.fromkeys(count.month for count in counts)
    head = ("Monat", "hilfreich", "nicht hilfreich", *REASONS.values())
    rows = [
        (german_date(month), *_numbers(c for c in counts if c.month == month)) for month in months
    ]
    words = (
        "Alle Bewertungen, und warum etwas nicht hilfreich war; auch solche, deren Wortlaut nach "
        f"{KEPT_DAYS} Tagen gelöscht ist."
    )
    return tag("section", tag("h2", "Zahlen"), tag("p", words, class_="hint"), _grid(head, rows))


def _numbers(counts: Iterable[Count]) -> list[str]:
    found: Counter[str | Reason] = Counter()
    for count in counts:
        found[count.rating] += count.count
        if count.reason:
            found[count.reason] += count.count
    return [str(found[key]) if found[key] else "–" for key in ("up", "down", *REASONS)]


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Make a table; the first cell of a row names it."""
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:]))
        for row in rows
    ]
    columns = tag("tr", *(tag("th", words, scope="col") for words in head))
    return framed(tag("thead", columns), tag("tbody", *body))


def _clear(view: View) -> Html:
    if view.asking != "clear":
        return tag("section", _button("clear", "", "Alle Rückmeldungen löschen"), class_="clear")
    return tag(
        "section",
        tag("p", "Wirklich alles löschen, auch die Zahlen? Das lässt sich nicht zurücknehmen."),
        _button("clearall", "", "Ja, alles löschen", "strong"),
        _button("cancel", "", "Abbrechen"),
        class_="clear asking",
    )
