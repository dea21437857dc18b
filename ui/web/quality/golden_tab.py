"""The tab „Prüffragen“: its list, and what becomes of the item that is open."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.evaluation.golden import Item, split_of
from assistant.evaluation.golden_edit import DRAFTS, next_id, retire_item, writable
from assistant.evaluation.golden_files import load_golden
from assistant.evaluation.source import GenerationSource
from corpus.errors import SozialraumError
from ui.evaluation.words import count
from ui.quality import Quality
from ui.web.frame import QUIET, bare, name
from ui.web.quality import golden_check, golden_form, golden_view
from ui.web.quality.golden_editor import (
    NOTHING_OPEN,
    Changes,
    showing,
    typed_in,
    wire_parts,
    wire_search,
)
from ui.web.quality.golden_form import Draft
from ui.web.quality.golden_layout import (
    ALL,
    Editor,
    Listed,
    everything,
    lay_out_editor,
    lay_out_list,
)
from ui.web.quality.golden_view import OPEN, Filter

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


def build(page: gr.Blocks, quality: Quality) -> None:
    """Lay out the tab and wire it. Nothing is read before a browser asks for it."""
    if quality.golden is None:
        gr.HTML(golden_view.failure(_NONE), **bare())
        return
    with gr.Column(elem_id="golden"):
        listed, editor = lay_out_list(), lay_out_editor()
    _wire_list(page, listed, editor, quality.golden)
    wire_parts(editor)
    wire_search(editor, quality)
    _wire_actions(listed, editor, quality, quality.golden)


def _wire_list(page: gr.Blocks, listed: Listed, editor: Editor, folder: Path) -> None:
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
            **showing(editor, draft),
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
    opening = [listed.column, listed.table, *everything(editor)]
    page.load(load, reading, shown, **QUIET)
    listed.filters[0].change(load, reading, shown, trigger_mode="always_last", **QUIET)
    for choice in listed.filters[1:]:
        choice.input(load, reading, shown, **QUIET)
    listed.table.open(show, None, opening, **QUIET)
    listed.new.click(begin, None, opening, **QUIET)


def _listed(listed: Listed, folder: Path, filters: tuple[str | None, ...]) -> Changes:
    try:
        shown = golden_view.listing(
            load_golden(folder), Filter(*(given or "" for given in filters))
        )
        files = [ALL, *((file, file) for file in _files(folder))]
    except SozialraumError as fault:
        return {listed.table: golden_view.failure(str(fault)), listed.filters[3]: gr.skip()}
    return {listed.table: shown, listed.filters[3]: gr.Dropdown(choices=files)}


def _files(folder: Path) -> list[str]:
    return sorted({*load_golden(folder).files.values(), DRAFTS})


def _blank(editor: Editor) -> Changes:
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


def _wire_actions(listed: Listed, editor: Editor, quality: Quality, folder: Path) -> None:
    def faults(item: Item) -> tuple[str, ...]:
        source = GenerationSource(quality.service.assistant().generation)
        return golden_check.faults(item, load_golden(folder), source)

    _wire_check(editor, quality, faults)
    _wire_save(editor, folder, faults)
    _wire_leave(listed, editor, folder)
    _wire_id(editor, folder)


def _wire_check(
    editor: Editor, quality: Quality, faults: Callable[[Item], tuple[str, ...]]
) -> None:
    def check(draft: Draft | None, *values: Any) -> Iterator[Changes]:  # noqa: ANN401
        if draft is None:
            yield {editor.said: golden_view.said(NOTHING_OPEN, wrong=True)}
            return
        draft = typed_in(draft, editor, values)
        item, problems = golden_form.read(draft)
        told = "Es fehlt noch etwas." if problems else "Die Frage wird gestellt …"
        yield {
            **showing(editor, draft, problems),
            editor.result: golden_view.problems(draft, problems) if problems else "",
            editor.said: golden_view.said(told, wrong=bool(problems)),
        }
        if item is not None:
            yield _checked(editor, item, faults, quality)

    reading = [editor.draft, *editor.fields.values()]
    shown = everything(editor)
    editor.check.click(check, reading, shown, concurrency_id="check", concurrency_limit=1, **QUIET)


def _wire_save(editor: Editor, folder: Path, faults: Callable[[Item], tuple[str, ...]]) -> None:
    def save(draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
        if draft is None:
            return {editor.said: golden_view.said(NOTHING_OPEN, wrong=True)}
        draft = typed_in(draft, editor, values)
        try:
            after, problems, told = golden_form.save(folder, draft, faults)
        except SozialraumError as fault:
            return {editor.draft: draft, editor.said: golden_view.said(str(fault), wrong=True)}
        return {
            **showing(editor, after, problems),
            editor.said: golden_view.said(told, wrong=after.changed),
            editor.result: golden_view.problems(after, problems) if problems else "",
            editor.retire: gr.Button(visible=after.before is not None),
            editor.warned: False,
        }

    def retire(draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
        if draft is None or draft.before is None:
            return {editor.said: golden_view.said(NOTHING_OPEN, wrong=True)}
        if typed_in(draft, editor, values).changed:
            return {editor.said: golden_view.said(_SAVE_FIRST, wrong=True)}
        try:
            retire_item(folder, draft.before.id, draft.digest)
            after = golden_form.opened(folder, draft.before.id)
        except SozialraumError as fault:
            return {editor.said: golden_view.said(str(fault), wrong=True)}
        told = "Die Frage ist stillgelegt: Sie wird nicht mehr gewertet, ihre Kennung bleibt."
        return {**showing(editor, after), editor.said: golden_view.said(told)}

    reading = [editor.draft, *editor.fields.values()]
    editor.save.click(save, reading, everything(editor), **QUIET)
    editor.retire.click(retire, reading, everything(editor), **QUIET)


def _wire_leave(listed: Listed, editor: Editor, folder: Path) -> None:
    def leave(warned: bool, draft: Draft | None, *rest: Any) -> Changes:  # noqa: ANN401
        values, filters = rest[: len(editor.fields)], rest[len(editor.fields) :]
        if draft is not None and not warned:
            draft = typed_in(draft, editor, values)
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
        [*everything(editor), listed.column, listed.table, listed.filters[3]],
        **QUIET,
    )


def _wire_id(editor: Editor, folder: Path) -> None:
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
    editor: Editor, item: Item, faults: Callable[[Item], tuple[str, ...]], quality: Quality
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
