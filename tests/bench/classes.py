"""Classes of questions: a row each. Hand-written ones by tag, the rest by rule."""

import re
from collections.abc import Mapping

import Stemmer
from bm25s.stopwords import STOPWORDS_GERMAN

from assistant.evaluation.golden import Item
from tests.bench.task import Question, Task

_TAGS = {
    "typos": "tippfehler",
    "abbreviations": "abkürzung",
    "synonyms": "synonym",
    "small letters": "kleinschreibung",
    "telegram style": "telegramm",
}


def classes(task: Task, items: Mapping[str, Item]) -> dict[str, list[Question]]:
    """Return the questions of each class; an item may be in several."""
    written = [question for question in task.questions if not question.variant]
    rows = {"all": written}
    for name, tag in _TAGS.items():
        rows[f"{name} (tagged)"] = [q for q in written if tag in items[q.item].tags]
    rows["no word in common with the evidence"] = [
        q for q in written if not q.history and not shares_a_word(q.text, items[q.item])
    ]
    rows["follow-ups"] = [question for question in written if question.history]
    for question in task.questions:
        if question.variant:
            rows.setdefault(f"{question.variant} (by rule)", []).append(question)
    return {name: found for name, found in rows.items() if found}


def shares_a_word(text: str, item: Item) -> bool:
    """Tell whether a question has a Snowball stem in common with any quote that answers it."""
    asked = _stems(text)
    return any(asked & _stems(evidence.quote) for evidence in item.evidence)


def _stems(text: str) -> set[str]:
    words = set(re.findall(r"\w+", text.lower())) - set(STOPWORDS_GERMAN)
    return set(Stemmer.Stemmer("german").stemWords(sorted(words)))
