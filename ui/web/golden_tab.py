"""The tab „Prüffragen“: layout and events, nothing else."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.evaluation.find_evidence import Candidate, candidates
from assistant.evaluation.golden import Item, split_of
from assistant.evaluation.golden_edit import DRAFTS, next_id, retire_item, writable
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.source import GenerationSource
from corpus.errors import SozialraumError
from ui.evaluation.words import TYPES, count
from ui.quality import Quality
from ui.web import golden_check, golden_form, golden_view
from ui.web.frame import QUIET, bare, name
from ui.web.golden_form import FIELDS, NAMES, PARTS, Draft, Problems
from ui.web.golden_view import OPEN, Filter

# A press on an item's button opens it; the quoted name is the event.
_LISTEN = """element.addEventListener("click", (press) => {
  const button = press.target.closest("button[id]");
  if (button) trigger("open", { name: button.id });
});"""
# A form that opens and results that come take the focus with their heading.
_FOCUS = """const land = () => {
  const heading = element.querySelector("[tabindex='-1']");
  if (heading) heading.focus();
};
land();
watch("value", land);"""
_ALL = ("alle", "")
_NOTHING_OPEN = (
    "Die Verbindung wurde neu aufgebaut. Bitte kehren Sie zur Liste zurück und öffnen Sie die "
    "Frage noch einmal."
)
_UNSAVED = (
    "Es gibt Änderungen, die nicht gespeichert sind. Drücken Sie noch einmal „Zur Liste“, um sie "
    "zu verwerfen."
)
_SAVE_FIRST = (
    "Es gibt Änderungen, die nicht gespeichert sind. Bitte speichern Sie sie zuerst, oder öffnen "
    "Sie die Frage neu."
)
_READ_ONLY = (
    "Der Ordner mit den Prüffragen lässt sich nicht beschreiben. Sie können lesen und prüfen, aber "
    "nicht speichern."
)
_NONE = (
    "Dem installierten Programm liegen keine Prüffragen bei; sie gehören zum Quelltext "
    "(tests/golden)."
)
_HEADINGS = {
    "history": "Beiträge davor",
    "evidence": "Belege",
    "nuggets": "Aussagen einer guten Antwort",
    "forbidden": "Verbotene Aussagen",
}
_TALL = {"paraphrases": 3, "history.text": 2, "evidence.quote": 3, "evidence.section": 2,
         "nuggets.all_of": 3, "nuggets.none_of": 2, "forbidden.any_of": 2, "reference_answer": 3,
         "must_not_cite": 2, "none_hint": 2, "question": 2}  # fmt: skip
_CHOICES: Mapping[str, Mapping[str, str]] = {
    "type": TYPES,
    "status": golden_form.STATUS,
    "answerable": golden_form.ANSWERABLE,
    "none_reason": {"": "–", **golden_form.REASONS},
    "history.role": golden_form.ROLES,
    "evidence.grade": golden_form.GRADES,
    "nuggets.importance": golden_form.IMPORTANCE,
}
Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class _Kind:
    """The parts of one kind: which is shown, and what changes their number."""

    pick: gr.Radio
    form: gr.Column
    add: gr.Button
    remove: gr.Button


@dataclass(frozen=True, slots=True)
class _List:
    """The list and its filters."""

    column: gr.Column
    filters: tuple[gr.Textbox, gr.Dropdown, gr.Dropdown, gr.Dropdown]
    table: gr.HTML
    new: gr.Button


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for evidence."""

    found: gr.State
    words: gr.Textbox
    start: gr.Button
    passages: gr.Radio
    sentences: gr.CheckboxGroup
    take: gr.Button
    said: gr.HTML


@dataclass(frozen=True, slots=True)
class _Editor:
    """The form of one item."""

    column: gr.Column
    draft: gr.State
    proposed: gr.State
    """The id that was proposed last."""
    warned: gr.State
    """Whether leaving was warned of."""
    back: gr.Button
    heading: gr.HTML
    split: gr.HTML
    fields: Mapping[str, gr.components.Component]
    """By name; a part's fields are named ``evidence.quote``."""
    kinds: Mapping[str, _Kind]
    search: _Search
    check: gr.Button
    save: gr.Button
    retire: gr.Button
    said: gr.HTML
    result: gr.HTML


