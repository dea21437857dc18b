"""The form of one golden item: texts as typed <-> the item, and what the tab does with it.

No gradio in here. A draft holds what the form says; every action takes a draft and gives
another one. Lists are typed an entry a line, or parted by commas where entries are short.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from assistant.evaluation import golden_edit
from assistant.evaluation.find_evidence import Candidate, evidence
from assistant.evaluation.golden import Item, split_of
from assistant.evaluation.golden_files import GoldenError, load_golden, problem

Texts = Mapping[str, str]
"""What is typed, by the name of its field."""
Problems = Mapping[str, str]
"""What is wrong, by field: ``question``, or ``evidence.0.quote`` for a part's. It reads on from
the field's name: „darf nicht leer sein“."""

ROLES = {"user": "Frage", "assistant": "Antwort"}
GRADES = {"2": "antwortet", "1": "hilft weiter"}
IMPORTANCE = {"vital": "unverzichtbar", "okay": "ergänzend"}
ANSWERABLE = {"full": "ja", "partial": "zum Teil", "none": "nein"}
STATUS = {
    "draft": "Entwurf",
    "active": "aktiv",
    "quarantined": "unter Quarantäne",
    "retired": "stillgelegt",
}
REASONS = {
    "not_in_corpus": "steht nicht in der Sammlung",
    "out_of_scope": "gehört nicht zum Thema",
    "false_premise": "falsche Annahme",
    "ambiguous": "mehrdeutig",
    "outdated": "überholt",
    "needs_human_judgement": "braucht das Urteil eines Menschen",
    "personal_data": "personenbezogene Daten",
    "unknown_workshop": "unbekannte Werkstatt",
}

FIELDS = {
    "question": ("Frage", "So, wie sie gestellt wird."),
    "paraphrases": ("Andere Fassungen", "Eine je Zeile: andere Worte, Tippfehler, ohne Umlaute."),
    "type": ("Art der Frage", "Nach ihr wird die Auswertung aufgeteilt."),
    "tags": ("Schlagwörter", "Durch Komma getrennt."),
    "standalone": ("Ausgeschriebene Frage", "So, wie sie ohne die Beiträge davor lauten müsste."),
    "answerable": ("Beantwortet die Sammlung das?", "Suchen Sie, bevor Sie „nein“ wählen."),
    "none_reason": ("Grund", "Nur wenn es keine Antwort gibt."),
    "none_hint": (
        "Hinweis",
        "Was eine gute Ablehnung trotzdem anbietet, oder was eine halbe Antwort offenlässt.",
    ),
    "reference_answer": ("Musterantwort", "Eine richtige, vollständige Antwort in einem Satz."),
    "must_not_cite": ("Unerwünschte Dokumente", "Kennungen, eine je Zeile."),
    "max_words": ("Höchstens so viele Wörter", "Leer: ohne Grenze."),
    "file": ("Datei", "Zu welchem Thema die Frage gehört. Entwürfe liegen in entwuerfe.yaml."),
    "id": ("Kennung", "Bleibt für immer; wird aus der Datei vorgeschlagen."),
    "status": ("Stand", "Nur aktive Fragen werden gewertet."),
    "source": ("Herkunft", "Woher die Frage kommt, zum Beispiel redaktion oder werkstatt."),
    "author": ("Verfasst von", "Freiwillig; ein Kürzel genügt."),
    "reviewers": ("Geprüft von", "Kürzel, durch Komma getrennt."),
    "created": ("Erstellt am", "Jahr-Monat-Tag."),
}
PARTS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "history": {
        "role": ("Wer spricht", "Beiträge in der Reihenfolge des Gesprächs."),
        "text": ("Beitrag", "Wörtlich."),
    },
    "evidence": {
        "quote": ("Zitat", "Wörtlich, 8 bis 40 Wörter, in der Regel ein ganzer Satz."),
        "doc": ("Dokument", "Kennung, wie unter „sozialraum documents list“."),
        "workshop": ("Werkstatt", "Nummer; leer, wenn der Text zu keiner gehört."),
        "section": ("Überschriften", "Von oben nach unten, eine je Zeile."),
        "pages": ("Seiten", "Wie gedruckt, durch Komma getrennt."),
        "grade": ("Rang", "Antwortet die Stelle, oder hilft sie nur weiter?"),
        "group": ("Gruppe", "Belege mit demselben Buchstaben ersetzen einander."),
        "doc_sha256": ("Fassung des Dokuments", "Wird von „Beleg suchen“ eingetragen."),
    },
    "nuggets": {
        "text": ("Aussage", "Was eine gute Antwort sagt, in einem Satz."),
        "importance": ("Gewicht", "Unverzichtbar: Ohne sie ist die Antwort nicht richtig."),
        "all_of": (
            "Woran man sie erkennt",
            "Jede Zeile muss vorkommen; in einer Zeile genügt eines: vier Wochen | 28 Tage",
        ),
        "none_of": ("Was nicht vorkommen darf", "Eines je Zeile, zum Beispiel: keine Frist"),
        "window": ("Abstand", "Alle Zeilen innerhalb von so vielen Wörtern; leer: egal."),
        "evidence": ("Belegt durch", "Namen der Belege, durch Komma getrennt: e1, e2"),
    },
    "forbidden": {
        "text": ("Verbotene Aussage", "Was eine Antwort nicht sagen darf."),
        "any_of": ("Woran man sie erkennt", "Eines davon genügt; eines je Zeile."),
    },
}
NAMES = {"history": "Beitrag", "evidence": "Beleg", "nuggets": "Aussage", "forbidden": "Verbot"}
"""What one part of each kind is called."""
_PREFIX = {"evidence": "e", "nuggets": "n", "forbidden": "f"}
_NEW_PART: Mapping[str, Texts] = {
    "history": {"role": "user"},
    "evidence": {"grade": "2", "group": "A"},
    "nuggets": {"importance": "vital", "evidence": "e1"},
    "forbidden": {},
}
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form says, and what it began with."""

    fields: Texts
    parts: Mapping[str, tuple[Texts, ...]]
    shown: Mapping[str, int]
    """Which part of each kind is in the form, from 0; -1 where there is none."""
    before: Item | None = None
    """The item in its file; None for a new one."""
    file: str = ""
    digest: str = ""
    began: tuple[Texts, Mapping[str, tuple[Texts, ...]]] | None = None
    """Fields and parts as they were opened or saved last."""

    @property
    def id(self) -> str:
        """The item's id; that of an item in a file never changes."""
        return self.before.id if self.before else self.fields["id"].strip()

    @property
    def changed(self) -> bool:
        """Whether anything was typed that isn't saved."""
        return self.began != (self.fields, self.parts)


