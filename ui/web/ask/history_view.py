"""The drawer „Gespräche“ as German HTML, and the names of what can be pressed in it. Pure.

talk-open-ID   takes a conversation up again      talk-rename-ID   asks for another title
talk-save-ID   gives it that title                talk-delete-ID   asks whether to delete it
talk-really-ID deletes it                         talk-back        leaves everything as it is
"""

import re
from typing import NamedTuple

from ui.export.memo import moment
from ui.history import MAX_TITLE_CHARS, Talk, Talks
from ui.markup import Html, fence, foreign, items, join, tag

_NAME = re.compile(r"talk-(open|rename|save|delete|really|back)(?:-([0-9a-f]{32}))?")
_HERE = "Ihre Gespräche bleiben nur auf dieser Seite, bis Sie sie schließen oder neu laden."
_KEPT = "Ihre Gespräche werden auf dem Server aufbewahrt, bis Sie sie löschen."


class Pressed(NamedTuple):
    """What is to be done, and with which conversation."""

    action: str
    id: str


def read(name: object) -> Pressed:
    """Read what was pressed; nothing is to be done for anything else."""
    found = _NAME.fullmatch(name) if isinstance(name, str) else None
    return Pressed(found[1], found[2] or "") if found else Pressed("", "")


def drawer(
    talks: Talks,
    *,
    is_kept: bool,
    shown: str = "",
    pressed: Pressed | None = None,
    trouble: str = "",
) -> Html:
    """Render the drawer. ``shown`` is the id of the first answer on the page.

    ``pressed`` is what a conversation is being asked about: another title, or deleting it.
    ``trouble`` is the German message why something couldn't be stored.
    """
    listed = [
        _talk(talk, talk.records[0].id == shown, pressed or Pressed("", "")) for talk in talks
    ]
    body = items(listed, class_="talks") if listed else tag("p", "Noch gibt es kein Gespräch.")
    summary = tag("summary", "Gespräche", f" ({len(talks)})" if talks else "")
    return fence(
        tag(
            "details",
            summary,
            tag(
                "div",
                tag("p", _KEPT if is_kept else _HERE, class_="terms"),
                tag("p", trouble, class_="trouble") if trouble else Html(),
                body,
                class_="drawer",
            ),
        ),
        report=True,
        form=True,
    )


def _talk(talk: Talk, is_shown: bool, pressed: Pressed) -> Html:
    mine = pressed.id == talk.id
    count = len(talk.records)
    facts = f"{moment(talk.begun)} · {'eine Frage' if count == 1 else f'{count} Fragen'}"
    if mine and pressed.action == "rename":
        return _renaming(talk)
    title = tag(
        "button",
        foreign(talk.title),
        id=f"talk-open-{talk.id}",
        class_="open",
        aria_current="page" if is_shown else None,
    )
    doing = _deleting(talk) if mine and pressed.action == "delete" else _doing(talk, is_shown)
    return join(title, tag("p", facts, class_="facts"), doing)


def _doing(talk: Talk, is_shown: bool) -> Html:
    address = f"/gespraech.md?antworten={','.join(record.id for record in talk.records)}"
    export = tag("a", "Als Markdown", href=address, download="") if is_shown else Html()
    about = tag("span", " „", foreign(talk.title), "“", class_="unseen")
    return tag(
        "p",
        tag("button", "Umbenennen", about, id=f"talk-rename-{talk.id}"),
        export,
        tag("button", "Löschen", about, id=f"talk-delete-{talk.id}"),
        class_="doing",
    )


def _renaming(talk: Talk) -> Html:
    text = tag(
        "textarea", foreign(talk.title), name_="title", rows="2", maxlength=str(MAX_TITLE_CHARS)
    )
    return join(
        tag("label", tag("span", "Neuer Titel"), text),
        tag(
            "p",
            tag("button", "Speichern", id=f"talk-save-{talk.id}"),
            tag("button", "Abbrechen", id="talk-back"),
            class_="doing",
        ),
    )


def _deleting(talk: Talk) -> Html:
    return tag(
        "p",
        tag("span", "Dieses Gespräch endgültig löschen?"),
        tag("button", "Ja, löschen", id=f"talk-really-{talk.id}"),
        tag("button", "Abbrechen", id="talk-back"),
        class_="doing",
        role="group",
        tabindex="-1",
    )