def build(page: gr.Blocks, quality: Quality) -> None:
    """Lay out the tab and wire it. Nothing is read before a browser asks for it."""
    if quality.golden is None:
        gr.HTML(golden_view.failure(_NONE), **bare())
        return
    with gr.Column(elem_id="golden"):
        listed, editor = _lay_out_list(), _lay_out_editor()
    _wire_list(page, listed, editor, quality.golden)
    _wire_parts(editor)
    _wire_search(editor, quality)
    _wire_actions(listed, editor, quality, quality.golden)


# -- layout --------------------------------------------------------------------------------


def _lay_out_list() -> _List:
    with gr.Column(elem_id="golden-list") as column:
        with gr.Row(elem_classes="filters"):
            text = gr.Textbox(label="Suchen", placeholder="Wörter oder Kennung", lines=1)
            kind = _dropdown([_ALL, *((label, key) for key, label in TYPES.items())], "Art")
            states = golden_form.STATUS | {"draft": "Entwürfe"}
            state = _dropdown([_ALL, *((label, key) for key, label in states.items())], "Stand")
            file = _dropdown([_ALL], "Datei")
            new = gr.Button("Neue Prüffrage", elem_classes="main")
        table = gr.HTML("", elem_id="golden-table", **bare(_LISTEN))
    return _List(column, (text, kind, state, file), table, new)


def _dropdown(choices: list[tuple[str, str]], label: str) -> gr.Dropdown:
    return gr.Dropdown(choices, value="", label=label, filterable=False, interactive=True)


def _lay_out_editor() -> _Editor:
    draft, proposed, warned = gr.State(None), gr.State(""), gr.State(value=False)
    fields: dict[str, gr.components.Component] = {}
    kinds: dict[str, _Kind] = {}
    with gr.Column(elem_id="golden-editor", visible=False) as column:
        back = gr.Button("‹ Zur Liste", elem_classes="plain")
        heading = gr.HTML("", **bare(_FOCUS))
        with _group("Die Frage"):
            _add(fields, "question", "paraphrases")
            with gr.Row():
                _add(fields, "type", "tags")
        with gr.Accordion("Gehört zu einem Gespräch (nur Folgefragen)", open=False):
            kinds["history"] = _lay_out_parts("history", fields)
            _add(fields, "standalone")
        with _group("Die Antwort"):
            with gr.Row():
                _add(fields, "answerable", "none_reason")
            _add(fields, "none_hint", "reference_answer")
        with _group(_HEADINGS["evidence"]):
            search = _lay_out_search()
            kinds["evidence"] = _lay_out_parts("evidence", fields)
        for kind in ("nuggets", "forbidden"):
            with _group(_HEADINGS[kind]):
                kinds[kind] = _lay_out_parts(kind, fields)
        with _group("Ablage"):
            with gr.Row():
                _add(fields, "file", "id", "status")
            split = gr.HTML("", **bare())
        with gr.Accordion("Herkunft und Weiteres", open=False):
            with gr.Row():
                _add(fields, "source", "author", "reviewers", "created")
            with gr.Row():
                _add(fields, "must_not_cite", "max_words")
        result = gr.HTML("", elem_id="golden-result", **bare(_FOCUS))
        with gr.Column(elem_classes="actions"):
            said = gr.HTML(golden_view.said(""), elem_id="golden-said", **bare())
            with gr.Row():
                check = gr.Button("Prüfen", elem_classes="second")
                save = gr.Button("Speichern", elem_classes="main", elem_id="golden-save")
                retire = gr.Button("Stilllegen", elem_classes="plain")
    return _Editor(
        *(column, draft, proposed, warned, back, heading, split, fields, kinds, search),
        *(check, save, retire, said, result),
    )


def _group(title: str) -> gr.Column:
    """A part of the form under its heading."""
    column = gr.Column(elem_classes="group")
    with column:
        gr.HTML(golden_view.title(title), **bare())
    return column


def _add(fields: dict[str, gr.components.Component], *names: str) -> None:
    for each in names:
        fields[each] = _field(each, *FIELDS[each])


