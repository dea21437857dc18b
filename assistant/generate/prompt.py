"""Question + passages -> messages for a chat model. Pure, but for the codes' randomness.

Passages are data. Each stands between fences that hold a code nobody can guess and no passage
has, and the copy in the prompt loses the signs that fences, chat templates and citation marks
are made of; the passages themselves stay as they are.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from corpus.types import Document, Passage

# No letters or digits that are taken for one another: 0 O, 1 I L, 5 S, 8 B.
ALPHABET = "ACDEFGHJKMNPQRTUVWXYZ234679"
CODE_LETTERS = 6

_SIGNS = str.maketrans({"[": "(", "]": ")", "【": "(", "】": ")", "<": "‹", ">": "›"})


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """A passage under the code that stands for it in this turn."""

    code: str
    passage: Passage
    around: str
    """Document, workshop and headings, for reading and for checking."""


def sources(
    question: str,
    passages: Sequence[Passage],
    documents: dict[str, Document],
    choose: Callable[[str], str] = secrets.choice,
) -> tuple[Source, ...]:
    """Give each passage a fresh code that occurs neither in the question nor in any passage."""
    above = [_around(passage, documents[passage.document]) for passage in passages]
    taken = "\n".join((question, *above, *(passage.text for passage in passages))).upper()
    codes = list[str]()
    while len(codes) < len(passages):
        code = "".join(choose(ALPHABET) for _ in range(CODE_LETTERS))
        if code not in taken and code not in codes:
            codes.append(code)
    return tuple(map(Source, codes, passages, above))


def messages(question: str, given: Sequence[Source], *, plain: bool = False) -> tuple[Message, ...]:
    """Return the messages that ask for an answer out of the given passages.

    ``plain`` asks for plain language; what is written is checked all the same.
    """
    blocks = "\n\n".join(_block(source) for source in given)
    asked = _file("question.txt").format(passages=blocks, question=neutral(question))
    rules = "\n\n".join(_file(name) for name in ("system.txt", *(["plain.txt"] if plain else [])))
    return (Message("system", rules), Message("user", asked))


def repair(asked: Sequence[Message], reply: str) -> tuple[Message, ...]:
    """Return the messages that ask once more, for the form that was missed."""
    return (*asked, Message("assistant", reply), Message("user", _file("repair.txt")))


def neutral(text: str) -> str:
    """Return text without the signs that could close a fence or pass for a mark."""
    return "".join(c for c in text.translate(_SIGNS) if c.isprintable() or c in "\n\t")


def _around(passage: Passage, document: Document) -> str:
    workshop = f"Werkstatt {passage.workshop}" if passage.workshop is not None else ""
    parts = (document.title, workshop, passage.workshop_title, *passage.section)
    return " › ".join(dict.fromkeys(part for part in parts if part))


def _block(source: Source) -> str:
    inside = neutral(f"{source.around}\n{source.passage.text}")
    return f"<{source.code}>\n{inside}\n</{source.code}>"


def _file(name: str) -> str:
    return files(__package__).joinpath("prompts", name).read_text(encoding="utf-8").strip()
