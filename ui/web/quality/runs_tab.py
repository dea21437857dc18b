"""The tab „Messungen“: layout and events, nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.evaluation.golden import Split
from corpus.errors import SozialraumError
from ui.evaluation.measurements import Listing, Measurements
from ui.quality import Quality
from ui.web.frame import QUIET, bare, name
from ui.web.overview import announcement
from ui.web.quality import comparison_view, runs_actions, runs_view
from ui.web.quality.measuring import Measuring, MeasuringError, State, over

POLL_S = 1.0
"""How often a page asks after a running measurement."""
# A function of page.js; the quoted name is the event it triggers.
_LISTEN = "sozialraum.runs(element, trigger, watch, 'press');"
_SPLITS = (("dev: zum Verbessern", "dev"), ("test: nur zur Veröffentlichung", "test"))
_RELEASE = "Diese Messung ist für eine Veröffentlichung; der Blick darf gezählt werden."
Changes = dict[Any, Any]


def build(page: gr.Blocks, quality: Quality) -> None:
    """Lay out the tab and wire it. Nothing is read before a browser asks for it."""
    runs = Measurements(quality.evaluations)
    parts = _lay_out()
    _wire_measuring(page, parts, quality, runs)
    _wire_runs(parts, runs)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What events read and write."""

    told: gr.State
    """The state of the measurement that this page told last."""
    timer: gr.Timer
    obstacle: gr.HTML
    starting: gr.Column
    split: gr.Radio
    counted: gr.Column
    note: gr.HTML
    release: gr.Checkbox
    start: gr.Button
    cancel: gr.Button
    progress: gr.HTML
    said: gr.HTML
    listing: gr.HTML
    detail: gr.HTML
    comparison: gr.Column
    old: gr.Dropdown
    new: gr.Dropdown
    compare: gr.Button
    compared: gr.HTML


def _lay_out() -> _Parts:
    told, timer = gr.State(State()), gr.Timer(POLL_S, active=False)
    with gr.Column(elem_id="runs"):
        gr.HTML(runs_view.intro(), **bare())
        obstacle = gr.HTML("", **bare())
        with gr.Column(elem_id="starting") as starting:
            split = gr.Radio(list(_SPLITS), value="dev", label="Prüffragen", elem_id="split")
            with gr.Column(visible=False, elem_id="counted") as counted:
                note = gr.HTML("", **bare())
                release = gr.Checkbox(label=_RELEASE, elem_id="release")
            start = gr.Button("Messung starten", variant="primary", elem_id="start")
        progress = gr.HTML("", elem_id="progress", **bare())
        cancel = gr.Button("Abbrechen", visible=False, elem_id="cancel")
        said = gr.HTML(announcement(""), elem_id="said", **bare())
        listing = gr.HTML(runs_view.reading(), elem_id="listing", **bare(_LISTEN))
        detail = gr.HTML("", elem_id="detail", **bare(_LISTEN))
        with gr.Column(visible=False, elem_id="comparison") as comparison:
            gr.HTML(comparison_view.intro(), **bare())
            with gr.Row(elem_id="two"):
                old = _choice("Alter Stand (A)")
                new = _choice("Neuer Stand (B)")
                compare = gr.Button("Vergleichen", elem_id="compare")
            compared = gr.HTML("", elem_id="compared-runs", **bare())
    return _Parts(
        *(told, timer, obstacle, starting, split, counted, note, release, start, cancel),
        *(progress, said, listing, detail, comparison, old, new, compare, compared),
    )


def _choice(label: str) -> gr.Dropdown:
    return gr.Dropdown([], label=label, filterable=False, interactive=True)


