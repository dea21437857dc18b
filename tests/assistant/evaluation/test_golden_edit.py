"""One item is written into its file, and nothing else in it changes."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.evaluation import golden_edit
from assistant.evaluation.golden import Item, split_of
from assistant.evaluation.golden_edit import (
    DRAFTS,
    digest_of,
    next_id,
    open_item,
    retire_item,
    save_item,
    with_item,
    writable,
)
from assistant.evaluation.golden_files import GoldenError, load_golden, parse_items
from tests.assistant.evaluation.values import (
    make_evidence,
    make_item,
    make_nugget,
    raw_item,
    raw_unanswerable,
)

GOLDEN = Path(__file__).parents[2] / "golden"

# A file as people write it: comments, empty lines, flow and block, quotes of every kind.
BY_HAND = """\
# Kopf der Datei
schema: 1

items:   # alle Fragen

  # vor der ersten
  - id: frist-001
    status: active # geprüft
    split: dev
    tags: [frist]   # Themen
    type: fact
    # eine Bemerkung
    question: Wie lang ist
      die Frist?
    paraphrases: []
    answerable: full
    none_reason:
    none_hint: null
    evidence:
      - {id: e1, group: A, doc: heft, workshop: null, section: [Kapitel], grade: 2,
         quote: "Die Frist beträgt vier Wochen nach Zugang."}
      # Ende der Belege
    nuggets:
      - id: n1
        importance: vital
        text: |
          vier Wochen
        match: {all_of: [{any_of: [vier Wochen]}]}
        evidence: [e1]
    reference_answer: 'Die Frist beträgt vier Wochen.'
    provenance: {source: test, created: '2026-11-22'}

  # vor der zweiten
  - status: draft
    id: frist-002
    split: dev
    tags: []
    type: unanswerable
    question: >
      Und dann?

    paraphrases:
    - Wirklich?
    answerable: none
    none_reason: not_in_corpus
    none_hint: 'nichts'
    evidence: []
    nuggets: []
    reference_answer: null
    provenance:
      source: test
      created: "2026-11-22"   # am Ende
# Schluss
"""
IDS = ("frist-001", "frist-002")

NASTY = (
    *("no", "12:30", "2026-01-02", "- Strich", "a: b", "# kein Kommentar", "x # y", "„Ü“ ß"),
    *("'", '"', "zwei\nZeilen", "Ende  ", "  Anfang", "[a", "{b}", "%", "@x", "`y", "!tag"),
    *("&a", "*a", "|", ">", "a\n\n b\n", "null", "~", "0x1F", "1_000", "\t", "\\n", "a\\"),
    *("?", "? a", "---", "...", "=", "<<", "\u2028x", "a\x85b", "\ufeffx", "😀", "a\r\nb"),
    *("x" * 300, "lang " * 60, "‚a‘", "x:", ":x"),
)

# The time of one example says nothing on a busy machine.
untimed = settings(deadline=None, max_examples=40)

texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8"), min_size=1),
    st.builds(" ".join, st.lists(st.sampled_from(NASTY), min_size=1, max_size=4)),
).filter(lambda text: re.search(r"\S", text))


@st.composite
def items(draw, id="neu-001"):
    """Items whose every text may be nasty."""
    evidence = [
        {
            **make_evidence(f"e{n}", draw(texts), doc=draw(texts), group=draw(texts)),
            "section": draw(st.lists(texts, max_size=2)),
            "pages": draw(st.lists(texts, max_size=2)),
            "workshop": draw(st.none() | st.integers(0, 10)),
        }
        for n in range(draw(st.integers(0, 2)))
    ]
    nugget = make_nugget(terms=draw(st.lists(texts, min_size=1, max_size=3)))
    nugget["match"] |= draw(st.fixed_dictionaries({}, optional={"window": st.integers(0, 99)}))
    return Item.model_validate(
        raw_item(
            id,
            question=draw(texts),
            tags=draw(st.lists(texts, max_size=2)),
            paraphrases=draw(st.lists(texts, max_size=2)),
            evidence=evidence,
            nuggets=[nugget],
            none_hint=draw(st.none() | texts),
            reference_answer=draw(st.none() | texts),
            must_not_cite=draw(st.lists(texts, max_size=2)),
            history=draw(st.lists(st.fixed_dictionaries({"role": st.just("user"), "text": texts}))),
        )
    )


def file_of(folder, text=BY_HAND, name="fristen.yaml"):
    """Write a file into a golden folder."""
    (folder / name).write_bytes(text.encode())
    return folder


def without_item(text, id):
    """Return the lines of a file that don't belong to an item, comments included."""
    nodes = yaml.compose(text).value[1][1].value
    node = next(n for n in nodes if any(v.value == id for _, v in n.value))
    lines = text.splitlines(keepends=True)
    return lines[: node.start_mark.line], lines[node.end_mark.line :]


