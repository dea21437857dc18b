"""How well the gate of the generative mode tells true sentences from changed ones.

``python -m tests.bench.verify`` prints docs/verification.md; ``--write`` renews it.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.assistant.generate.statements import (
    KINDS,
    TRUE,
    Statement,
    statements,
    table,
)

DOC = Path(__file__).parents[2] / "docs" / "verification.md"
_NAMES = {
    TRUE: "true paraphrase",
    "number": "number changed",
    "date": "date changed",
    "amount": "amount or share changed",
    "law": "§ or article changed",
    "negation": "negation or limit dropped or added",
    "modality": "obligation changed (kann, muss, soll)",
    "name": "name swapped",
}
_GRADES = ("full", "partial", "none")


def report() -> str:
    """Return the figures as a Markdown page."""
    made = tuple(s for s in statements() if not s.is_check)
    aside = tuple(s for s in statements() if s.is_check)
    return "\n".join(
        (
            "# Verification of written sentences",
            "",
            "Printed by `python -m tests.bench.verify`; a test keeps it current.",
            "",
            f"{len(statements())} sentences over real sentences of the starter collection, "
            "labelled by hand",
            "(`tests/assistant/generate/statements.yaml`). Every third source sentence was set "
            "aside when",
            "they were written and not looked at while the gate was made. One author wrote all "
            "of them, so",
            "the figures say what the gate does with such changes, not with every model's prose.",
            "A sentence counts as kept back when it isn't graded `full`.",
            "",
            "## Kept back",
            "",
            "| sentence | while making | set aside |",
            "| --- | --- | --- |",
            *_kept_rows(made, aside),
            "",
            "## Confusion",
            "",
            "| sentence | full | partial | none |",
            "| --- | --- | --- | --- |",
            *_grade_rows(),
            "",
            "## Passed by mistake, held back by mistake",
            "",
            *_mistakes(),
            "",
        )
    )


def _kept_rows(made: tuple[Statement, ...], aside: tuple[Statement, ...]) -> list[str]:
    first, second = table(made), table(aside)
    return [
        f"| {_NAMES[kind]} | {_of(first.get(kind))} | {_of(second.get(kind))} |"
        for kind in (*KINDS, TRUE)
    ]


def _of(pair: tuple[int, int] | None) -> str:
    return "–" if pair is None else f"{pair[0]} of {pair[1]}"


def _grade_rows() -> list[str]:
    rows = []
    for kind in (*KINDS, TRUE):
        grades = [s.proof.support for s in statements() if s.kind == kind]
        rows.append(
            f"| {_NAMES[kind]} | " + " | ".join(str(grades.count(g)) for g in _GRADES) + " |"
        )
    return rows


def _mistakes() -> Sequence[str]:
    wrong = [s for s in statements() if (s.proof.support == "full") != (s.kind == TRUE)]
    return [f"- {_NAMES[s.kind]}: {s.text}" for s in wrong] or ["None."]


if __name__ == "__main__":
    if "--write" in sys.argv:
        DOC.write_text(report(), encoding="utf-8")
    print(report())
