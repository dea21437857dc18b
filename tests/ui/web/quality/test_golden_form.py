"""The form says what the item says, and what is typed becomes the item again."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings

from assistant.evaluation.find_evidence import Candidate, EvidenceError
from assistant.evaluation.golden import Item
from assistant.evaluation.golden_edit import DRAFTS, open_item, save_item
from assistant.evaluation.golden_files import GoldenError, load_golden
from tests.assistant.evaluation.test_golden_edit import items
from tests.assistant.evaluation.values import (
    SENTENCES,
    make_evidence,
    make_item,
    make_nugget,
    make_unanswerable,
    raw_item,
)
from tests.factories import make_document, make_passage
from ui.web.quality import golden_form as form

GOLDEN = Path(__file__).parents[3] / "golden"
TODAY = date(2026, 11, 23)
FULL = {
    "question": "Wie lang ist die Frist?",
    "paraphrases": "Frist?\n\n wie lange  ",
    "tags": "frist, , zeit",
    "reference_answer": "Die Frist beträgt vier Wochen.",
}
NOTHING_WRONG = lambda item: ()  # noqa: E731


@pytest.fixture
def folder(tmp_path):
    """A golden folder with one item."""
    save_item(tmp_path, make_item(), "fristen.yaml")
    return tmp_path


def filled(folder, **texts):
    """Return a new draft with one piece of evidence and one nugget."""
    draft = form.typed(form.fresh(folder, TODAY), {**FULL, **texts})
    found = Candidate(make_passage(" ".join(SENTENCES)), make_document())
    draft = form.added(form.cited(draft, found, [0]), "nuggets")
    return form.typed(draft, {"nuggets.text": "Vier Wochen", "nuggets.all_of": "vier Wochen | 4"})


def test_every_item_of_the_repository_opens_and_reads_the_same():
    """Nothing an item says is lost in the form."""
    golden = load_golden(GOLDEN)
    for item in golden.items[::16]:
        draft = form.opened(GOLDEN, item.id)
        again, problems = form.read(draft)

        assert (again, problems) == (item, {})
        assert not draft.changed


def test_an_item_with_everything_opens(tmp_path):
    """Follow-up, guards, windows, forbidden statements, limits, reviewers: all come back."""
    item = Item.model_validate(
        raw_item(
            type="follow_up",
            history=[
                {"role": "user", "text": "Was?"},
                {"role": "assistant", "text": "Das.\nDies."},
            ],
            standalone="Was ist das?",
            evidence=[make_evidence(pages=["i", "Folie 3"], section=["A", "B, C: D"], workshop=3)],
            nuggets=[make_nugget(terms=["a", "b"], none_of=["keine", "nicht, nie"], window=8)],
            forbidden=[{"id": "f1", "text": "Falsch", "match": {"any_of": ["x", "y z"]}}],
            must_not_cite=["alt"],
            max_words=50,
            none_hint="Hinweis",
            provenance={
                **{"source": "feedback", "created": "2026-11-22", "author": "kb"},
                **{"reviewers": ["a", "b"], "feedback_id": "f-1"},
            },
        )
    )
    save_item(tmp_path, item, "alles.yaml")

    assert form.read(form.opened(tmp_path, item.id)) == (item, {})


@settings(deadline=None, max_examples=10)
@given(item=items())
def test_an_item_is_shown_whole_or_not_at_all(tmp_path_factory, item):
    """What the form can't hold without a loss isn't opened, with the file named."""
    folder = tmp_path_factory.mktemp("fragen")
    save_item(folder, item, "a.yaml")
    try:
        draft = form.opened(folder, item.id)
    except GoldenError as fault:
        assert "a.yaml" in str(fault)
    else:
        assert form.read(draft)[0] == item


def test_a_new_item_has_a_free_id_and_todays_date(folder):
    """It begins as a draft in the file for drafts."""
    draft = form.fresh(folder, TODAY)

    assert (draft.id, draft.fields["file"]) == ("entwuerfe-001", DRAFTS)
    assert (draft.fields["status"], draft.fields["created"]) == ("draft", "2026-11-23")
    assert not draft.changed
    assert form.fresh(folder, TODAY, "fristen.yaml").id == "frist-002"


def test_what_is_typed_becomes_the_item(folder):
    """Lines and commas are entries, blanks around them don't count."""
    item, problems = form.read(filled(folder))

    assert problems == {}
    assert item.paraphrases == ("Frist?", "wie lange")
    assert item.tags == ("frist", "zeit")
    assert item.evidence[0].quote == SENTENCES[0]
    assert item.nuggets[0].match.all_of[0].any_of == ("vier Wochen", "4")
    assert item.nuggets[0].evidence == ("e1",)