@untimed
@given(item=items())
def test_a_new_item_comes_back_equal(item):
    """Whatever its texts are, and every byte that was there before stays where it was."""
    text = with_item(BY_HAND, "a.yaml", item)
    start, end = BY_HAND.split("# Schluss")

    assert parse_items(text, "a.yaml")[-1] == item
    assert text.startswith(start.rstrip("\n"))
    assert text.endswith("\n# Schluss" + end)


@untimed
@given(id=st.sampled_from(IDS), data=st.data())
def test_a_changed_item_comes_back_equal(id, data):
    """Whatever it is changed into, and the lines of the others stay byte for byte."""
    item = data.draw(items(id).map(lambda item: item.model_copy(update={"split": split_of(id)})))
    old = BY_HAND.replace("split: dev", f"split: {split_of(id)}")
    text = with_item(old, "a.yaml", item)

    assert {i.id: i for i in parse_items(text, "a.yaml")}[id] == item
    before, after = without_item(old, id)
    assert text.startswith("".join(before))
    assert text.endswith("".join(after))


@untimed
@given(item=items())
def test_other_readers_read_the_same(item):
    """YAML's own reader, which knows truth values and dates, sees the same texts."""
    text = with_item(BY_HAND, "a.yaml", item)

    assert yaml.safe_load(text)["items"][-1] == item.model_dump(mode="json", exclude_defaults=True)


@untimed
@given(item=items())
def test_lists_in_one_line_take_items_too(item):
    """JSON is YAML; so is an empty list."""
    for text in ('{"schema": 1, "items": []}', "schema: 1\nitems: []\n# Ende\n"):
        once = with_item(text, "a.yaml", item)
        twice = with_item(once, "a.yaml", make_item("frist-002"))
        changed = with_item(twice, "a.yaml", make_item("frist-002", question="Anders?"))

        assert parse_items(changed, "a.yaml") == (
            item,
            make_item("frist-002", question="Anders?"),
        )


def test_every_item_of_the_repository_is_saved_without_a_change(tmp_path):
    """Opened and saved as it is, a file stays byte for byte."""
    for path in GOLDEN.glob("*.yaml"):
        text = path.read_bytes().decode()
        for item in parse_items(text, path.name)[:2]:
            assert with_item(text, path.name, item) == text


def test_only_changed_fields_are_written():
    """Comments and line breaks of all other fields of the item stay."""
    old = parse_items(BY_HAND, "a.yaml")[0]
    new = old.model_copy(update={"status": "draft", "reference_answer": "Vier Wochen: ja"})

    assert with_item(BY_HAND, "a.yaml", new) == BY_HAND.replace(
        "status: active # geprüft", "status: draft # geprüft"
    ).replace("'Die Frist beträgt vier Wochen.'", "'Vier Wochen: ja'")


def test_fields_come_and_go():
    """An optional field is put where it belongs, and vanishes again without a trace."""
    old = parse_items(BY_HAND, "a.yaml")[0]
    new = old.model_copy(update={"max_words": 50, "must_not_cite": ("alt",), "standalone": "S?"})
    text = with_item(BY_HAND, "a.yaml", new)

    assert "    paraphrases: []\n    standalone: S?\n    answerable: full\n" in text
    assert "    must_not_cite:\n      - alt\n    reference_answer: '" in text
    assert "    max_words: 50\n    provenance: {" in text
    assert with_item(text, "a.yaml", old) == BY_HAND


