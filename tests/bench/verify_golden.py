"""The gate on sentences it wasn't made with: what the golden set's authors say of its evidence.

``python -m tests.bench.verify_golden``. Each nugget of the dev split that is a sentence and rests
on one quote is checked against that quote, against another item's, and with a digit changed.
"""

import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from assistant.generate.verify import MIN_SENTENCE_WORDS, verify
from corpus.types import Passage
from tests.assistant.generate.statements import SOURCES
from tests.factories import make_passage

GOLDEN = Path(__file__).parents[1] / "golden"

Case = tuple[str, str, Passage, str]


def cases() -> Iterator[Case]:
    """Yield sentence, quote, passage and what stands above it."""
    for path in sorted(GOLDEN.glob("*.yaml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]:
            if item["split"] == "dev":
                yield from _of(item)


def _of(item: dict) -> Iterator[Case]:
    evidence = {entry["id"]: entry for entry in item.get("evidence") or []}
    for nugget in item.get("nuggets") or []:
        rests_on = nugget.get("evidence") or []
        if len(rests_on) != 1 or len(nugget["text"].split()) < MIN_SENTENCE_WORDS:
            continue
        entry = evidence[rests_on[0]]
        source = SOURCES / f"{entry['doc']}.md"
        if not source.is_file():
            continue
        text = re.sub(r"\[\^[\w-]+\]", "", source.read_text(encoding="utf-8"))
        around = " › ".join(map(str, entry["section"])) + f" › Werkstatt {entry['workshop']}"
        for paragraph in text.split("\n"):
            if entry["quote"] in paragraph:
                yield nugget["text"], entry["quote"], make_passage(paragraph), around
                break


def main() -> None:
    """Print how many sentences get which grade."""
    found, chance = list(cases()), random.Random(1)  # noqa: S311
    own = Counter(verify(*case).support for case in found)
    away = [found[(n + 37) % len(found)] for n in range(len(found))]
    elsewhere = Counter(verify(c[0], *o[1:]).support for c, o in zip(found, away, strict=True))
    changed: Counter[str] = Counter()
    for sentence, *rest in found:
        digits = [m.start() for m in re.finditer(r"\d", sentence)]
        if digits:
            at = chance.choice(digits)
            other = str((int(sentence[at]) + chance.randint(1, 9)) % 10)
            changed[verify(sentence[:at] + other + sentence[at + 1 :], *rest).support] += 1
    for name, counts in (("as written", own), ("other place", elsewhere), ("digit", changed)):
        print(f"{name}: {dict(counts)} of {sum(counts.values())}")


if __name__ == "__main__":
    main()
