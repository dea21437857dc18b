"""The labelled sentences of ``statements.yaml``, each with the passage it is checked against."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from assistant.generate.verify import Proof, verify
from corpus.types import Passage
from tests.factories import make_passage

HERE = Path(__file__).parent
SOURCES = Path(__file__).parents[3] / "corpus" / "sources"
TRUE = "paraphrase"
KINDS = ("number", "date", "amount", "law", "negation", "modality", "name")
NUMBERS = ("number", "date", "amount", "law")
CHECK_EVERY = 3


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence somebody could have written, and whether its source says so."""

    text: str
    kind: str
    """"paraphrase", or what was changed."""
    quote: str
    passage: Passage
    is_check: bool
    """Set aside: not looked at when the gate is changed."""

    @property
    def proof(self) -> Proof:
        """What the gate says."""
        return verify(self.text, self.quote, self.passage, self.passage.section[0])


@cache
def statements() -> tuple[Statement, ...]:
    """Return all labelled sentences in the order of the file."""
    groups = yaml.safe_load((HERE / "statements.yaml").read_text(encoding="utf-8"))
    return tuple(
        Statement(text, kind, group["quote"], _passage(group), number % CHECK_EVERY == 0)
        for number, group in enumerate(groups, start=1)
        for kind in (TRUE, *KINDS)
        for text in group.get(kind, ())
    )


def caught(statement: Statement) -> bool:
    """Tell whether the gate keeps a sentence from being shown as proven."""
    return statement.proof.support != "full"


def table(chosen: tuple[Statement, ...]) -> dict[str, tuple[int, int]]:
    """Return by kind how many of how many sentences the gate keeps back."""
    total = Counter(s.kind for s in chosen)
    kept_back = Counter(s.kind for s in chosen if caught(s))
    return {kind: (kept_back[kind], total[kind]) for kind in (TRUE, *KINDS) if total[kind]}


def _passage(group: dict) -> Passage:
    """Return the paragraph of the source in which the quote stands, without its notes."""
    written = (SOURCES / f"{group['source']}.md").read_text(encoding="utf-8")
    text = re.sub(r"\[\^[\w-]+\]", "", written)
    title = re.search(r"^titel: (.+)$", text, re.MULTILINE)[1]
    found = [p for p in text.split("\n") if group["quote"] in p]
    if not found:
        raise ValueError(f"{group['source']}: {group['quote']}")
    return make_passage(re.sub(r"^[-\d]+[.]? ", "", found[0]), group["source"], section=(title,))