@pytest.mark.parametrize(
    ("texts", "place", "label", "problem"),
    [
        ({"question": "  "}, "question", "Frage", "darf nicht leer sein"),
        ({"id": "Ä 1"}, "id", "Kennung", "darf nur Kleinbuchstaben"),
        ({"created": "gestern"}, "created", "Erstellt am", "muss ein Datum"),
        ({"source": ""}, "source", "Herkunft", "darf nicht leer sein"),
        ({"max_words": "viele"}, "max_words", "Höchstens", "muss eine ganze Zahl sein"),
        ({"type": "frage"}, "type", "Art der Frage", "keine Auswahl"),
        ({"evidence.quote": ""}, "evidence.0.quote", "Beleg e1, Zitat", "darf nicht leer sein"),
        ({"evidence.workshop": "x"}, "evidence.0.workshop", "Beleg e1, Werkstatt", "ganze Zahl"),
        ({"nuggets.all_of": " | "}, "nuggets.0.all_of", "Woran man sie erkennt", "leer"),
        ({"nuggets.window": "nah"}, "nuggets.0.window", "Aussage n1, Abstand", "ganze Zahl"),
        ({"nuggets.evidence": ""}, "nuggets.0.evidence", "Belegt durch", "nicht leer"),
    ],
)
def test_mistakes_are_told_at_their_field(folder, texts, place, label, problem):
    """In German, with the label that stands on the screen."""
    draft = form.typed(filled(folder), texts)
    item, problems = form.read(draft)

    assert item is None
    assert problem in problems[place]
    assert label in form.named(draft, place)
    assert len(problems) == 1


def test_fields_not_on_the_screen_stay_as_they_are(folder):
    """A part that isn't shown isn't touched by what the form says of the one that is."""
    draft = form.added(filled(folder), "evidence", {"quote": "zwei"})
    draft = form.typed(draft, {"evidence.quote": "zwei neu", "question": None})

    assert [part["quote"] for part in draft.parts["evidence"]] == [SENTENCES[0], "zwei neu"]
    assert draft.fields["question"] == FULL["question"]


def test_parts_are_added_chosen_and_removed(folder):
    """Names stay unique; the one beside a removed one is shown."""
    draft = form.fresh(folder, TODAY)
    for _ in range(3):
        draft = form.added(draft, "nuggets")
    draft = form.removed(form.chosen(draft, "nuggets", 1), "nuggets")

    assert [part["id"] for part in draft.parts["nuggets"]] == ["n1", "n3"]
    assert draft.shown["nuggets"] == 1
    assert form.added(draft, "nuggets").parts["nuggets"][-1]["id"] == "n2"
    assert form.chosen(draft, "nuggets", 9) == draft
    empty = form.removed(form.removed(draft, "nuggets"), "nuggets")
    assert (empty.parts["nuggets"], empty.shown["nuggets"]) == ((), -1)


def test_turns_alternate(folder):
    """A conversation begins with a question, and an answer follows."""
    draft = form.fresh(folder, TODAY)
    for _ in range(3):
        draft = form.added(draft, "history")

    assert [turn["role"] for turn in draft.parts["history"]] == ["user", "assistant", "user"]


