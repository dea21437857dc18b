"""The golden set is read strictly, and every mistake is named by file, item and field."""

import hashlib
from pathlib import Path

import pytest
import yaml

from assistant.evaluation.golden import digest, json_schema, split_of
from assistant.evaluation.golden_files import GoldenError, load_golden, parse_items
from tests.assistant.evaluation.values import make_item, raw_item
from tests.golden import schema

GOLDEN = Path(__file__).parents[2] / "golden"


def as_file(*items):
    """Return the YAML of a file with these items."""
    return yaml.safe_dump({"schema": 1, "items": list(items)}, allow_unicode=True)


def without(item, field):
    """Return the item without one of its fields."""
    return {key: value for key, value in item.items() if key != field}


def test_reads_what_stands_in_the_files():
    """The items of the repository are, value by value, what the YAML says, sorted by id."""
    golden = load_golden(GOLDEN)
    written = {
        item["id"]: item
        for path in GOLDEN.glob("*.yaml")
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]
    }

    assert [item.id for item in golden.items] == sorted(written)
    assert all(
        item.model_dump(mode="json", exclude_unset=True) == written[item.id]
        for item in golden.items
    )
    assert golden.files["kein-001"] == "ohne-antwort.yaml"


@pytest.mark.parametrize("scalar", ["no", "on", "12:30", "2026-01-02", "1999", "0x1F", "1.5", "~x"])
def test_text_stays_text(scalar):
    """What YAML would take for a truth value, date or number is text here."""
    text = as_file(raw_item(question="STELLE")).replace("STELLE", scalar)

    assert parse_items(text, "a.yaml")[0].question == scalar


@pytest.mark.parametrize(
    ("item", "field", "problem"),
    [
        (without(raw_item("frist-001"), "nuggets"), "nuggets", "fehlt"),
        (raw_item("frist-001", notiz="x"), "notiz", "kein bekanntes Feld"),
        (raw_item("frist-001", status="aktiv"), "status", "erlaubt ist draft, active"),
        (raw_item("frist-001", question=""), "question", "darf nicht leer sein"),
        (raw_item("frist-001", question=None), "question", "muss Text sein"),
        (raw_item("frist-001", tags="frist"), "tags", "muss eine Liste sein"),
        (raw_item("frist-001", max_words="viele"), "max_words", "muss eine ganze Zahl sein"),
        (raw_item("frist-001", max_words="-3"), "max_words", "muss eine ganze Zahl sein"),
        (
            raw_item("frist-001", provenance={"source": "x", "created": "22.11.2026"}),
            "provenance › created",
            "Datum wie 2026-11-22",
        ),
        (
            raw_item("frist-001", evidence=[{**raw_item()["evidence"][0], "grade": 3}]),
            "evidence › 1 › grade",
            "höchstens 2",
        ),
    ],
)
def test_mistakes_are_named(item, field, problem):
    """The message names file, item and field, in German."""
    with pytest.raises(GoldenError) as fault:
        parse_items(as_file(item), "fristen.yaml")

    assert str(fault.value).startswith(f"fristen.yaml, frist-001, Feld „{field}“: ")
    assert problem in str(fault.value)


def test_all_mistakes_at_once():
    """An editor sees every mistake of a file, not one after the other."""
    items = [raw_item("frist-001", status="aktiv"), raw_item("frist-002", type="frage")]

    with pytest.raises(GoldenError) as fault:
        parse_items(as_file(*items), "a.yaml")

    assert "frist-001" in str(fault.value)
    assert "frist-002" in str(fault.value)


@pytest.mark.parametrize("text", ["", "abc", "items: [", "schema: 1\nitems: []\nschema: 1\n"])
def test_what_is_no_set_is_refused(text):
    """Empty, broken and doubled files are named, whatever is wrong with them."""
    with pytest.raises(GoldenError, match=r"a\.yaml"):
        parse_items(text, "a.yaml")


def test_no_object_is_made_from_yaml():
    """A tag that would make an object of any class is refused."""
    with pytest.raises(GoldenError):
        parse_items("schema: !!python/object/apply:os.getcwd []\nitems: []", "a.yaml")


def test_ids_are_unique_over_files(tmp_path):
    """Two files with one id are both named."""
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(as_file(raw_item()), encoding="utf-8")

    with pytest.raises(GoldenError, match=r"frist-001.*a\.yaml.*b\.yaml"):
        load_golden(tmp_path)


def test_folder_without_questions_is_named(tmp_path):
    """An empty folder is a mistake, not an empty set."""
    with pytest.raises(GoldenError, match=tmp_path.name):
        load_golden(tmp_path)


def test_digest_follows_content_only():
    """Order and defaults don't change the digest; any other word does."""
    one, two = make_item("frist-001"), make_item("frist-002")

    assert digest([one, two]) == digest([two, one])
    assert digest([make_item(paraphrases=[], must_not_cite=[])]) == digest([one])
    assert digest([make_item(question="Wie lange ist die Frist?")]) != digest([one])


def test_split_is_settled_by_the_id():
    """A third of the ids falls into the test split, by the rule in the set's own README."""
    ids = [f"frage-{number:03}" for number in range(300)]
    test = {id for id in ids if int(hashlib.sha256(id.encode()).hexdigest()[:8], 16) % 3 == 0}

    assert {id for id in ids if split_of(id) == "test"} == test
    assert 70 < len(test) < 130


def test_json_schema_knows_the_fields():
    """Editors can check a file while it is typed: unknown fields and wrong types are errors."""
    schema = json_schema()
    item = schema["$defs"]["Item"]

    assert item["additionalProperties"] is False
    assert {"id", "question", "evidence", "nuggets"} <= set(item["required"])
    assert "window" in schema["$defs"]["Match"]["properties"]


def test_json_schema_file_is_current():
    """The file that editors read is what the program checks by."""
    assert schema.FILE.read_text(encoding="utf-8") == schema.content(), (
        "python -m tests.golden.schema schreibt sie neu."
    )