def _wire_measuring(page: gr.Blocks, parts: _Parts, quality: Quality, runs: Measurements) -> None:
    measuring = Measuring(over(quality), runs)

    def load() -> Iterator[Changes]:
        state = measuring.state()
        reason = runs_actions.obstacle(quality)
        yield {
            **_controls(parts, state),
            parts.obstacle: runs_view.failure(reason) if reason else "",
            parts.starting: gr.Column(visible=not (reason or state.busy)),
        }
        yield _listed(parts, _read(runs))

    def choose(split: Split) -> Changes:
        return {
            parts.counted: gr.Column(visible=split == "test"),
            parts.note: runs_actions.release_note(quality),
            parts.release: False,
        }

    def start(split: Split, for_release: bool) -> Changes:
        try:
            runs_actions.start(measuring, split, for_release=for_release)
        except MeasuringError as fault:
            refused = runs_view.said(str(fault), wrong=True)
            state = measuring.state()
            return {parts.said: refused, **(_controls(parts, state) if state.busy else {})}
        return {
            **_controls(parts, measuring.state()),
            parts.said: announcement("Die Messung beginnt."),
            parts.split: "dev",
            parts.counted: gr.Column(visible=False),
            parts.release: False,
        }

    def watch(told: State) -> Changes:
        state = measuring.state()
        if state.busy:
            news = (state.phase, state.stage) != (told.phase, told.stage)
            said = announcement(runs_view.announcement(state))
            shown = {parts.told: state, parts.progress: runs_view.progress(state)}
            return {**shown, **({parts.said: said} if news else {})}
        ended = {
            **_controls(parts, state),
            parts.said: runs_view.said(runs_view.announcement(state)),
            **_listed(parts, _read(runs)),
        }
        if state.run:
            ended[parts.detail] = runs_actions.shown(runs, state.run)
        return ended

    def cancel() -> Changes:
        return _controls(parts, measuring.cancel())

    loaded = [*_controlled(parts), parts.obstacle, *_list_parts(parts)]
    page.load(load, None, loaded, **QUIET)
    parts.split.change(choose, [parts.split], [parts.counted, parts.note, parts.release], **QUIET)
    parts.start.click(
        start,
        [parts.split, parts.release],
        [*_controlled(parts), parts.said, parts.split, parts.counted, parts.release],
        **QUIET,
    )
    parts.cancel.click(cancel, None, _controlled(parts), **QUIET)
    parts.timer.tick(
        watch,
        [parts.told],
        [*_controlled(parts), parts.said, *_list_parts(parts), parts.detail],
        **QUIET,
    )


def _wire_runs(parts: _Parts, runs: Measurements) -> None:
    def press(event: gr.EventData) -> Changes:
        done = runs_actions.press(runs, name(event))
        changes: Changes = {parts.said: done.said or announcement("")}
        if done.detail is not None:
            changes[parts.detail] = done.detail
        if done.relist:
            changes |= {**_listed(parts, _read(runs)), parts.compared: ""}
        return changes

    def compare(old: str | None, new: str | None) -> Changes:
        return {
            parts.compared: runs_actions.compared(runs, old, new),
            parts.said: announcement("Der Vergleich steht unter den beiden Auswahlfeldern."),
        }

    pressing = [parts.said, parts.detail, *_list_parts(parts), parts.compared]
    for part in (parts.listing, parts.detail):
        part.press(press, None, pressing, **QUIET)
    parts.compare.click(compare, [parts.old, parts.new], [parts.compared, parts.said], **QUIET)


def _controlled(parts: _Parts) -> list[gr.blocks.Block]:
    return [parts.told, parts.timer, parts.starting, parts.cancel, parts.progress]


def _controls(parts: _Parts, state: State) -> Changes:
    """Show either what starts a measurement or what cancels it."""
    return {
        parts.told: state,
        parts.timer: gr.Timer(active=state.busy),
        parts.starting: gr.Column(visible=not state.busy),
        parts.cancel: gr.Button(visible=state.phase == "running"),
        parts.progress: runs_view.progress(state),
    }


def _read(runs: Measurements) -> Listing | str:
    """Return what there is, or the German message why that can't be read."""
    try:
        return runs.listing()
    except SozialraumError as fault:
        return str(fault)


def _list_parts(parts: _Parts) -> list[gr.blocks.Block]:
    return [parts.listing, parts.comparison, parts.old, parts.new]


def _listed(parts: _Parts, found: Listing | str) -> Changes:
    """Show the list, and offer its runs to compare."""
    if isinstance(found, str):
        return {parts.listing: runs_view.failure(found), parts.comparison: gr.Column(visible=False)}
    choices = runs_view.choices(found.runs)
    old, new = runs_view.newest_pair(found.runs)
    return {
        parts.listing: runs_view.listing(found),
        parts.comparison: gr.Column(visible=len(choices) > 1),
        parts.old: gr.Dropdown(choices=choices, value=old),
        parts.new: gr.Dropdown(choices=choices, value=new),
    }
