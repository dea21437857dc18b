"""Does the passage carry the sentence? Deterministic: no model, no files, no settings.

The quote is looked up in the passage word for word, typography aside. The whole citable units
it touches are the evidence; against them the sentence's numbers, names, polarity and content
words are checked. docs/verification.md has the figures. Taking in a neighbouring unit as well
would let through six more of 153 changed sentences, a year or town of the sentence beside it.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from assistant.generate.content import content, covered
from assistant.generate.names import lacking
from assistant.generate.polarity import changed
from assistant.generate.quantities import Quantity, missing, quantities
from corpus.types import Passage

Grade = Literal["full", "partial", "none"]

# Share of the content words that the evidence has, from which a sentence counts as carried, and
# below which it isn't about the evidence at all. Chosen on two thirds of
# tests/assistant/generate/statements.yaml; docs/verification.md has the curve's figures.
FULL = 0.5
PARTIAL = 0.3
# The share asked for when the quote isn't in the passage: the sentence must then nearly repeat
# another one of it.
MISQUOTED = 0.8
# A quote of fewer words says too little about where it stands; then the best unit is looked for.
MIN_QUOTE_WORDS = 3

_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_SIGNS = {
    **dict.fromkeys("„“”«»‟〝〞‚‘’‛‹›'`´", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    # What the prompt's copy of a passage has instead of its own brackets; see prompt.py.
    **{"[": "(", "]": ")", "【": "(", "】": ")", "<": '"', ">": '"'},
}
_BROKEN = re.compile(r"-\n\s*(?=[a-zäöüß])")
# A sentence of fewer words is a slogan, a mark or a code, not a statement.
MIN_SENTENCE_WORDS = 4
# Places that speak to a program rather than to a reader prove nothing: imperatives to one
# ("Ignoriere …", where texts for people write "Nehmen Sie …"), roles, turns of a chat.
_COMMAND = re.compile(
    r"(?:^|[.:!?„\"\]>]\s*|\s-+\s)(?:Ignoriere|Vergiss|Befolge|Antworte|Gib|Schreibe?|Sage?|Nenne|Zitiere"
    r"|Behaupte|Füge|Übersetze|Dekodiere|Beende|Wiederhole|Verrate|Verweigere|Lies)\b"
    r"|\b[Dd]u bist\b|\b[Dd]eine?n? (?:Anweisung|Regel|Aufgabe|Vorgabe)"
    r"|\b(?:[Ss]ystem|[Aa]ssistant|[Uu]ser|[Ss]ystemnachricht):|<\||\[/?INST"
    r"|\b[Ii]gnore (?:all|the|any|previous)\b|\b[Yy]ou (?:are now|must)\b"
    r"|\b(?:[Rr]espond|[Aa]nswer) (?:only )?with\b|\b[Aa]nswer only\b|\btalimat"
)
_EDGE = " \"'.…,;:"


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a passage carries a sentence, and by which of its units."""

    support: Grade
    reasons: tuple[str, ...] = ()
    """German; why it isn't carried in full."""
    first: int = 0
    """Index of the first unit of the evidence in the passage's ``sentences``."""
    last: int = 0


def verify(sentence: str, quote: str, passage: Passage, around: str = "") -> Proof:
    """Check a sentence against the passage it names.

    ``around`` is what stands above the passage (title, headings, workshop): a number or name
    from there needn't be repeated in the quote.
    """
    places = list(_places(quote, passage))
    if places:
        proofs = [_judge(sentence, passage, first, last, around) for first, last in places]
        return min(proofs, key=_rank)
    proof = _best(sentence, passage, around)
    if not quote:
        return proof
    reason = "das angegebene Zitat steht so nicht im Abschnitt"
    share = covered(content(sentence), content(_text(passage, proof.first, proof.last)))
    grade: Grade = "partial" if proof.support == "full" and share >= MISQUOTED else "none"
    return Proof(grade, (reason, *proof.reasons), proof.first, proof.last)