def _field(place: str, label: str, help: str) -> gr.components.Component:
    if place == "file":
        return gr.Dropdown(
            [DRAFTS], value=DRAFTS, label=label, info=help, allow_custom_value=True,
            interactive=True,
        )  # fmt: skip
    if choices := _CHOICES.get(place):
        pairs = [(text, value) for value, text in choices.items()]
        return gr.Dropdown(
            pairs, value=pairs[0][1], label=label, info=help, filterable=False, interactive=True
        )
    rows = _TALL.get(place, 1)
    return gr.Textbox(
        label=label, info=help, lines=rows, max_lines=12 if rows > 1 else 1, interactive=True
    )


def _lay_out_parts(kind: str, fields: dict[str, gr.components.Component]) -> _Kind:
    word = NAMES[kind]
    pick = gr.Radio([], label=f"{word} auswählen", elem_classes="pick")
    with gr.Column(visible=False, elem_classes="part") as form:
        short = []
        for each, told in PARTS[kind].items():
            place = f"{kind}.{each}"
            if place in _TALL or each == "text":
                fields[place] = _field(place, *told)
            else:
                short.append((place, told))
        with gr.Row():
            for place, told in short:
                fields[place] = _field(place, *told)
        remove = gr.Button(f"{word} entfernen", elem_classes="plain")
    add = gr.Button(f"{word} hinzufügen", elem_classes="second")
    return _Kind(pick, form, add, remove)


def _lay_out_search() -> _Search:
    with gr.Accordion("Beleg suchen", open=True, elem_classes="search"):
        found = gr.State(())
        with gr.Row():
            words = gr.Textbox(label="Suchwörter", lines=1, placeholder="wie in der Suche")
            start = gr.Button("Suchen", elem_classes="second")
        said = gr.HTML(golden_view.said(""), **bare())
        passages = gr.Radio([], label="Fundstellen", visible=False, elem_classes="pick")
        sentences = gr.CheckboxGroup([], label="Sätze, die antworten", visible=False)
        take = gr.Button("Als Beleg übernehmen", visible=False, elem_classes="second")
    return _Search(found, words, start, passages, sentences, take, said)


# -- the list ------------------------------------------------------------------------------


def _wire_list(page: gr.Blocks, listed: _List, editor: _Editor, folder: Path) -> None:
    def load(*filters: str | None) -> Changes:
        return _listed(listed, folder, filters)

    def show(event: gr.EventData) -> Changes:
        pressed = str(name(event) or "")
        return _opening(lambda: golden_form.opened(folder, pressed.removeprefix(OPEN)))

    def begin() -> Changes:
        return _opening(lambda: golden_form.fresh(folder, date.today()))

    def _opening(make: Callable[[], Draft]) -> Changes:
        try:
            draft = make()
            files = _files(folder)
        except SozialraumError as fault:
            return {listed.table: golden_view.failure(str(fault))}
        return {
            **_shown(editor, draft),
            **_blank(editor),
            listed.column: gr.Column(visible=False),
            editor.column: gr.Column(visible=True),
            editor.fields["file"]: gr.Dropdown(
                choices=files, value=draft.fields["file"], interactive=draft.before is None
            ),
            editor.proposed: draft.fields["id"],
            editor.said: golden_view.said("" if writable(folder) else _READ_ONLY),
            editor.save: gr.Button(interactive=writable(folder)),
            editor.retire: gr.Button(
                visible=draft.before is not None, interactive=writable(folder)
            ),
        }

    reading = list(listed.filters)
    shown = [listed.table, listed.filters[3]]
    opening = [listed.column, listed.table, *_all(editor)]
    page.load(load, reading, shown, **QUIET)
    listed.filters[0].change(load, reading, shown, trigger_mode="always_last", **QUIET)
    for choice in listed.filters[1:]:
        choice.input(load, reading, shown, **QUIET)
    listed.table.open(show, None, opening, **QUIET)
    listed.new.click(begin, None, opening, **QUIET)


def _listed(listed: _List, folder: Path, filters: tuple[str | None, ...]) -> Changes:
    try:
        shown = golden_view.listing(
            load_golden(folder), Filter(*(given or "" for given in filters))
        )
        files = [_ALL, *((file, file) for file in _files(folder))]
    except SozialraumError as fault:
        return {listed.table: golden_view.failure(str(fault)), listed.filters[3]: gr.skip()}
    return {listed.table: shown, listed.filters[3]: gr.Dropdown(choices=files)}