# -- opening -------------------------------------------------------------------------------


def opened(folder: Path, id: str) -> Draft:
    """Open an item. Raises GoldenError when it is gone, or says more than the form can hold."""
    found = golden_edit.open_item(folder, id)
    fields, parts = _texts(found.item, found.file)
    draft = _draft(fields, parts, found.item, found.file, found.digest)
    item, problems = read(draft)
    if problems or item != found.item.model_copy(update={"split": split_of(id)}):
        raise GoldenError(
            f"Die Frage „{id}“ enthält etwas, das dieses Formular nicht wiedergeben kann. Bitte "
            f"bearbeiten Sie sie in der Datei {found.file}."
        )
    return draft


def fresh(folder: Path, today: date, file: str = golden_edit.DRAFTS) -> Draft:
    """Begin a new item."""
    fields = {
        **dict.fromkeys(FIELDS, ""),
        **{"type": "fact", "answerable": "full", "status": "draft", "source": "redaktion"},
        "created": today.isoformat(),
        "file": file,
        "id": golden_edit.next_id(load_golden(folder), file),
    }
    return _draft(fields, {kind: () for kind in PARTS})


def _draft(
    fields: Texts,
    parts: Mapping[str, tuple[Texts, ...]],
    before: Item | None = None,
    file: str = "",
    digest: str = "",
) -> Draft:
    shown = {kind: 0 if parts[kind] else -1 for kind in PARTS}
    return Draft(fields, parts, shown, before, file, digest, (fields, parts))


def _texts(item: Item, file: str) -> tuple[Texts, Mapping[str, tuple[Texts, ...]]]:
    plain, origin = item.model_dump(mode="json"), item.provenance
    fields = {
        **{name: _text(plain[name]) for name in FIELDS if name in plain},
        **{name: "\n".join(plain[name]) for name in ("paraphrases", "must_not_cite")},
        **{"tags": ", ".join(item.tags), "reviewers": ", ".join(origin.reviewers)},
        **{"source": origin.source, "author": origin.author, "created": origin.created},
        "file": file,
    }
    parts = {
        "history": [turn.model_dump() for turn in item.history],
        "evidence": [
            {
                **{name: _text(value) for name, value in one.items()},
                "section": "\n".join(one["section"]),
                "pages": ", ".join(one["pages"]),
            }
            for one in plain["evidence"]
        ],
        "nuggets": [
            {
                **{name: one[name] for name in ("id", "text", "importance")},
                "all_of": "\n".join(" | ".join(a["any_of"]) for a in one["match"]["all_of"]),
                "none_of": "\n".join(one["match"]["none_of"]),
                "window": _text(one["match"]["window"]),
                "evidence": ", ".join(one["evidence"]),
            }
            for one in plain["nuggets"]
        ],
        "forbidden": [
            {"id": one.id, "text": one.text, "any_of": "\n".join(one.match.any_of)}
            for one in item.forbidden
        ],
    }
    return fields, {kind: tuple(found) for kind, found in parts.items()}