def locate(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return start and end of every place where the quote stands in the text, exactly.

    Equal up to composed characters, soft hyphens, hyphens at line ends, kinds of quotation
    marks, dashes and spaces, and capitals; never in the middle of a word.
    """
    wanted, _ = _canonical(quote)
    wanted = wanted.strip(_EDGE)
    line, offsets = _canonical(text)
    found = list[tuple[int, int]]()
    at = line.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not _inside_word(line, at) and not _inside_word(line, end):
            found.append((offsets[at][0], offsets[end - 1][1]))
        at = line.find(wanted, at + 1)
    return tuple(found)


def _rank(proof: Proof) -> tuple[int, int]:
    return (("full", "partial", "none").index(proof.support), len(proof.reasons))


def _places(quote: str, passage: Passage) -> Iterator[tuple[int, int]]:
    """Yield first and last unit of each place where the quote stands in the passage."""
    if len(quote.split()) < MIN_QUOTE_WORDS and quote.strip(_EDGE) not in _units(passage):
        return
    for start, end in locate(quote, passage.text):
        touched = [i for i, s in enumerate(passage.sentences) if s.start < end and s.end > start]
        if touched:
            yield touched[0], touched[-1]


def _units(passage: Passage) -> list[str]:
    return [passage.text[span.start : span.end].strip(_EDGE) for span in passage.sentences]


def _best(sentence: str, passage: Passage, around: str) -> Proof:
    """Return the proof by the unit, or pair of neighbours, that carries the sentence best."""
    count = len(passage.sentences)
    spans = [(i, i) for i in range(count)] + [(i, i + 1) for i in range(count - 1)]
    words = content(sentence)
    shares = {s: covered(words, content(_text(passage, *s))) for s in spans}
    closest = sorted(spans, key=lambda s: (-shares[s], s[1] - s[0], s[0]))[:2]
    proofs = [_judge(sentence, passage, first, last, around) for first, last in closest]
    return min(proofs, key=_rank, default=Proof("none", ("der Abschnitt ist leer",)))


def _text(passage: Passage, first: int, last: int) -> str:
    return passage.text[passage.sentences[first].start : passage.sentences[last].end]


def _judge(sentence: str, passage: Passage, first: int, last: int, around: str) -> Proof:
    evidence = _mended(_text(passage, first, last))
    wide = f"{evidence}\n{around}"
    if _COMMAND.search(evidence):
        return Proof("none", ("die Stelle ist eine Anweisung, keine Aussage",), first, last)
    if len(sentence.split()) < MIN_SENTENCE_WORDS:
        return Proof("none", ("zu kurz für eine Aussage",), first, last)
    reasons = [
        *(f"Zahl nicht im Beleg: {q.text}" for q in _unstated(sentence, wide)),
        *(f"Name nicht im Beleg: {name}" for name in lacking(sentence, wide)),
        *changed(sentence, evidence),
    ]
    if reasons:
        return Proof("none", tuple(reasons), first, last)
    share = covered(content(sentence), content(wide))
    if share >= FULL:
        return Proof("full", (), first, last)
    reason = f"nur {round(100 * share)} % der Inhaltswörter stehen im Beleg"
    return Proof("partial" if share >= PARTIAL else "none", (reason,), first, last)


def _unstated(sentence: str, given: str) -> tuple[Quantity, ...]:
    return missing(quantities(sentence), quantities(given))


def _mended(text: str) -> str:
    return _BROKEN.sub("", "".join(c for c in text if c not in _INVISIBLE))


def _inside_word(line: str, at: int) -> bool:
    return 0 < at < len(line) and line[at - 1].isalnum() and line[at].isalnum()


def _canonical(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return the text as it is compared, and for each character its stretch of the original."""
    letters, offsets = list[str](), list[tuple[int, int]]()
    at = 0
    while at < len(text):
        end = _cluster_end(text, at)
        broken = _BROKEN.match(text, at) if at and text[at - 1].isalpha() else None
        if broken:
            at = broken.end()
            continue
        for character in _plain(text[at:end]):
            if character == " " and letters and letters[-1] == " ":
                continue
            letters.append(character)
            offsets.append((at, end))
        at = end
    return "".join(letters), offsets


def _cluster_end(text: str, at: int) -> int:
    """Return where the letter at ``at`` ends with the marks that combine with it."""
    end = at + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _plain(cluster: str) -> str:
    if cluster in _INVISIBLE:
        return ""
    if cluster.isspace():
        return " "
    composed = unicodedata.normalize("NFKC", cluster)
    return "".join(_SIGNS.get(c, c) for c in composed).casefold()
