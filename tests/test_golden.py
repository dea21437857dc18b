"""The golden set is well formed, and what it quotes stands in the starter collection.

Needs no model and no index: sources, catalogue and glossary are read as text.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from corpus.catalogue import load_glossary
from corpus.typeset.glossary import glossary_markdown
from ingest.loaders.catalogue import load_catalogue_document

GOLDEN = Path(__file__).parent / "golden"
CORPUS = Path(__file__).parents[1] / "corpus"

TYPES = {
    *("fact", "numeric", "definition", "list", "procedure", "comparison", "multi_source"),
    *("follow_up", "unanswerable", "false_premise", "ambiguous", "outdated", "injection"),
}
REASONS = {"not_in_corpus", "out_of_scope", "false_premise", "outdated", "unknown_workshop"}
OTHER_REASONS = {"ambiguous", "needs_human_judgement", "personal_data"}  # of no item so far
MIN_ACTIVE = 150
QUOTE_WORDS = (8, 40)
MAX_FOREIGN = 0.01  # of the nuggets may be met by answers to other questions; was 0.002

ITEM_KEYS = {
    *("id", "status", "split", "tags", "type", "question", "paraphrases", "answerable"),
    *("none_reason", "none_hint", "evidence", "nuggets", "reference_answer", "provenance"),
}
FOLLOW_UP_KEYS = {"history", "standalone"}
OPTIONAL_KEYS = {"forbidden", "must_not_cite", "max_words"}
OPTIONAL_EVIDENCE_KEYS = {"pages", "doc_sha256"}
EVIDENCE_KEYS = {"id", "group", "doc", "workshop", "section", "quote", "grade"}
MATCH_KEYS = {"all_of", "none_of", "window"}
NUGGET_KEYS = {"id", "importance", "text", "match", "evidence"}


def load_items():
    """Return the items of all files in the order of their names."""
    items = []
    for path in sorted(GOLDEN.glob("*.yaml")):
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(data) == {"schema", "items"}, path.name
        assert data["schema"] == 1, path.name
        items.extend(data["items"])
    return items


ITEMS = load_items()
ACTIVE = [item for item in ITEMS if item["status"] == "active"]
ANSWERED = [item for item in ACTIVE if item["answerable"] != "none"]


def counts():
    """Return the make-up of the active items, for messages."""
    lines = [f"{len(ACTIVE)} active items"]
    for key in ("type", "split", "answerable", "none_reason"):
        tally = Counter(str(item.get(key)) for item in ACTIVE)
        lines.append(f"{key}: " + ", ".join(f"{name} {n}" for name, n in tally.most_common()))
    return "\n".join(lines)


def report(faults):
    return "\n".join([counts(), "", *faults])


def split_of(item_id):
    """Return the split that follows from the id, so that nobody can choose it."""
    number = int(hashlib.sha256(item_id.encode()).hexdigest()[:8], 16)
    return "test" if number % 3 == 0 else "dev"


# The starter collection as text


def normal(text):
    """Return text without footnote marks, bold marks and table pipes, on one line."""
    text = unicodedata.normalize("NFKC", re.sub(r"\[\^[^\]\s]+\]", "", text))
    return " ".join(text.replace("**", "").replace("|", " ").split())


@cache
def source(doc):
    """Return (blocks by section path, workshop) of a document; a block is a paragraph,
    list item or table row.
    """
    if doc == "werkstaetten":
        return catalogue_sections(), None
    if doc == "glossar":
        text = glossary_markdown(load_glossary(), SimpleNamespace(iso="2026-11"))
        text = text.replace("\\", "")
    else:
        text = (CORPUS / "sources" / f"{doc}.md").read_text(encoding="utf-8")
    _, front_matter, body = re.split(r"^---\n", text, maxsplit=2, flags=re.M)
    return markdown_sections(body), yaml.safe_load(front_matter).get("werkstatt")


def catalogue_sections():
    sections, path = {}, ()
    for block in load_catalogue_document(CORPUS / "documents" / "werkstaetten.yaml").blocks:
        if block.kind == "heading":
            path = (block.text,)
        else:
            sections.setdefault(path, []).append(normal(block.text))
    return sections


def markdown_sections(body):
    sections, path, open_block = {}, (), False
    for raw in body.splitlines():
        line = re.sub(r"^> ?", "", raw)
        if heading := re.match(r"(#{2,}) (.+)", line):
            depth = len(heading[1]) - 2
            path = (*path[:depth], heading[2].strip())
            open_block = False
        elif not line.strip() or re.match(r"\[\^[^\]]+\]:|\|[\s|:-]+\|$", line):
            open_block = False
        else:
            text, alone = re.sub(r"^(?:- |\d+\. )", "", line), line.startswith("|")
            blocks = sections.setdefault(path, [])
            if open_block and not alone and text == line:
                blocks[-1] = normal(f"{blocks[-1]} {text}")
            else:
                blocks.append(normal(text))
            open_block = not alone
    return sections


def whole_sentence(quote, block):
    """Return whether the quote is the whole block or ends and starts with its sentences."""
    start = block.index(quote)
    before, after = block[:start].rstrip(), block[start + len(quote) :]
    return (not before or before[-1] in ".!?:") and (not after or quote[-1] in ".!?")


def workshop_of(doc, path):
    """Return the number a passage belongs to: its document's, else its chapter's."""
    number = source(doc)[1]
    if number is None and path:
        chapter = re.match(r"(\d+)\. Werkstatt:|Werkstatt (\d+):", path[0])
        number = int(chapter[1] or chapter[2]) if chapter else None
    return number


# The matcher of nuggets


def contains(text, term):
    """Return whether a word of the text begins with the term, whatever its capitals.

    Endings may follow ("Problem" in "Probleme"), but a number has to be the whole number.
    """
    term = normal(term).casefold()
    pattern = re.escape(term)
    if term[0].isdigit():
        pattern = r"(?<![\d.,])" + pattern
    elif term[0].isalpha():
        pattern = r"(?<!\w)" + pattern
    if term[-1].isdigit():
        pattern += r"(?!\d|[.,]\d)"
    return re.search(pattern, normal(text).casefold()) is not None


def matches(text, match):
    return all(
        any(contains(text, term) for term in alternative["any_of"])
        for alternative in match["all_of"]
    ) and not any(contains(text, term) for term in match.get("none_of", ()))


# Tests


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


def key_faults(item):
    follow_up = item["type"] == "follow_up"
    if set(item) - OPTIONAL_KEYS != ITEM_KEYS | (FOLLOW_UP_KEYS if follow_up else set()):
        yield "keys " + str(sorted(set(item) ^ ITEM_KEYS))
    for evidence in item["evidence"]:
        if set(evidence) - OPTIONAL_EVIDENCE_KEYS != EVIDENCE_KEYS:
            yield "keys of evidence " + str(evidence.get("id"))
    for nugget in item["nuggets"]:
        if set(nugget) != NUGGET_KEYS or not set(nugget["match"]) <= MATCH_KEYS:
            yield "keys of nugget " + str(nugget.get("id"))
    if follow_up and not (
        item["history"]
        and all(turn["role"] in ("user", "assistant") for turn in item["history"])
        and all(is_text(turn["text"]) for turn in item["history"])
        and is_text(item["standalone"])
    ):
        yield "history or standalone"


def value_faults(item):
    checks = {
        "id": re.fullmatch(r"[a-z0-9]+-\d{3}", item["id"]),
        "status": item["status"] in ("draft", "active", "quarantined", "retired"),
        "type": item["type"] in TYPES,
        "question": is_text(item["question"]),
        "paraphrases": all(map(is_text, item["paraphrases"])),
        "tags": all(map(is_text, item["tags"])),
        "answerable": item["answerable"] in ("full", "partial", "none"),
        "none_reason": item["none_reason"] in REASONS | OTHER_REASONS | {None},
        "provenance": all(
            all(map(is_text, value)) if isinstance(value, list) else is_text(value)
            for value in item["provenance"].values()
        ),
    }
    yield from (f"value of {key}" for key, sound in checks.items() if not sound)


def part_faults(item):
    evidence_ids = [evidence["id"] for evidence in item["evidence"]]
    if len(set(evidence_ids)) < len(evidence_ids):
        yield "evidence ids not unique"
    for evidence in item["evidence"]:
        if evidence["grade"] not in (1, 2) or not is_text(evidence["group"]):
            yield f"grade or group of {evidence['id']}"
    for nugget in item["nuggets"]:
        match = nugget["match"]
        terms = [term for alternative in match["all_of"] for term in alternative["any_of"]]
        if nugget["importance"] not in ("vital", "okay") or not is_text(nugget["text"]):
            yield f"importance or text of {nugget['id']}"
        if not terms or not all(map(is_text, [*terms, *match.get("none_of", ())])):
            yield f"match of {nugget['id']}"
        if not nugget["evidence"] or not set(nugget["evidence"]) <= set(evidence_ids):
            yield f"evidence of {nugget['id']}"


@pytest.mark.parametrize("faults_of", [key_faults, value_faults, part_faults])
def test_items_follow_the_schema(faults_of):
    """Every active item has the fields of README.md and nothing else; drafts may be unfinished."""
    faults = [f"{item['id']}: {fault}" for item in ACTIVE for fault in faults_of(item)]

    assert not faults, report(faults)


def test_ids_are_unique():
    """No id occurs twice over all files."""
    faults = [name for name, n in Counter(item["id"] for item in ITEMS).items() if n > 1]

    assert not faults, report(faults)


def test_questions_are_asked_once():
    """No question or paraphrase is asked twice; follow-ups mean another thing each time."""
    asked = Counter(
        normal(text).casefold()
        for item in ACTIVE
        if item["type"] != "follow_up"
        for text in (item["question"], *item["paraphrases"])
    )
    faults = [text for text, n in asked.items() if n > 1]

    assert not faults, report(faults)


def test_split_follows_from_the_id():
    """The hash of the id decides over dev and test."""
    faults = [
        f"{item['id']}: {item['split']}" for item in ITEMS if item["split"] != split_of(item["id"])
    ]

    assert not faults, report(faults)


def test_set_is_large_and_mixed():
    """At least 150 active items, about a fifth unanswerable, about a tenth follow-ups."""
    total = len(ACTIVE)
    unanswerable = sum(item["answerable"] == "none" for item in ACTIVE) / total
    follow_ups = sum(item["type"] == "follow_up" for item in ACTIVE) / total

    assert total >= MIN_ACTIVE, counts()
    assert 0.15 <= unanswerable <= 0.25, counts()
    assert 0.07 <= follow_ups <= 0.13, counts()


def quote_faults(evidence):
    doc, path, quote = evidence["doc"], tuple(evidence["section"]), evidence["quote"]
    low, high = QUOTE_WORDS
    block = next((b for b in source(doc)[0].get(path, ()) if quote in b), None)
    if quote != normal(quote):
        yield "quote is not normalised"
    if block is None:
        yield f"not found in {doc}, {' > '.join(path)}: {quote}"
    elif len(quote.split()) < low and not whole_sentence(quote, block):
        yield f"fewer than {low} words and no whole sentence: {quote}"
    if len(quote.split()) > high:
        yield f"more than {high} words: {quote}"
    if evidence["workshop"] != workshop_of(doc, path):
        yield f"workshop is {workshop_of(doc, path)}, not {evidence['workshop']}"


def test_quotes_stand_in_their_sources():
    """Every quote occurs in the named section of its document, with the right workshop."""
    faults = [
        f"{item['id']} {evidence['id']}: {fault}"
        for item in ACTIVE
        for evidence in item["evidence"]
        for fault in quote_faults(evidence)
    ]

    assert not faults, report(faults)


def test_answerable_items_have_evidence_and_a_vital_nugget():
    """Whoever can be answered says with what, whoever can't says why."""
    faults = []
    for item in ACTIVE:
        vital = any(nugget["importance"] == "vital" for nugget in item["nuggets"])
        if item["answerable"] == "none":
            sound = item["none_reason"] and item["none_hint"] and not item["evidence"]
            sound = sound and not item["nuggets"] and item["reference_answer"] is None
        else:
            sound = item["evidence"] and vital and is_text(item["reference_answer"])
            sound = sound and item["none_reason"] is None
            sound = sound and any(evidence["grade"] == 2 for evidence in item["evidence"])
        if not sound:
            faults.append(item["id"])

    assert not faults, report(faults)