def _text(value: object) -> str:
    return "" if value is None else str(value)


# -- typing --------------------------------------------------------------------------------


def typed(draft: Draft, texts: Mapping[str, str | None]) -> Draft:
    """Take over what stands in the form; a part's fields are named ``evidence.quote``.

    None leaves a field as it was: it isn't on the screen.
    """
    given = {name: text.replace("\r\n", "\n") for name, text in texts.items() if text is not None}
    fields = {name: given.get(name, text) for name, text in draft.fields.items()}
    parts = {}
    for kind, known in draft.parts.items():
        at = draft.shown[kind]
        own = {n: given[f"{kind}.{n}"] for n in PARTS[kind] if f"{kind}.{n}" in given}
        parts[kind] = tuple({**p, **own} if n == at else p for n, p in enumerate(known))
    return replace(draft, fields=fields, parts=parts)


def added(draft: Draft, kind: str, part: Texts = _NOTHING) -> Draft:
    """Add a part of a kind, with a free name, and show it."""
    known = draft.parts[kind]
    name = {"id": free(draft, kind)} if kind in _PREFIX else {}
    if kind == "history" and known:
        name = {"role": "assistant" if known[-1].get("role") == "user" else "user"}
    new = {**dict.fromkeys(PARTS[kind], ""), **_NEW_PART[kind], **name, **part}
    return replace(
        draft,
        parts={**draft.parts, kind: (*known, new)},
        shown={**draft.shown, kind: len(known)},
    )


def removed(draft: Draft, kind: str) -> Draft:
    """Take the shown part of a kind away."""
    at, known = draft.shown[kind], draft.parts[kind]
    left = tuple(part for n, part in enumerate(known) if n != at)
    return replace(
        draft,
        parts={**draft.parts, kind: left},
        shown={**draft.shown, kind: min(max(at, 0), len(left) - 1)},
    )


def chosen(draft: Draft, kind: str, at: int) -> Draft:
    """Show another part of a kind."""
    if not 0 <= at < len(draft.parts[kind]):
        return draft
    return replace(draft, shown={**draft.shown, kind: at})


def free(draft: Draft, kind: str) -> str:
    """Return the next free name of a part: e1, e2, …"""
    taken = {part.get("id") for part in draft.parts[kind]}
    return next(
        name for n in range(1, len(taken) + 2) if (name := f"{_PREFIX[kind]}{n}") not in taken
    )


def cited(draft: Draft, found: Candidate, sentences: Iterable[int]) -> Draft:
    """Add evidence of chosen sentences; an empty one that is shown gives up its place.

    Raises EvidenceError.
    """
    at = draft.shown["evidence"]
    if at >= 0 and not draft.parts["evidence"][at].get("quote", "").strip():
        draft = removed(draft, "evidence")
    one = evidence(found, tuple(sentences), id=free(draft, "evidence"))
    plain = one.model_dump(mode="json")
    texts = {
        **{name: _text(value) for name, value in plain.items()},
        "section": "\n".join(one.section),
        "pages": ", ".join(one.pages),
    }
    return added(draft, "evidence", texts)


def part_label(draft: Draft, kind: str, at: int) -> str:
    """Name a part in a list of its kind: its id and how it begins."""
    part = draft.parts[kind][at]
    name = part.get("id") or ROLES.get(part.get("role", ""), str(at + 1))
    text = " ".join((part.get("quote") or part.get("text") or "noch leer").split())
    return f"{name}: {text if len(text) <= _BEGINNING else text[: _BEGINNING - 1] + '…'}"


# Characters of a part in its list: one line of the form.
_BEGINNING = 90


# -- reading -------------------------------------------------------------------------------


def read(draft: Draft) -> tuple[Item | None, Problems]:
    """Return the item the form describes, or what is wrong with it, by field."""
    try:
        return Item.model_validate(_plain(draft)), {}
    except ValidationError as fault:
        found: dict[str, str] = {}
        for error in fault.errors():
            found.setdefault(_place(error["loc"]), _problem(error))
        return None, found


