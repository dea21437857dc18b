"""The form of one item at work: a draft shown in it and read back, its parts, its evidence."""

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from assistant.evaluation.find_evidence import Candidate, candidates
from assistant.evaluation.golden import split_of
from corpus.errors import SozialraumError
from ui.quality import Quality
from ui.web.frame import QUIET
from ui.web.quality import golden_form, golden_view
from ui.web.quality.golden_form import FIELDS, PARTS, Draft, Problems
from ui.web.quality.golden_layout import CHOICES, Editor, everything

NOTHING_OPEN = (
    "Die Verbindung wurde neu aufgebaut. Bitte kehren Sie zur Liste zurück und öffnen Sie die "
    "Frage noch einmal."
)
Changes = dict[Any, Any]


def showing(editor: Editor, draft: Draft, problems: Problems | None = None) -> Changes:
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
            if choices := CHOICES.get(f"{kind}.{each}"):
                value = value or next(iter(choices))
            info = _info(help, found.get(f"{kind}.{at}.{each}"))
            changes[editor.fields[f"{kind}.{each}"]] = gr.update(value=value, info=info)
    return changes


def _info(help: str, problem: str | None) -> str:
    return f"⚠ {problem[:1].upper()}{problem[1:]}." if problem else help


def typed_in(draft: Draft, editor: Editor, values: tuple[Any, ...]) -> Draft:
    """Return the draft with what the form's fields hold, in their order."""
    return golden_form.typed(draft, dict(zip(editor.fields, values, strict=True)))


def wire_parts(editor: Editor) -> None:
    """Let parts be picked, added and removed."""
    reading = [editor.draft, *editor.fields.values()]

    def acting(act: Callable[[Draft], Draft]) -> Callable[..., Changes]:
        def handle(draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
            if draft is None:
                return {editor.said: golden_view.said(NOTHING_OPEN, wrong=True)}
            return showing(editor, act(typed_in(draft, editor, values)))

        return handle

    def pick(kind: str) -> Callable[..., Changes]:
        def handle(at: str, draft: Draft | None, *values: Any) -> Changes:  # noqa: ANN401
            chosen = int(at) if at and at.isdecimal() else -1
            return acting(partial(golden_form.chosen, kind=kind, at=chosen))(draft, *values)

        return handle

    shown = everything(editor)
    for kind, parts in editor.kinds.items():
        parts.pick.input(pick(kind), [parts.pick, *reading], shown, **QUIET)
        parts.add.click(acting(partial(golden_form.added, kind=kind)), reading, shown, **QUIET)
        parts.remove.click(acting(partial(golden_form.removed, kind=kind)), reading, shown, **QUIET)


def wire_search(editor: Editor, quality: Quality) -> None:
    """Let evidence be searched, its sentences ticked, and both taken into the draft."""
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
            return {search.said: golden_view.said(NOTHING_OPEN, wrong=True)}
        try:
            after = golden_form.cited(
                typed_in(draft, editor, values), one, [int(n) for n in sentences]
            )
        except SozialraumError as fault:
            return {search.said: golden_view.said(str(fault), wrong=True)}
        taken = after.parts["evidence"][-1]["id"]
        return {
            **showing(editor, after),
            search.said: golden_view.said(f"Als Beleg {taken} übernommen."),
            search.sentences: gr.CheckboxGroup(value=[]),
        }

    gr.on([search.words.submit, search.start.click], find, [search.words], shown, **QUIET)
    search.passages.input(
        choose, [search.passages, search.found], [search.sentences, search.take], **QUIET
    )
    reading = [editor.draft, *editor.fields.values()]
    search.take.click(
        take,
        [search.passages, search.sentences, search.found, *reading],
        everything(editor),
        **QUIET,
    )


def _candidate(found: tuple[Candidate, ...], at: str | None) -> Candidate | None:
    known = at is not None and at.isdecimal() and int(at) < len(found)
    return found[int(at)] if known and at else None
