"""The tab's events: what opens, what is disabled, what is said. No browser."""

from datetime import date

import gradio as gr
import pytest

from assistant.evaluation.golden_edit import open_item, save_item
from tests.assistant.evaluation.values import make_item
from ui.quality import Quality
from ui.web.quality import golden_tab
from ui.web.quality.golden_form import fresh, opened


class Tab:
    """The tab over a golden folder, and its events by name."""

    def __init__(self, folder):
        with gr.Blocks() as self.page:
            golden_tab.build(self.page, Quality(None, None, folder))
        self.events = {event.name: event for event in self.page.fns.values()}

    def run(self, name, *given):
        """Run an event; return what it changes, by id of what is changed."""
        changes = self.events[name].fn(*given)
        return {part.elem_id or part._id: change for part, change in changes.items()}

    def typed(self, draft):
        """Return what stands in the form for a draft: its fields, then the shown parts'."""
        empty = [None] * (len(self.events["save"].inputs) - 1)
        return [draft, *empty]


@pytest.fixture
def folder(tmp_path):
    """A golden folder with one item."""
    save_item(tmp_path, make_item(), "fristen.yaml")
    return tmp_path


def test_without_a_set_the_tab_says_why(tmp_path):
    """Nothing can be pressed, and the place where questions would be is named."""
    tab = Tab(None)

    assert not tab.events
    told = [block.value for block in tab.page.blocks.values() if isinstance(block, gr.HTML)]
    assert ["tests/golden" in text for text in told] == [True]


def test_a_folder_without_questions_is_named(tmp_path):
    """The message takes the place of the list."""
    assert tmp_path.name in Tab(tmp_path).run("load", None, "", "", "")["golden-table"]


def test_where_nothing_can_be_written_saving_is_off(folder, monkeypatch):
    """The item can be read and checked; a notice says why it can't be saved."""
    tab = Tab(folder)
    assert tab.run("begin")["golden-save"].interactive
    monkeypatch.setattr(golden_tab, "writable", lambda folder: False)
    changes = tab.run("begin")

    assert not changes["golden-save"].interactive
    assert "lässt sich nicht beschreiben" in changes["golden-said"]


def test_a_form_whose_session_is_gone_saves_nothing(folder):
    """After a restart of the program nothing is known of the item in the form."""
    tab = Tab(folder)
    before = (folder / "fristen.yaml").read_bytes()

    for name in ("save", "retire"):
        assert "öffnen Sie die Frage" in tab.run(name, *tab.typed(None))["golden-said"]
    assert (folder / "fristen.yaml").read_bytes() == before


def test_retiring_keeps_the_item(folder):
    """Its state changes and nothing else; what isn't saved stops it."""
    tab = Tab(folder)
    draft = opened(folder, "frist-001")
    unsaved = tab.typed(draft)
    unsaved[1] = "Anders?"

    assert "zuerst" in tab.run("retire", *unsaved)["golden-said"]
    assert open_item(folder, "frist-001").item.status == "active"
    assert "stillgelegt" in tab.run("retire", *tab.typed(draft))["golden-said"]
    assert open_item(folder, "frist-001").item == make_item(status="retired")


def test_leaving_warns_once(folder):
    """Unsaved changes are dropped only at the second press."""
    tab = Tab(folder)
    unsaved = tab.typed(opened(folder, "frist-001"))
    unsaved[1] = "Anders?"
    filters = ("", "", "", "")

    first = tab.run("leave", False, *unsaved, *filters)
    assert "nicht gespeichert" in first["golden-said"]
    assert "golden-list" not in first
    again = tab.run("leave", True, *unsaved, *filters)
    assert again["golden-list"].visible
    assert "frist-001" in again["golden-table"]


def test_the_id_follows_the_file_until_one_is_typed(folder):
    """An id of one's own is left alone."""
    tab = Tab(folder)
    draft = fresh(folder, date(2026, 11, 23))

    changes = tab.events["refile"].fn("fristen.yaml", "entwuerfe-001", draft, "entwuerfe-001")
    assert list(changes.values()) == ["frist-002", "frist-002"]
    kept = tab.events["refile"].fn("fristen.yaml", "eigen-001", draft, "entwuerfe-001")
    assert list(kept.values()) == ["frist-002"]


def test_every_control_has_a_german_name(folder):
    """A label or, on a button, its words."""
    english = {"Submit", "Clear", "Textbox", "Dropdown", "Radio", "Checkbox Group"}
    for block in Tab(folder).page.blocks.values():
        if isinstance(block, gr.components.FormComponent):
            assert block.label, block
            assert block.label not in english