def _plain(draft: Draft) -> dict[str, Any]:
    typed, old = draft.fields, draft.before
    return {
        **{name: typed[name].strip() for name in ("type", "question", "answerable", "status")},
        "id": draft.id,
        "split": split_of(draft.id),
        "tags": _commas(typed["tags"]),
        **{name: _lines(typed[name]) for name in ("paraphrases", "must_not_cite")},
        **{
            name: typed[name].strip() or None
            for name in ("none_reason", "none_hint", "reference_answer", "standalone", "max_words")
        },
        "history": [_stripped(part, "role", "text") for part in draft.parts["history"]],
        "evidence": [_evidence(part) for part in draft.parts["evidence"]],
        "nuggets": [_nugget(part) for part in draft.parts["nuggets"]],
        "forbidden": [
            {**_stripped(part, "id", "text"), "match": {"any_of": _lines(part.get("any_of", ""))}}
            for part in draft.parts["forbidden"]
        ],
        "provenance": {
            **{name: typed[name].strip() for name in ("source", "author", "created")},
            "reviewers": _commas(typed["reviewers"]),
            "feedback_id": old.provenance.feedback_id if old else None,
        },
    }


def _evidence(part: Texts) -> dict[str, Any]:
    return {
        **_stripped(part, "id", "group", "doc", "quote", "grade", "doc_sha256"),
        "workshop": part.get("workshop", "").strip() or None,
        "section": _lines(part.get("section", "")),
        "pages": _commas(part.get("pages", "")),
    }


def _nugget(part: Texts) -> dict[str, Any]:
    rows = [row.split("|") for row in _lines(part.get("all_of", ""))]
    terms = [[term.strip() for term in row if term.strip()] for row in rows]
    return {
        **_stripped(part, "id", "importance", "text"),
        "match": {
            "all_of": [{"any_of": row} for row in terms],
            "none_of": _lines(part.get("none_of", "")),
            "window": part.get("window", "").strip() or None,
        },
        "evidence": _commas(part.get("evidence", "")),
    }


def _stripped(part: Texts, *names: str) -> dict[str, str]:
    return {name: part.get(name, "").strip() for name in names}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _commas(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _place(loc: tuple[int | str, ...]) -> str:
    """Return the form's name for the place of a problem."""
    if loc[0] in PARTS and len(loc) > 2:
        inner = loc[3] if loc[2] == "match" and len(loc) > 3 else loc[2]
        return f"{loc[0]}.{loc[1]}.{inner}"
    return str(loc[1] if loc[0] == "provenance" and len(loc) > 1 else loc[0])


def _problem(error: Mapping[str, Any]) -> str:
    # A choice that was left open isn't worth the list of what the file may hold.
    if error["type"] == "literal_error":
        return "ist keine Auswahl der Liste"
    return problem(error)


def named(draft: Draft, place: str) -> str:
    """Return the label of a problem's field, with the part it is in."""
    names = place.split(".")
    if len(names) == 1:
        return FIELDS.get(place, (place, ""))[0]
    kind, at, name = names
    part = draft.parts[kind][int(at)].get("id") or str(int(at) + 1)
    return f"{NAMES[kind]} {part}, {PARTS[kind].get(name, (name, ''))[0]}"


# -- saving --------------------------------------------------------------------------------


def save(
    folder: Path, draft: Draft, faults: Callable[[Item], Iterable[str]]
) -> tuple[Draft, Problems, str]:
    """Write the draft's item; return the draft as it is now, what is wrong, and what to say.

    An active item is written only when ``faults`` finds nothing. Raises GoldenError.
    """
    item, problems = read(draft)
    if item is None:
        return draft, problems, "Nicht gespeichert: Es fehlt noch etwas, siehe die Hinweise."
    if item.status == "active" and (found := list(faults(item))):
        said = (
            "Nicht gespeichert: Eine aktive Frage muss alle Regeln halten. Bitte beheben Sie, was "
            "unten steht, oder wählen Sie den Stand „Entwurf“. "
        )
        return draft, {}, said + " ".join(found)
    if draft.before:
        path = golden_edit.save_item(folder, item, opened=draft.digest)
    else:
        path = golden_edit.save_item(folder, item, draft.fields["file"].strip() or None, new=True)
    now = opened(folder, item.id)
    shown = {k: min(at, len(now.parts[k]) - 1) for k, at in draft.shown.items()}
    told = f"Gespeichert in {path.name}."
    if "active" in (item.status, draft.before.status if draft.before else ""):
        told += " Frühere Messungen lassen sich mit neuen nun nicht mehr vergleichen."
    return replace(now, shown=shown), {}, told