def test_an_item_may_begin_with_a_field_that_goes():
    """The dash stays where it is, with the next field behind it."""
    text = BY_HAND.replace("- id: frist-001", "- max_words: 9\n    id: frist-001")
    old = parse_items(text, "a.yaml")[0]
    new = old.model_copy(update={"max_words": None})
    saved = with_item(text, "a.yaml", new)

    assert parse_items(saved, "a.yaml")[0] == new
    assert "  # vor der ersten\n  - id: frist-001\n" in saved
    assert saved.endswith(BY_HAND[BY_HAND.index("\n  # vor der zweiten") :])


def test_written_as_by_hand():
    """Short lists in a line, long texts folded, nothing quoted without need."""
    item = make_item(
        question="Wie lang?", evidence=[make_evidence(pages=["3"], section=["A", "B: c"])]
    )

    assert with_item("schema: 1\nitems: []\n", "a.yaml", item) == (
        "schema: 1\nitems:\n"
        "  - id: frist-001\n"
        "    status: active\n"
        f"    split: {item.split}\n"
        "    tags: [frist]\n"
        "    type: fact\n"
        "    question: Wie lang?\n"
        "    paraphrases: []\n"
        "    answerable: full\n"
        "    none_reason: null\n"
        "    none_hint: null\n"
        "    evidence:\n"
        "      - id: e1\n"
        "        group: A\n"
        "        doc: heft\n"
        "        workshop: null\n"
        "        section: [Kapitel]\n".replace("[Kapitel]", "[A, 'B: c']")
        + "        pages: ['3']\n"
        "        quote: Die Frist beträgt vier Wochen nach Zugang des Bescheids der Stadt.\n"
        "        grade: 2\n"
        "    nuggets:\n"
        "      - id: n1\n"
        "        importance: vital\n"
        "        text: vier Wochen\n"
        "        match: {all_of: [{any_of: [vier Wochen]}]}\n"
        "        evidence: [e1]\n"
        "    reference_answer: Die Frist beträgt vier Wochen.\n"
        "    provenance: {source: test, created: '2026-11-22'}\n"
    )


def test_line_ends_of_other_systems_stay():
    """A file with CRLF gets lines with CRLF only."""
    text = BY_HAND.replace("\n", "\r\n")
    new = parse_items(text, "a.yaml")[0].model_copy(update={"paraphrases": ("a", "b"), "tags": ()})
    saved = with_item(with_item(text, "a.yaml", new), "a.yaml", make_item("neu-001"))

    assert saved.count("\n") == saved.count("\r\n")
    assert parse_items(saved, "a.yaml")[0] == new


def test_what_cannot_be_changed_alone_is_refused():
    """An item that borrows a part of another one by reference stays as it is, with a reason."""
    text = BY_HAND.replace("tags: [frist]", "tags: &t [frist]").replace("tags: []", "tags: *t")
    first = parse_items(text, "a.yaml")[0]

    with pytest.raises(GoldenError, match=r"a\.yaml: Die Frage „frist-001“"):
        with_item(text, "a.yaml", first.model_copy(update={"tags": ("x",)}))


# -- folders --------------------------------------------------------------------------------


def test_drafts_get_a_file_of_their_own(tmp_path):
    """A new item goes to the drafts, whose file is made with a head that names the schema."""
    item = make_item("entwurf-001", status="draft")
    file_of(tmp_path)
    path = save_item(tmp_path, item)
    save_item(tmp_path, make_item("entwurf-002", status="draft"))

    assert path.name == DRAFTS
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=schema.json\n"
    )
    assert load_golden(tmp_path).files["entwurf-002"] == DRAFTS
    assert [p.name for p in sorted(tmp_path.iterdir())] == [DRAFTS, "fristen.yaml"]


def test_an_item_stays_in_its_file(tmp_path):
    """A known id is replaced where it is; asked for in another file, it is refused."""
    file_of(tmp_path)
    new = open_item(tmp_path, "frist-001").item.model_copy(
        update={"question": "Neu?", "split": split_of("frist-001")}
    )

    assert save_item(tmp_path, new).name == "fristen.yaml"
    assert open_item(tmp_path, "frist-001").item == new
    with pytest.raises(GoldenError, match=r"gibt es schon in fristen\.yaml"):
        save_item(tmp_path, new, "anders.yaml")