def test_chosen_sentences_become_evidence(folder):
    """An empty part gives up its place; a filled one doesn't."""
    found = Candidate(make_passage(" ".join(SENTENCES), workshop=3), make_document())
    draft = form.added(form.fresh(folder, TODAY), "evidence")
    once = form.cited(draft, found, [1])
    twice = form.cited(once, found, [2])

    assert [part["id"] for part in twice.parts["evidence"]] == ["e1", "e2"]
    assert once.parts["evidence"][0]["quote"] == SENTENCES[1]
    assert once.parts["evidence"][0]["workshop"] == "3"
    assert twice.shown["evidence"] == 1
    with pytest.raises(EvidenceError):
        form.cited(draft, found, [])


def test_parts_are_named_by_how_they_begin(folder):
    """Short enough for a line of the list."""
    draft = form.added(filled(folder), "history", {"text": "Was\nist " + "lang " * 50})
    label = form.part_label(draft, "history", 0)

    assert label.startswith("Frage: Was ist lang")
    assert label.endswith("…")
    assert form.part_label(draft, "evidence", 0).startswith("e1: Die Frist")
    assert form.part_label(form.added(draft, "forbidden"), "forbidden", 0) == "f1: noch leer"


# -- saving --------------------------------------------------------------------------------


def test_a_draft_is_saved_whatever_the_rules_say(folder):
    """And is then an item of its file, without unsaved changes."""
    after, problems, told = form.save(folder, filled(folder), lambda item: ["nein"])

    assert (problems, after.changed, after.file) == ({}, False, DRAFTS)
    assert told == "Gespeichert in entwuerfe.yaml."
    assert open_item(folder, "entwuerfe-001").item == form.read(after)[0]


def test_an_active_item_must_keep_the_rules(folder):
    """What is wrong is said, and nothing is written."""
    draft = form.typed(filled(folder), {"status": "active"})
    _, _, told = form.save(folder, draft, lambda item: ["Es fehlt ein Beleg."])

    assert told.startswith("Nicht gespeichert")
    assert "Es fehlt ein Beleg." in told
    assert not (folder / DRAFTS).exists()
    assert "nicht mehr vergleichen" in form.save(folder, draft, NOTHING_WRONG)[2]


def test_incomplete_items_are_not_saved(folder):
    """The problems come back, by field."""
    after, problems, told = form.save(folder, form.fresh(folder, TODAY), NOTHING_WRONG)

    assert set(problems) == {"question"}
    assert after.before is None
    assert told.startswith("Nicht gespeichert")


def test_a_taken_id_is_never_overwritten(folder):
    """A new item can't take the place of another one, not even in its file."""
    draft = filled(folder, id="frist-001", file="fristen.yaml")

    with pytest.raises(GoldenError, match="gibt es schon"):
        form.save(folder, draft, NOTHING_WRONG)


def test_changes_of_somebody_else_are_noticed(folder):
    """Two forms over one file: the second one to save is told."""
    first, second = form.opened(folder, "frist-001"), form.opened(folder, "frist-001")
    form.save(folder, form.typed(first, {"tags": "eins"}), NOTHING_WRONG)

    with pytest.raises(GoldenError, match="inzwischen von jemand anderem geändert"):
        form.save(folder, form.typed(second, {"tags": "zwei"}), NOTHING_WRONG)
    assert open_item(folder, "frist-001").item.tags == ("eins",)


def test_an_opened_item_keeps_its_id_and_its_feedback(folder):
    """The id of a saved item never changes, whatever the form says."""
    draft = form.typed(form.opened(folder, "frist-001"), {"id": "anders-001"})

    assert form.read(draft)[0].id == "frist-001"
    assert replace(draft, before=None).id == "anders-001"


def test_unanswerable_items_open(tmp_path):
    """Empty lists and open choices come back."""
    item = make_unanswerable()
    save_item(tmp_path, item, "ohne.yaml")

    assert form.read(form.opened(tmp_path, item.id)) == (item, {})


def test_every_choice_has_a_german_name():
    """The lists offer exactly what an item may say."""
    fields = Item.model_fields
    for name, choices in (("status", form.STATUS), ("answerable", form.ANSWERABLE)):
        assert set(choices) == set(fields[name].annotation.__args__)
    assert set(form.REASONS) == set(fields["none_reason"].annotation.__args__[0].__args__)