def _files(folder: Path) -> list[str]:
    return sorted({*load_golden(folder).files.values(), DRAFTS})


def _blank(editor: _Editor) -> Changes:
    """Forget what was searched and found for another item."""
    return {
        editor.warned: False,
        editor.result: "",
        editor.search.found: (),
        editor.search.words: "",
        editor.search.said: golden_view.said(""),
        editor.search.passages: gr.Radio(choices=[], value=None, visible=False),
        editor.search.sentences: gr.CheckboxGroup(choices=[], value=[], visible=False),
        editor.search.take: gr.Button(visible=False),
    }


# -- the form ------------------------------------------------------------------------------


def _all(editor: _Editor) -> list[Any]:
    """Everything of the form that an event may change."""
    search = editor.search
    return [
        *(editor.column, editor.draft, editor.proposed, editor.warned, editor.heading),
        *(editor.split, editor.save, editor.retire, editor.said, editor.result),
        *editor.fields.values(),
        *(part for kind in editor.kinds.values() for part in (kind.pick, kind.form)),
        *(search.found, search.words, search.passages, search.sentences, search.take),
        search.said,
    ]


def _shown(editor: _Editor, draft: Draft, problems: Problems | None = None) -> Changes:
    """Show a draft; what is wrong with a field stands in the place of its help."""
    found = problems or {}
    changes: Changes = {
        editor.draft: draft,
        editor.heading: golden_view.heading(draft),
        editor.split: golden_view.split_note(split_of(draft.id)),
    }
    for each, (_, help) in FIELDS.items():
        update: dict[str, Any] = {"value": draft.fields[each], "info": _info(help, found.get(each))}
        if each in ("id", "file"):
            update["interactive"] = draft.before is None
        changes[editor.fields[each]] = gr.update(**update)
    for kind, parts in PARTS.items():
        at = draft.shown[kind]
        picks = [
            (golden_form.part_label(draft, kind, n), str(n)) for n in range(len(draft.parts[kind]))
        ]
        changes[editor.kinds[kind].pick] = gr.Radio(
            choices=picks, value=str(at) if picks else None, visible=bool(picks)
        )
        changes[editor.kinds[kind].form] = gr.Column(visible=bool(picks))
        texts = draft.parts[kind][at] if picks else {}
        for each, (_, help) in parts.items():
            value = texts.get(each, "")
            if choices := _CHOICES.get(f"{kind}.{each}"):
                value = value or next(iter(choices))
            info = _info(help, found.get(f"{kind}.{at}.{each}"))
            changes[editor.fields[f"{kind}.{each}"]] = gr.update(value=value, info=info)
    return changes


def _info(help: str, problem: str | None) -> str:
    return f"⚠ {problem[:1].upper()}{problem[1:]}." if problem else help


def _typed(draft: Draft, editor: _Editor, values: tuple[Any, ...]) -> Draft:
    return golden_form.typed(draft, dict(zip(editor.fields, values, strict=True)))