def test_nuggets_match_their_own_answer_and_evidence():
    """A nugget finds itself in the reference answer and each quote it names, not in nothing."""
    faults = []
    for item in ANSWERED:
        quotes = {evidence["id"]: evidence["quote"] for evidence in item["evidence"]}
        for nugget in item["nuggets"]:
            texts = [item["reference_answer"], *(quotes[name] for name in nugget["evidence"])]
            missed = [text for text in texts if not matches(text, nugget["match"])]
            faults += [f"{item['id']} {nugget['id']} misses: {text}" for text in missed]
            if matches("", nugget["match"]):
                faults.append(f"{item['id']} {nugget['id']} matches an empty answer")

    assert not faults, report(faults)


def test_full_marks_for_all_evidence_together():
    """The quotes of an item, read together, satisfy all its nuggets."""
    faults = []
    for item in ANSWERED:
        text = " … ".join(evidence["quote"] for evidence in item["evidence"])
        missed = [nugget for nugget in item["nuggets"] if not matches(text, nugget["match"])]
        faults += [f"{item['id']} {nugget['id']}: {nugget['text']}" for nugget in missed]

    assert not faults, report(faults)


def test_nuggets_do_not_match_foreign_answers():
    """Answers to the next twenty questions hardly ever satisfy a nugget."""
    hits = tried = 0
    for place, item in enumerate(ANSWERED):
        foreign = [ANSWERED[(place + 7 * step) % len(ANSWERED)] for step in range(1, 21)]
        for nugget in item["nuggets"]:
            tried += len(foreign)
            hits += sum(matches(other["reference_answer"], nugget["match"]) for other in foreign)

    assert hits / tried <= MAX_FOREIGN, f"{counts()}\n\n{hits} of {tried}"


def test_reasons_are_spread():
    """Every reason to refuse occurs, so that each rate has something to count."""
    reasons = Counter(item["none_reason"] for item in ACTIVE if item["answerable"] == "none")

    assert set(reasons) == REASONS, counts()
