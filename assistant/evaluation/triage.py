"""What feedback is good for: golden items drafted from it, and gaps in what the collection says.

Pure, but that ``candidates`` asks the assistant.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process

from assistant.answer.cite import cite
from assistant.answer.select import Run
from assistant.evaluation import lint
from assistant.evaluation.feedback import Entry, Reason
from assistant.evaluation.golden import Evidence, Item, Provenance, split_of
from assistant.evaluation.matching import words
from assistant.pipeline import Assistant
from assistant.types import Answer, Citation, Segment
from corpus.stopwords import STOP_WORDS
from corpus.types import Passage

SAME = 75
"""Least likeness, 0 to 100, of questions that count as one, once words without a topic are gone
and the numbers agree. On the dev split of the golden set it holds for 31 of 296 pairs of
paraphrases (the others are said in other words) and for 9 of 84,782 pairs of foreign questions;
from 85 on, for 7 and 1."""
CANDIDATES = 4
"""For half of the dev split, 75 questions, true evidence is among so many for 58."""
SEARCHED = 5
"""Passages from which candidates are taken, beside those of the answer."""
STEM = 6
"""Letters that tell a word of a question in a sentence, whatever its ending."""
NEAREST = 3
SOURCE = "feedback"


@dataclass(frozen=True, slots=True)
class Draft:
    """A golden item to be reviewed, and what to look at, in German."""

    item: Item
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that were asked alike and not answered well."""

    question: str
    """As it was asked last."""
    count: int
    first: date
    last: date
    reasons: tuple[Reason, ...]
    """The most frequent first."""
    refused: int
    """How many of them were refused."""
    nearest: tuple[str, ...]
    """Places of the collection that came nearest."""


# -- drafts ---------------------------------------------------------------------------------


def draft(entry: Entry, evidence: Sequence[Evidence], today: date) -> Draft:
    """Make a golden item of an entry that was kept, with evidence to choose from.

    It says what a wrongly refused question would: that there is an answer. The reviewer decides.
    Raises ValueError when the entry has no question.
    """
    if entry.kept is None:
        raise ValueError("an entry without a question can't become a golden item")
    id = f"rueckmeldung-{entry.id}"
    item = Item(
        id=id,
        status="draft",
        split=split_of(id),
        tags=("rueckmeldung",),
        type="fact",
        question=entry.kept.question,
        paraphrases=(),
        answerable="full",
        none_reason=None,
        none_hint=None,
        evidence=tuple(evidence),
        nuggets=(),
        reference_answer=None,
        provenance=Provenance(source=SOURCE, created=today.isoformat(), feedback_id=entry.id),
    )
    return Draft(item, tuple(finding.message for finding in lint.privacy([item])))


def candidates(assistant: Assistant, question: str) -> tuple[Evidence, ...]:
    """Return the best evidence for a question: what an answer without gate cites, then more.

    Raises SozialraumError.
    """
    opened = assistant.with_threshold(0.0).ask(question)
    runs = [_best_run(question, hit.passage) for hit in assistant.search(question, SEARCHED)]
    segments, citations = cite([run for run in runs if run], assistant.generation.documents)
    cited = {citation.passage for citation in opened.citations}
    found = [
        *((citation, opened.segments) for citation in opened.citations),
        *((citation, segments) for citation in citations if citation.passage not in cited),
    ]
    return tuple(
        _evidence(number, question, citation, [s for s in said if citation.key in s.citations])
        for number, (citation, said) in enumerate(found[:CANDIDATES], start=1)
    )


def _evidence(number: int, question: str, citation: Citation, said: Sequence[Segment]) -> Evidence:
    return Evidence(
        id=f"e{number}",
        group="A",
        doc=citation.document,
        workshop=citation.workshop,
        section=citation.section,
        pages=(citation.page_label,) if citation.page_label else (),
        quote=_quote(question, [segment.text for segment in said] or [citation.quote]),
        grade=2,
        doc_sha256=citation.version,
    )


def _quote(question: str, texts: Sequence[str]) -> str:
    """Return the text that covers most of the question, with as many words as a quote may have.

    Shorter only where all of it is; cells and lines are parted by a space.
    """
    few, many = lint.QUOTE_WORDS
    parted = [text.split() for text in texts]
    whole = [word for part in parted for word in part]
    fitting = [part for part in parted if few <= len(part) <= many] or [whole[:many]]
    return " ".join(max(fitting, key=lambda part: _cover(question, " ".join(part))))


def _best_run(question: str, passage: Passage) -> Run | None:
    """Return the sentence of a passage that covers most of the question; None where none does."""
    covers = [_cover(question, passage.text[s.start : s.end]) for s in passage.sentences]
    best = max(covers, default=0.0)
    if best == 0:
        return None
    place = covers.index(best)
    return Run(passage, place, place, best)


def _cover(question: str, text: str) -> float:
    """Return which share of the question's topical words a text has, by their beginnings."""
    asked = {word[:STEM] for word in words(question) if word not in STOP_WORDS}
    there = {word[:STEM] for word in words(text)}
    return len(asked & there) / len(asked) if asked else 0.0


# -- gaps -----------------------------------------------------------------------------------


def gaps(entries: Iterable[Entry]) -> tuple[Gap, ...]:
    """Group refused and badly rated questions that are nearly the same, the most frequent first.

    Entries newest first; those without a question can't be told apart and are left out.
    """
    groups: dict[tuple[str, ...], dict[str, list[Entry]]] = defaultdict(dict)
    for entry in entries:
        if entry.kept and (entry.rating == "down" or entry.status == "refused"):
            asked, numbers = _key(entry.kept.question)
            alike = groups[numbers]
            near = process.extractOne(
                asked, alike.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=SAME
            )
            alike.setdefault(near[0] if near else asked, []).append(entry)
    found = [_gap(group) for alike in groups.values() for group in alike.values()]
    return tuple(sorted(found, key=lambda gap: (-gap.count, -gap.last.toordinal(), gap.question)))


def _key(question: str) -> tuple[str, tuple[str, ...]]:
    """Return a question's topical words, and its numbers."""
    said = words(question)
    topical = [word for word in said if word not in STOP_WORDS] or said
    return " ".join(topical), tuple(sorted(word for word in said if word[0].isdigit()))


def _gap(group: Sequence[Entry]) -> Gap:
    days = [entry.day for entry in group]
    reasons = Counter(entry.reason for entry in group if entry.reason)
    kept = [entry.kept for entry in group if entry.kept]
    places = Counter(place for each in kept for place in _places(each.answer))
    return Gap(
        question=kept[0].question,
        count=len(group),
        first=min(days),
        last=max(days),
        reasons=tuple(reason for reason, _ in reasons.most_common()),
        refused=sum(entry.status == "refused" for entry in group),
        nearest=tuple(place for place, _ in places.most_common(NEAREST)),
    )


def _places(answer: Answer) -> Iterator[str]:
    """Yield what an answer cites, or what a refusal names as near."""
    for citation in answer.citations:
        page = f", S. {citation.page_label}" if citation.page_label else ""
        yield " › ".join((citation.title, *citation.section[-1:])) + page
    if not answer.citations:
        yield from (place for place in answer.suggestions if not place.rstrip().endswith("?"))