def _wire_parts(editor: _Editor) -> None:
    reading = [editor.draft, *editor.fields.values()]

    def acting(act: Callable[[Draft], Draft]) -> Callable[..., Changes]:
        def handle(draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
            if draft is None:
                return {editor.said: golden_view.said(_NOTHING_OPEN, wrong=True)}
            return _shown(editor, act(_typed(draft, editor, values)))

        return handle

    def pick(kind: str) -> Callable[..., Changes]:
        def handle(at: str, draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
            chosen = int(at) if at and at.isdecimal() else -1
            return acting(partial(golden_form.chosen, kind=kind, at=chosen))(draft, *values)

        return handle

    shown = _all(editor)
    for kind, parts in editor.kinds.items():
        parts.pick.input(pick(kind), [parts.pick, *reading], shown, **QUIET)
        parts.add.click(acting(partial(golden_form.added, kind=kind)), reading, shown, **QUIET)
        parts.remove.click(acting(partial(golden_form.removed, kind=kind)), reading, shown, **QUIET)


def _wire_search(editor: _Editor, quality: Quality) -> None:
    search = editor.search
    shown = [search.found, search.said, search.passages, search.sentences, search.take]

    def find(words: str) -> Changes:
        if not words.strip():
            return {search.said: golden_view.said("Bitte geben Sie zuerst Suchwörter ein.")}
        try:
            assistant = quality.service.assistant()
            found = candidates(assistant, assistant.generation.documents, words)
        except SozialraumError as fault:
            return {search.said: golden_view.said(str(fault), wrong=True)}
        labels = [(golden_view.candidate_label(one), str(n)) for n, one in enumerate(found)]
        told = f"{len(found)} Fundstellen." if found else "Dazu steht nichts in der Sammlung."
        return {
            search.found: found,
            search.said: golden_view.said(told),
            search.passages: gr.Radio(choices=labels, value=None, visible=bool(found)),
            search.sentences: gr.CheckboxGroup(choices=[], value=[], visible=False),
            search.take: gr.Button(visible=False),
        }

    def choose(at: str | None, found: tuple[Candidate, ...]) -> Changes:
        one = _candidate(found, at)
        choices = [(text, str(n)) for n, text in enumerate(one.sentences)] if one else []
        return {
            search.sentences: gr.CheckboxGroup(choices=choices, value=[], visible=bool(choices)),
            search.take: gr.Button(visible=bool(choices)),
        }

    def take(
        at: str | None,
        sentences: list[str],
        found: tuple[Candidate, ...],
        draft: Draft | None,
        *values: Any,  # noqa: ANN401
    ) -> Changes:
        one = _candidate(found, at)
        if draft is None or one is None:
            return {search.said: golden_view.said(_NOTHING_OPEN, wrong=True)}
        try:
            after = golden_form.cited(
                _typed(draft, editor, values), one, [int(n) for n in sentences]
            )
        except SozialraumError as fault:
            return {search.said: golden_view.said(str(fault), wrong=True)}
        taken = after.parts["evidence"][-1]["id"]
        return {
            **_shown(editor, after),
            search.said: golden_view.said(f"Als Beleg {taken} übernommen."),
            search.sentences: gr.CheckboxGroup(value=[]),
        }

    gr.on([search.words.submit, search.start.click], find, [search.words], shown, **QUIET)
    search.passages.input(
        choose, [search.passages, search.found], [search.sentences, search.take], **QUIET
    )
    reading = [editor.draft, *editor.fields.values()]
    search.take.click(
        take, [search.passages, search.sentences, search.found, *reading], _all(editor), **QUIET
    )


def _candidate(found: tuple[Candidate, ...], at: str | None) -> Candidate | None:
    known = at is not None and at.isdecimal() and int(at) < len(found)
    return found[int(at)] if known and at else None


def _wire_actions(listed: _List, editor: _Editor, quality: Quality, folder: Path) -> None:
    def faults(item: Item) -> tuple[str, ...]:
        source = GenerationSource(quality.service.assistant().generation)
        return golden_check.faults(item, load_golden(folder), source)

    _wire_check(editor, quality, faults)
    _wire_save(editor, folder, faults)
    _wire_leave(listed, editor, folder)
    _wire_id(editor, folder)


def _wire_check(
    editor: _Editor, quality: Quality, faults: Callable[[Item], tuple[str, ...]]
) -> None:
    def check(draft: Draft | None, *values: Any) -> Iterator[Changes]:  # noqa: ANN401
        if draft is None:
            yield {editor.said: golden_view.said(_NOTHING_OPEN, wrong=True)}
            return
        draft = _typed(draft, editor, values)
        item, problems = golden_form.read(draft)
        told = "Es fehlt noch etwas." if problems else "Die Frage wird gestellt …"
        yield {
            **_shown(editor, draft, problems),
            editor.result: golden_view.problems(draft, problems) if problems else "",
            editor.said: golden_view.said(told, wrong=bool(problems)),
        }
        if item is not None:
            yield _checked(editor, item, faults, quality)

    reading = [editor.draft, *editor.fields.values()]
    shown = _all(editor)
    editor.check.click(check, reading, shown, concurrency_id="check", concurrency_limit=1, **QUIET)


def _wire_save(editor: _Editor, folder: Path, faults: Callable[[Item], tuple[str, ...]]) -> None:
    def save(draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
        if draft is None:
            return {editor.said: golden_view.said(_NOTHING_OPEN, wrong=True)}
        draft = _typed(draft, editor, values)
        try:
            after, problems, told = golden_form.save(folder, draft, faults)
        except SozialraumError as fault:
            return {editor.draft: draft, editor.said: golden_view.said(str(fault), wrong=True)}
        return {
            **_shown(editor, after, problems),
            editor.said: golden_view.said(told, wrong=after.changed),
            editor.result: golden_view.problems(after, problems) if problems else "",
            editor.retire: gr.Button(visible=after.before is not None),
            editor.warned: False,
        }

    def retire(draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
        if draft is None or draft.before is None:
            return {editor.said: golden_view.said(_NOTHING_OPEN, wrong=True)}
        if _typed(draft, editor, values).changed:
            return {editor.said: golden_view.said(_SAVE_FIRST, wrong=True)}
        try:
            retire_item(folder, draft.before.id, draft.digest)
            after = golden_form.opened(folder, draft.before.id)
        except SozialraumError as fault:
            return {editor.said: golden_view.said(str(fault), wrong=True)}
        told = "Die Frage ist stillgelegt: Sie wird nicht mehr gewertet, ihre Kennung bleibt."
        return {**_shown(editor, after), editor.said: golden_view.said(told)}

    reading = [editor.draft, *editor.fields.values()]
    editor.save.click(save, reading, _all(editor), **QUIET)
    editor.retire.click(retire, reading, _all(editor), **QUIET)


def _wire_leave(listed: _List, editor: _Editor, folder: Path) -> None:
    def leave(warned: bool, draft: Draft | None, *rest: Any) -> Changes:  # noqa: ANN401
        values, filters = rest[: len(editor.fields)], rest[len(editor.fields) :]
        if draft is not None and not warned:
            draft = _typed(draft, editor, values)
            if draft.changed:
                return {
                    editor.draft: draft,
                    editor.warned: True,
                    editor.said: golden_view.said(_UNSAVED, wrong=True),
                }
        return {
            **_listed(listed, folder, filters),
            editor.draft: None,
            editor.column: gr.Column(visible=False),
            listed.column: gr.Column(visible=True),
        }

    editor.back.click(
        leave,
        [editor.warned, editor.draft, *editor.fields.values(), *listed.filters],
        [*_all(editor), listed.column, listed.table, listed.filters[3]],
        **QUIET,
    )


def _wire_id(editor: _Editor, folder: Path) -> None:
    def refile(file: str | None, id: str, draft: Draft | None, proposed: str) -> Changes:
        if draft is None or draft.before:
            return {editor.proposed: proposed}
        try:
            new = next_id(load_golden(folder), (file or "").strip())
        except SozialraumError as fault:
            return {editor.said: golden_view.said(str(fault), wrong=True)}
        own = id.strip() not in ("", proposed)
        return {editor.proposed: new, **({} if own else {editor.fields["id"]: new})}

    def resplit(id: str, draft: Draft | None) -> str:
        return golden_view.split_note(split_of(draft.id if draft and draft.before else id.strip()))

    file, id = editor.fields["file"], editor.fields["id"]
    assert isinstance(file, gr.Dropdown)  # noqa: S101  # laid out so
    assert isinstance(id, gr.Textbox)  # noqa: S101
    changed = [editor.proposed, id, editor.said]
    file.input(refile, [file, id, editor.draft, editor.proposed], changed, **QUIET)
    id.change(resplit, [id, editor.draft], [editor.split], **QUIET)


def _checked(
    editor: _Editor, item: Item, faults: Callable[[Item], tuple[str, ...]], quality: Quality
) -> Changes:
    try:
        found = faults(item)
        asked = golden_check.trial(item, quality.service.assistant())
    except SozialraumError as fault:
        return {editor.said: golden_view.said(str(fault), wrong=True), editor.result: ""}
    broken = count(len(found), "Regel ist", "Regeln sind")
    told = f"{broken} verletzt." if found else "Alle Regeln sind eingehalten."
    return {
        editor.said: golden_view.said(f"Geprüft: {told}", wrong=bool(found)),
        editor.result: golden_view.checked(found, asked),
    }
