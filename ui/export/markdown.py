"""A memo as Markdown, for wikis and tickets: text that stays text in any of them."""

import re
from collections.abc import Sequence

from ui.export.memo import Block, Memo, Source

# All that any dialect reads as markup within a line, formulas and mentions among them.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&^@])")
# What at the beginning of a line makes a list or underlines a heading.
_LIST_SIGN = re.compile(r"^(\s*)([-+=])")
_LIST_NUMBER = re.compile(r"^(\s*\d+)([.)])")


def markdown(memo: Memo, heading: str = "Vermerk") -> str:
    """Return the memo as Markdown; nothing of its text is markup."""
    parts = [
        f"# {heading}",
        "## Frage",
        _text(memo.question),
        "## Antwort",
        *(_block(block) for block in memo.body),
        *(["## Wörtliche Zitate", *map(_quote, memo.sources)] if memo.sources else []),
        "## Angaben zur Abfrage",
        "\n".join(f"- {name}: {escaped(value)}" for name, value in memo.facts),
        *(["## Hinweise", "\n".join(f"- {_line(n)}" for n in memo.notes)] if memo.notes else []),
    ]
    return "\n\n".join(parts) + "\n"


def conversation(memos: Sequence[Memo]) -> str:
    """Return the memos of a conversation, oldest first, one after the other."""
    return "\n".join(
        markdown(memo, f"Frage {number} von {len(memos)}") for number, memo in enumerate(memos, 1)
    )


def escaped(text: str) -> str:
    """Return text as one line that Markdown shows as it is, within a line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _line(text: str) -> str:
    """Return text as a line of its own."""
    return _LIST_NUMBER.sub(r"\1\\\2", _LIST_SIGN.sub(r"\1\\\2", escaped(text)))


def _text(text: str) -> str:
    """Keep line breaks as breaks, and blank lines as paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "\n\n".join("\\\n".join(map(_line, p.split("\n"))) for p in paragraphs)


def _block(block: Block) -> str:
    numbers = "".join(f"\\[{number}\\]" for number in block.numbers)
    rows = [[_line(cell) for cell in row] for row in block.rows]
    if block.kind == "table":
        head, *body = rows
        lines = [head, ["---"] * len(head), *body]
        table = "\n".join(f"| {' | '.join(row)} |" for row in lines)
        return f"{table}\n\n{numbers}" if numbers else table
    if numbers:
        rows[-1][0] = f"{rows[-1][0]} {numbers}"
    if block.kind == "numbered":
        # With a line break each, they stay what they are: a number may be a letter.
        return "\\\n".join(row[0] for row in rows)
    begin = {"heading": "### ", "items": "- "}.get(block.kind, "")
    return "\n".join(f"{begin}{row[0]}" for row in rows)


def _quote(source: Source) -> str:
    lines = [
        f"### \\[{source.number}\\] {escaped(source.title)}",
        "\n".join(f"> {line}" for line in f"„{_quoted(source.quote)}“".split("\n")),
        "\n".join(f"- {name}: {escaped(value)}" for name, value in source.facts),
    ]
    return "\n\n".join(lines)


def _quoted(quote: str) -> str:
    """Show a table's rows as lines."""
    lines = (line.replace("\t", " · ") for line in quote.strip().split("\n"))
    return "\\\n".join(_line(line) for line in lines if line.strip())