def test_a_file_somebody_else_changed_is_not_overwritten(tmp_path):
    """The digest from opening decides; the file stays as the other one left it."""
    opened = open_item(file_of(tmp_path), "frist-001")
    item = opened.item.model_copy(update={"split": split_of("frist-001")})
    save_item(tmp_path, item, opened=opened.digest)
    other = BY_HAND + "# von jemand anderem\n"
    file_of(tmp_path, other)

    with pytest.raises(GoldenError, match="inzwischen von jemand anderem geändert"):
        save_item(tmp_path, item, opened=opened.digest)
    assert (tmp_path / "fristen.yaml").read_text(encoding="utf-8") == other


def test_a_new_file_somebody_else_made_is_noticed(tmp_path):
    """A file that wasn't there when the form was opened has the empty digest."""
    seen = digest_of(tmp_path, "neu.yaml")
    save_item(tmp_path, make_item("neu-001"), "neu.yaml", seen)

    assert seen == ""
    with pytest.raises(GoldenError, match="geändert"):
        save_item(tmp_path, make_item("neu-002"), "neu.yaml", seen)
    save_item(tmp_path, make_item("neu-002"), "neu.yaml", digest_of(tmp_path, "neu.yaml"))


def test_retired_items_stay(tmp_path):
    """Nothing is deleted: the id stays taken."""
    item = make_item("neu-001")
    save_item(tmp_path, item)
    retire_item(tmp_path, "neu-001")

    assert open_item(tmp_path, "neu-001").item == item.model_copy(update={"status": "retired"})
    with pytest.raises(GoldenError, match="gibt es nicht mehr"):
        retire_item(tmp_path, "neu-002")


@pytest.mark.parametrize("name", ["../x.yaml", "x.yml", "a/b.yaml", ".yaml", "X.yaml", ".a.yaml"])
def test_files_stay_in_the_folder(tmp_path, name):
    """A name that isn't a plain file name is refused."""
    with pytest.raises(GoldenError, match="kein Dateiname"):
        save_item(tmp_path, make_item(), name)
    assert not list(tmp_path.iterdir())


def test_the_split_is_never_chosen(tmp_path):
    """An item in the wrong split isn't written."""
    item = make_item()
    wrong = item.model_copy(update={"split": "test" if item.split == "dev" else "dev"})

    with pytest.raises(GoldenError, match="Aus der Kennung folgt split"):
        save_item(tmp_path, wrong)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    """No half file, no leftover, and a message that names file and folder."""
    file_of(tmp_path)

    def refuse(self, target):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(golden_edit.Path, "replace", refuse)
    with pytest.raises(GoldenError, match=r"entwuerfe\.yaml lässt sich nicht schreiben"):
        save_item(tmp_path, make_item("neu-001"))
    assert [p.name for p in tmp_path.iterdir()] == ["fristen.yaml"]
    assert (tmp_path / "fristen.yaml").read_text(encoding="utf-8") == BY_HAND


def test_folders_that_are_missing_are_not_writable(tmp_path):
    """Neither is a file."""
    assert writable(tmp_path)
    assert not writable(tmp_path / "fehlt")


def test_ids_are_proposed_by_topic(tmp_path):
    """The topic of the file's ids and the next number, also after retired ones."""
    file_of(tmp_path)
    save_item(tmp_path, make_item("wohnen-009"), "haus.yaml")
    save_item(tmp_path, make_item("sonder", status="retired"), "haus.yaml")
    golden = load_golden(tmp_path)

    assert next_id(golden, "fristen.yaml") == "frist-003"
    assert next_id(golden, "haus.yaml") == "wohnen-010"
    assert next_id(golden, DRAFTS) == "entwuerfe-001"
    assert next_id(golden, "Ä.yaml") == "frage-001"


@settings(untimed, max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(item=items())
def test_saved_is_what_is_loaded(tmp_path, item):
    """Over the disk and back."""
    path = save_item(tmp_path, item)

    assert load_golden(tmp_path).items == (item,)
    path.unlink()


def test_unanswerable_items_are_written(tmp_path):
    """Empty lists and nulls come back."""
    item = Item.model_validate(raw_unanswerable())
    save_item(tmp_path, item)

    assert load_golden(tmp_path).items == (item,)
